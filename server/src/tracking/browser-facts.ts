import { type BrowserFacts, browserFacts } from '../judging/contract.ts';

/**
 * What two messages of one visit say together: what was so once was so, whichever came first and however often. Two tabs
 * and a reload therefore take nothing away.
 */
export function joinBrowserFacts(before: unknown, after: BrowserFacts): BrowserFacts {
  const known = browserFacts.safeParse(before).data ?? {};
  const joined: Record<string, unknown> = { ...known };
  for (const [name, value] of Object.entries(after)) {
    const earlier = joined[name];
    if (earlier === undefined || earlier === null) joined[name] = value;
    else if (typeof value === 'boolean') joined[name] = earlier || value;
    else if (name === 'msToFirstInput')
      joined[name] = value === null ? earlier : Math.min(Number(earlier), value);
    else joined[name] = Math.max(Number(earlier), Number(value));
  }
  return browserFacts.parse(joined);
}
