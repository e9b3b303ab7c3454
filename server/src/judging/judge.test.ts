import { expect, test } from 'vitest';
import { differs, judge, ruleProbabilityOf } from './judge.ts';
import { describeRules, factsOfRequest, type VisitFacts } from './rules.ts';

const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

function facts(known: Partial<VisitFacts> = {}): VisitFacts {
  return { ...factsOfRequest(safari, {}), msSinceLinkMade: 3_600_000, ...known };
}

test('without any sign we are unsure, at 0.4, and say so', () => {
  const judged = judge(facts());
  expect(judged).toMatchObject({ class: 'unsure', probability: 0.4, ruleVersion: 2 });
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
  ['coming with the mail', { msSinceMailed: 5_000 }],
  ['asking for the head', { hasProbe: true }],
  ['opening many share links', { linksOpenedAtOnce: 40 }],
  ['the trap', { hasTakenTrap: true }],
  ['a driven browser', { browser: { isWebdriver: true } }],
  ['a driven browser that pretends', { browser: { isWebdriver: true, hasMadeUpInput: true } }],
  ['no window', { browser: { hasGeometry: false, hasHadFocus: false } }],
  ['odd headers', { request: { fetchMetadata: 'contradictory', hasLanguage: false } as const }],
  ['a typed address', { hasTypedEmail: true }],
  ['coming back', { hasComeBack: true }],
])('%s alone decides nothing', (_name, known) => {
  expect(judge(facts(known)).class).toBe('unsure');
});

test('early, with a twin and in a hurry is a scanner', () => {
  expect(judge(facts({ msSinceLinkMade: 500, hasTwin: true, activeMs: 100, pagesSeen: 9 })).class).toBe(
    'scanner',
  );
});

test('a passcode or a code from the mailbox confirms a person', () => {
  expect(judge(facts({ hasPassedPasscode: true })).class).toBe('human-confirmed');
  expect(judge(facts({ hasPassedCode: true })).class).toBe('human-confirmed');
});

test('what asks for the head, or loads ahead, is no visit of a person', () => {
  expect(judge(facts({ request: { method: 'HEAD' } })).class).toBe('scanner');
  expect(judge(facts({ request: { purpose: 'prerender' } })).class).toBe('prefetch');
});

test('a twin says nothing against whoever touches the page', () => {
  const reading = { hasTwin: true, activeMs: 8_000, pagesSeen: 1 };
  expect(judge(facts({ ...reading, hasTrustedInput: true })).class).toBe('human-likely');
  expect(judge(facts(reading)).reasons.map(({ rule }) => rule)).toContain('twin');
});

test('every rule weighs by what is in the pattern, whatever decides', () => {
  const read = { hasTrustedInput: true, activeMs: 8_000, pagesSeen: 1 };
  expect(judge(facts({ ...read, hasPassedPasscode: true })).pattern).toBe('reading-time trusted-input');
  expect(ruleProbabilityOf('reading-time trusted-input')).toBe(judge(facts(read)).probability);
});

test('a pattern that was observed counts as it was observed, but never decides with one sign', () => {
  const calibrated = new Map([
    ['reading-time trusted-input', 0.6],
    ['trusted-input', 0.95],
  ]);
  const read = facts({ hasTrustedInput: true, activeMs: 8_000, pagesSeen: 1 });
  expect(judge(read, { calibrated })).toMatchObject({ class: 'unsure', probability: 0.6 });
  expect(judge(facts({ hasTrustedInput: true }), { calibrated })).toMatchObject({
    class: 'unsure',
    probability: 0.95,
  });
});

test('the names of the rules are told apart, and each has a sentence', () => {
  const rules = describeRules();
  expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length);
  for (const { sentence } of rules) expect(sentence).toMatch(/^[A-Z].*\.$/);
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

test('a judgement is new when the class or the rules change, or the probability moves by a tenth', () => {
  const after = judge(facts());
  const before = { class: 'unsure', probability: 0.35, ruleVersion: 2 };
  expect(differs(before, after)).toBe(false);
  expect(differs({ ...before, probability: 0.3 }, after)).toBe(true);
  expect(differs({ ...before, class: 'bot' }, after)).toBe(true);
  expect(differs({ ...before, ruleVersion: 1 }, after)).toBe(true);
});
