import { expect, test } from 'vitest';
import { selectRules } from './robots.ts';

test('only the rules for us and for everybody are kept', () => {
  const text = `\ufeffUser-agent: GPTBot # them
Disallow: /

Sitemap: https://a.example/map.xml
User-Agent: Offshelf/2.0
User-agent: Other
Disallow: /private # ours
Allow: /private/open

User-agent: *
Crawl-delay: 5
Disallow:
`;
  expect(selectRules(text)).toBe(
    'User-agent: offshelf\ndisallow: /private\nallow: /private/open\nUser-agent: *\ndisallow: ',
  );
});

test.each([
  ['names', 'User-agent: a\n'.repeat(20_000) + 'Disallow: /x\n'.repeat(20_000)],
  ['our name', 'User-agent: *\n'.repeat(20_000) + 'Disallow: /x\n'.repeat(20_000)],
  ['colons', ':'.repeat(500_000)],
  ['spaces', `${' '.repeat(500_000)}x`],
  ['lines', '\n'.repeat(500_000)],
])('a file of %s without end is read in bounded time', (_name, text) => {
  const started = performance.now();
  expect(selectRules(text).length).toBeLessThan(20_000);
  expect(performance.now() - started).toBeLessThan(4000);
});
