import { expect, test } from 'vitest';
import { differs, judge, type VisitFacts } from './judge.ts';

const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

function facts(known: Partial<VisitFacts> = {}): VisitFacts {
  return {
    userAgent: safari,
    isInternal: false,
    hasPassedPasscode: false,
    hasTrustedInput: false,
    hasDownloaded: false,
    activeMs: 0,
    pagesSeen: 0,
    msSinceLinkMade: 3_600_000,
    hasTwin: false,
    ...known,
  };
}

test('without any sign we are unsure, at 0.4, and say so', () => {
  const judged = judge(facts());
  expect(judged).toMatchObject({ class: 'unsure', probability: 0.4, ruleVersion: 1 });
  expect(judged.reasons).toHaveLength(1);
});

test('somebody who touches and reads is likely a person', () => {
  const judged = judge(facts({ hasTrustedInput: true, activeMs: 8_000, pagesSeen: 1 }));
  expect(judged.class).toBe('human-likely');
  expect(judged.probability).toBeGreaterThanOrEqual(0.85);
  expect(judged.probability).toBeLessThanOrEqual(0.95);
  expect(judged.reasons).toHaveLength(2);
});

test.each([
  ['a touch', { hasTrustedInput: true }],
  ['time on the page', { activeMs: 600_000, pagesSeen: 1 }],
  ['a download', { hasDownloaded: true }],
  ['coming early', { msSinceLinkMade: 500 }],
  ['a twin', { hasTwin: true }],
  ['a hurried pace', { activeMs: 100, pagesSeen: 9 }],
])('%s alone decides nothing', (_name, known) => {
  expect(judge(facts(known)).class).toBe('unsure');
});

test('early, with a twin and in a hurry is a scanner', () => {
  expect(judge(facts({ msSinceLinkMade: 500, hasTwin: true, activeMs: 100, pagesSeen: 9 })).class).toBe(
    'scanner',
  );
});

test('a passcode confirms a person', () => {
  expect(judge(facts({ hasPassedPasscode: true })).class).toBe('human-confirmed');
});

test.each([
  ['preview', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
  ['preview', 'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)'],
  [
    'agent',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ChatGPT-User/1.0; +https://openai.com/bot)',
  ],
  ['bot', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'],
  ['bot', 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 HeadlessChrome/143.0.0.0 Safari/537.36'],
  ['bot', 'curl/8.9.1'],
  ['bot', ''],
])('what declares itself is a %s: %s', (expected, userAgent) => {
  expect(judge(facts({ userAgent, hasTrustedInput: true, activeMs: 60_000, pagesSeen: 1 })).class).toBe(
    expected,
  );
});

test('our own people are internal, whatever they do', () => {
  expect(judge(facts({ isInternal: true, hasPassedPasscode: true, hasTrustedInput: true })).class).toBe(
    'internal',
  );
});

test('a judgement is new when the class changes or the probability moves by a tenth', () => {
  const after = judge(facts());
  expect(differs({ class: 'unsure', probability: 0.35 }, after)).toBe(false);
  expect(differs({ class: 'unsure', probability: 0.3 }, after)).toBe(true);
  expect(differs({ class: 'bot', probability: 0.4 }, after)).toBe(true);
});
