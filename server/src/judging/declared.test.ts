import crawlers from 'crawler-user-agents';
import UserAgent from 'user-agents';
import { expect, test } from 'vitest';
import { declaredKindOf } from './declared.ts';

test('every agent of the list of crawlers is known as one', () => {
  const agents = crawlers.flatMap(({ instances }) => instances);
  expect(agents.length).toBeGreaterThanOrEqual(2_118);
  expect(agents.filter((agent) => declaredKindOf(agent) === undefined)).toEqual([]);
});

test('no browser of a sample of 10,000 is taken for a program', () => {
  const sample = new UserAgent();
  const agents = Array.from({ length: 10_000 }, () => sample.random().toString());
  expect(new Set(agents).size).toBeGreaterThan(500);
  expect(agents.filter((agent) => declaredKindOf(agent) !== undefined)).toEqual([]);
});

test.each([
  [
    'Facebook',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 [FBAN/FBIOS;FBAV/489.0.0.45.109;FBBV/668166098;FBDV/iPhone15,2;FBMD/iPhone;FBSN/iOS;FBSV/18.1;FBSS/3;FBCR/;FBID/phone;FBLC/en_GB;FBOP/80]',
  ],
  [
    'Facebook on Android',
    'Mozilla/5.0 (Linux; Android 15; SM-S921B Build/AP3A.240905.015; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36 MetaIAB Facebook',
  ],
  [
    'LinkedIn',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 [LinkedInApp]/9.30.1418',
  ],
  [
    'Teams',
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Teams/24295.605.3225.8804 Chrome/130.0.6723.92 Electron/33.0.2 Safari/537.36',
  ],
  [
    'Instagram',
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/22B83 Instagram 356.0.0.28.99 (iPhone15,2; iOS 18_1; en_GB; en; scale=3.00; 1179x2556; 661122312)',
  ],
  [
    'an Oppo telephone',
    'Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/131.0.6778.39 Mobile Safari/537.36',
  ],
])('who reads within the app of %s reads', (_app, userAgent) => {
  expect(declaredKindOf(userAgent)).toBeUndefined();
});

test.each([
  ['preview', 'Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5'],
  [
    'preview',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
  ],
  [
    'agent',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko); compatible; ChatGPT-User/1.0; +https://openai.com/bot',
  ],
  ['scanner', 'Barracuda Sentinel (EE)'],
  ['bot', 'Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)'],
  ['bot', '  '],
] as const)('what declares itself is told apart: %s', (kind, userAgent) => {
  expect(declaredKindOf(userAgent)).toBe(kind);
});
