import { expect, test } from 'vitest';
import { patchOf } from './policy-patch.ts';
import { describeForm, policySentences, presetKeys, presetOf, withPreset } from './policy-words.ts';
import { openPolicy } from './share-form.ts';

test('each preset is known again by the policy that it makes', () => {
  for (const key of presetKeys) expect(presetOf(withPreset(openPolicy, key))).toBe(key);
  expect(presetOf({ ...openPolicy, allowsDownload: false })).toBeUndefined();
  expect(presetOf({ ...openPolicy, passcode: 'blue river' } as never)).toBe('open');
});

test('confidential gives 30 days, unless the sender has chosen an end', () => {
  expect(withPreset(openPolicy, 'confidential').expiry).toBe('30');
  expect(withPreset({ ...openPolicy, expiry: '7' }, 'confidential').expiry).toBe('7');
});

test('a list of addresses goes when nobody is asked for one any more', () => {
  const listed = { ...openPolicy, gate: 'required' as const, allowed: ['customer.example'] };
  expect(withPreset(listed, 'verified').allowed).toEqual(['customer.example']);
  expect(withPreset(listed, 'open').allowed).toEqual([]);
});

test('a policy is said in words', () => {
  expect(describeForm(openPolicy, true)).toBe('Never expires, no passcode, may be downloaded');
  expect(describeForm(openPolicy, false)).toBe('Never expires, no passcode');
  const link = {
    gate: 'required' as const,
    allowedDomains: ['customer.example'],
    allowedEmails: [],
    hasWatermark: true,
    hasPasscode: true,
    allowsDownload: false,
    pinnedVersion: { number: 1, currentNumber: 3 },
    maxVisitors: 1,
  };
  expect(policySentences(link)).toEqual([
    'An e-mail address is asked for first.',
    'Only customer.example.',
    'With a passcode, no download and a watermark on every page.',
    'For a single visitor.',
    'It stays at version 1; version 3 is current.',
  ]);
});

test('a change says only what was changed', () => {
  const now = new Date(2026, 10, 22);
  expect(patchOf(openPolicy, openPolicy, now)).toEqual({});
  expect(patchOf(openPolicy, { ...openPolicy, passcode: 'blue river', expiry: '7' }, now)).toEqual({
    passcode: 'blue river',
    expiresAt: new Date(2026, 10, 29, 23, 59, 59),
  });
  const day = { ...openPolicy, expiry: 'day' as const, expiryDay: '2026-12-24' };
  expect(patchOf(day, { ...day, expiry: 'never' }, now)).toEqual({ expiresAt: null });
});
