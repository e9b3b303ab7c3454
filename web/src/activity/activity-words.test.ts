import { describe, expect, it } from 'vitest';
import {
  countWords,
  policyNoteWords,
  readersWords,
  readSentence,
  tomorrowMorning,
} from './activity-words.ts';
import type { ActNowEntry, Reader } from './api.ts';

const dana: ActNowEntry['recipient'] = {
  id: 'rcp_1',
  kind: 'person',
  name: 'Dana Okafor',
  email: 'dana@northbeck.example',
  accountId: null,
  accountName: 'Northbeck',
};

function reader(row: Partial<Reader> = {}): Reader {
  return { visitorId: 'vis_1', keyKind: 'cookie', name: null, email: null, ...row };
}

const entry = {
  readers: [reader()],
  recipient: dana,
  readPageCount: 6,
  pageCount: 8,
  durationMs: null,
  activeMs: 240_000,
};

describe('why somebody stands in the list', () => {
  const say = (change: Partial<typeof entry> | object) => {
    const { who, did, howLong, sentTo } = readSentence({ ...entry, ...change });
    return [who, did, 'Pricing', sentTo, howLong].filter(Boolean).join(' ');
  };

  it('names the recipient, how much was read and for how long', () => {
    expect(say({})).toBe('Dana Okafor read 6 of 8 pages of Pricing for 4 min');
    expect(say({ readPageCount: 8 })).toBe('Dana Okafor read all 8 pages of Pricing for 4 min');
    expect(say({ readPageCount: 1, pageCount: 1 })).toBe('Dana Okafor read Pricing for 4 min');
    expect(say({ readPageCount: 1, pageCount: 1, durationMs: 90_000 })).toBe(
      'Dana Okafor watched Pricing for 4 min',
    );
  });

  it('names whoever says that they are somebody else', () => {
    expect(say({ readers: [reader({ email: 'DANA@northbeck.example' })] })).toMatch(/^Dana Okafor read/);
    expect(say({ readers: [reader({ email: 'priya@northbeck.example' })] })).toBe(
      'priya@northbeck.example read 6 of 8 pages of Pricing sent to Dana Okafor for 4 min',
    );
    expect(say({ readers: [reader(), reader({ visitorId: 'vis_2' })] })).toBe(
      '2 people read 6 of 8 pages of Pricing sent to Dana Okafor for 4 min',
    );
  });

  it('names nobody where nobody is known', () => {
    const account = { ...dana, kind: 'account', name: 'Northbeck', email: null };
    expect(say({ recipient: account })).toBe('Somebody at Northbeck read 6 of 8 pages of Pricing for 4 min');
    const channel = { ...dana, kind: 'channel', name: 'LinkedIn', email: null };
    expect(say({ recipient: channel, readers: [reader({ name: 'Lee' })] })).toBe(
      'Lee read 6 of 8 pages of Pricing by way of LinkedIn for 4 min',
    );
  });
});

it('says by which key readers are told apart, and how sure their number is', () => {
  const readerCount = { value: 2, low: 1, high: 3 };
  expect(readersWords({ readers: [reader()], readerCount })).toBe('known by a cookie');
  const readers = [reader(), reader({ visitorId: 'vis_2', keyKind: 'email', email: 'a@b.example' })];
  expect(readersWords({ readers, readerCount })).toBe(
    '2 readers, 1–3: 1 by a cookie and 1 by the address they typed',
  );
  expect(countWords({ value: 1, low: 1, high: 1 })).toBe('1 reader');
  expect(countWords({ value: 1, low: 0, high: 1 })).toBe('probably 1 reader');
  expect(countWords({ value: 0, low: 0, high: 1 })).toBe('perhaps 1 reader');
  expect(countWords({ value: 1, low: 1, high: 2 })).toBe('1 reader, 1–2');
});

it('puts off until the morning of the next working day', () => {
  const friday = new Date(2026, 10, 20, 17, 30);
  expect(tomorrowMorning(friday)).toEqual(new Date(2026, 10, 23, 8));
  expect(tomorrowMorning(new Date(2026, 10, 23, 7))).toEqual(new Date(2026, 10, 24, 8));
});

it('says what holds since a policy was changed', () => {
  expect(
    policyNoteWords({ expiresAt: new Date('2026-12-22T23:59:59Z'), gate: 'required', allowsDownload: false }),
  ).toBe('Opens until 22 Dec 2026, an e-mail address is required, no download');
  expect(policyNoteWords({ expiresAt: null, hasPasscode: true, allowedCount: 0, maxVisitors: 1 })).toBe(
    'Never expires, any address is let in, a new passcode, at most 1 visitor',
  );
});
