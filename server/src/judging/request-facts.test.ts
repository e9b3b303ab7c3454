import { expect, test } from 'vitest';
import { requestFactsOf } from './request-facts.ts';

const chrome = {
  'user-agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'accept-language': 'en-GB,en;q=0.9',
  'accept-encoding': 'gzip, deflate, br, zstd',
  'sec-ch-ua': '"Chromium";v="142", "Google Chrome";v="142", "Not_A Brand";v="99"',
  'sec-ch-ua-platform': '"Windows"',
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
};
const factsOf = (headers: Record<string, string | undefined>, isSecure = true) =>
  requestFactsOf({ method: 'GET', headers: { ...chrome, ...headers } }, isSecure);

test('a browser that opens a page says what fits together', () => {
  expect(factsOf({})).toEqual({
    purpose: 'view',
    method: 'GET',
    fetchMetadata: 'navigation',
    clientHints: 'agree',
    hasLanguage: true,
    takesCompressed: true,
  });
});

test('the script of the page is told from the page', () => {
  const script = {
    'sec-fetch-site': 'same-origin',
    'sec-fetch-mode': 'cors',
    'sec-fetch-dest': 'empty',
    'sec-fetch-user': undefined,
  };
  expect(factsOf(script).fetchMetadata).toBe('script');
});

test.each([
  ['prefetch', { 'sec-purpose': 'prefetch' }],
  ['prerender', { 'sec-purpose': 'prefetch;prerender' }],
  ['prefetch', { 'x-moz': 'prefetch' }],
  ['preview', { 'x-purpose': 'preview' }],
])('what is loaded ahead says so: %s', (purpose, headers) => {
  expect(factsOf(headers).purpose).toBe(purpose);
});

test.each([
  ['another version', { 'sec-ch-ua': '"Chromium";v="118"' }],
  ['another system', { 'sec-ch-ua-platform': '"Linux"' }],
  ['a headless browser', { 'sec-ch-ua': '"HeadlessChrome";v="142", "Chromium";v="142"' }],
  [
    'hints of a browser that gives none',
    { 'user-agent': 'Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0' },
  ],
])('client hints that name %s disagree', (_name, headers) => {
  expect(factsOf(headers).clientHints).toBe('disagree');
});

test('what is not sent is missing only where a browser would send it', () => {
  const bare = {
    'sec-ch-ua': undefined,
    'sec-fetch-site': undefined,
    'sec-fetch-mode': undefined,
    'sec-fetch-dest': undefined,
    'sec-fetch-user': undefined,
  };
  expect(factsOf(bare)).toMatchObject({ fetchMetadata: 'missing', clientHints: 'missing' });
  expect(factsOf(bare, false)).toMatchObject({ fetchMetadata: 'absent', clientHints: 'absent' });
  const old =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 15_8 like Mac OS X) Version/15.6 Mobile/15E148 Safari/604.1';
  expect(factsOf({ ...bare, 'user-agent': old })).toMatchObject({
    fetchMetadata: 'absent',
    clientHints: 'absent',
  });
});

test('a page that is opened by a script of another page contradicts itself', () => {
  expect(factsOf({ 'sec-fetch-mode': 'cors' }).fetchMetadata).toBe('contradictory');
  expect(factsOf({ 'sec-fetch-mode': undefined }).fetchMetadata).toBe('contradictory');
});
