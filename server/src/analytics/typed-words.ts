import { readTokens, type Token } from '../words/tokens.ts';

/** As many as a report looks at, so that the next report has read them already. */
const mostKept = 20_000;
const kept = new Map<string, readonly Token[]>();

/** The words of what somebody typed. The log holds the same texts again and again. */
export function readTyped(text: string): readonly Token[] {
  const known = kept.get(text);
  if (known) return known;
  if (kept.size >= mostKept) kept.clear();
  const tokens = readTokens(text);
  kept.set(text, tokens);
  return tokens;
}
