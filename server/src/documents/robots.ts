import robotsParser from 'robots-parser';
import { askWeb, type WebRequest } from './web-request.ts';

/** The library exports a function, and its types say a module that holds one. */
const parseRobots = robotsParser as unknown as (
  url: string,
  text: string,
) => { isDisallowed(url: string, product: string): boolean | undefined };

/** Longer ones are lists of addresses that nobody wrote by hand. */
const longestFile = 64_000;
const mostRules = 1000;
const product = 'offshelf';

/** Answers whether a site lets us read an address; asks each site once. */
export function createRobots(asked: Pick<WebRequest, 'signal' | 'trusts'>) {
  const sites = new Map<string, Promise<string>>();

  async function readRules(origin: string): Promise<string> {
    const { status, body } = await askWeb(`${origin}/robots.txt`, {
      ...asked,
      accept: 'text/plain',
      wants: () => true,
      longestBody: longestFile,
    });
    // A site that has no such file minds nothing; one that fails to say is left alone.
    if (status >= 500) return 'User-agent: *\nDisallow: /';
    return status < 300 && body ? selectRules(body.toString('utf8')) : '';
  }

  return async function mayRead(url: URL): Promise<boolean> {
    let rules = sites.get(url.origin);
    if (!rules) {
      // A site that does not answer here answers for the page neither, which is then told.
      rules = readRules(url.origin).catch(() => '');
      sites.set(url.origin, rules);
    }
    const path = new URL(url.pathname.slice(0, 1000) + url.search.slice(0, 1000), url.origin);
    return parseRobots(`${url.origin}/robots.txt`, await rules).isDisallowed(path.href, product) !== true;
  };
}

/**
 * The rules for us and for everybody. The rest is left out, because the library makes every rule of a group for each
 * of its names, and a hostile file has thousands of both.
 */
export function selectRules(text: string): string {
  const selected: string[] = [];
  let names: string[] = [];
  let isAmongNames = false;
  for (const { key, value } of readLines(text)) {
    if (key === 'user-agent') {
      if (!isAmongNames) names = [];
      isAmongNames = true;
      const name = value.toLowerCase().split('/')[0] ?? '';
      if ((name === '*' || name === product) && !names.includes(name)) names.push(name);
      continue;
    }
    if (isAmongNames) selected.push(...names.map((name) => `User-agent: ${name}`));
    isAmongNames = false;
    if (names.length > 0) selected.push(`${key}: ${value.slice(0, 500)}`);
    if (selected.length >= mostRules) break;
  }
  return selected.join('\n');
}

function readLines(text: string): { key: string; value: string }[] {
  return text
    .replace(/^\ufeff/, '')
    .split(/\r\n?|\n/)
    .map((line) => /^\s*([a-z-]{1,40})\s*:([^#]*)/i.exec(line) ?? [])
    .map(([, key = '', value = '']) => ({ key: key.toLowerCase(), value: value.trim() }))
    .filter(({ key }) => key === 'user-agent' || key === 'allow' || key === 'disallow');
}
