import { describe, expect, it, test } from 'vitest';
import type { Notification } from './api.ts';
import {
  dayHeading,
  formatMinuteOfDay,
  parseMinuteOfDay,
  sayNews,
  sayPages,
  sayTime,
  sentTo,
  storyPath,
} from './notification-words.ts';

const told: Notification = {
  id: 'ntf_0000000001',
  shareLinkId: 'lnk_0000000001',
  assetId: 'ast_0000000001',
  roomId: null,
  title: 'Pricing',
  openedTitles: [],
  pageCount: 8,
  durationMs: null,
  reader: { visitorId: 'vis_0000000001', keyKind: 'cookie', name: null, email: null },
  recipient: {
    id: 'rcp_0000000001',
    kind: 'person',
    name: 'Dana Okafor',
    email: 'dana@northbeck.example',
    accountId: null,
    accountName: null,
  },
  news: 'opened',
  question: null,
  isConfirmed: true,
  visitCount: 1,
  readPageCount: 6,
  activeMs: 240_000,
  hasDownloaded: false,
  device: 'Safari on iPhone',
  forwarding: null,
  lastActiveAt: new Date(2026, 10, 22, 9),
  toldAt: new Date(2026, 10, 22, 9),
  isRead: false,
  isMuted: false,
};

test('whoever has only just opened it has no time yet, and a question leads to its room', () => {
  expect(sayTime({ activeMs: 400, visitCount: 1 })).toBeNull();
  const asked: Notification = {
    ...told,
    assetId: null,
    roomId: 'room_0000000001',
    news: 'asked',
    title: 'For Acme',
    question: { id: 'que_0000000001', text: 'Is SSO included?', isAnswered: false },
  };
  expect(sayNews(asked).did).toBe('asks in');
  expect(storyPath(asked)).toBe('/collections/rooms/room_0000000001');
  expect(storyPath(told)).toBe('/my-links/lnk_0000000001');
});

describe('what a thread says', () => {
  const say = (changes: Partial<Notification>) => {
    const { who, did } = sayNews({ ...told, ...changes });
    return `${who} ${did} ${told.title}`;
  };

  it('says how far somebody read, and that they only opened it', () => {
    expect(say({})).toBe('Dana Okafor read 6 of 8 pages of Pricing');
    expect(say({ news: 'read_more', readPageCount: 8 })).toBe('Dana Okafor read all 8 pages of Pricing');
    expect(say({ readPageCount: 0 })).toBe('Dana Okafor opened Pricing');
    expect(say({ readPageCount: 1, pageCount: 1 })).toBe('Dana Okafor read Pricing');
    expect(say({ readPageCount: 1, pageCount: 1, durationMs: 9_000 })).toBe('Dana Okafor watched Pricing');
  });

  it('puts the newest first where it is more than reading', () => {
    expect(say({ news: 'came_back' })).toBe('Dana Okafor came back to Pricing');
    expect(say({ news: 'downloaded' })).toBe('Dana Okafor downloaded Pricing');
    expect(sayPages({ ...told, news: 'downloaded' })).toBe('6 of 8 pages read');
    expect(sayPages(told)).toBeNull();
  });

  it('says to whom it was sent only where somebody else reads', () => {
    const reader = { ...told.reader, email: 'lee@northbeck.example' };
    expect(sentTo(told)).toBeNull();
    expect(sentTo({ ...told, reader })).toBe('sent to Dana Okafor');
    const channel = { ...told.recipient, kind: 'channel' as const, name: 'June newsletter' };
    expect(sentTo({ reader, recipient: channel })).toBe('by way of June newsletter');
  });

  it('adds up visits', () => {
    expect(sayTime(told)).toBe('4 min');
    expect(sayTime({ ...told, visitCount: 2 })).toBe('4 min in 2 visits');
  });
});

test('a list is headed by days', () => {
  const now = new Date(2026, 10, 22, 0, 5);
  expect(dayHeading(new Date(2026, 10, 22, 0, 1), now)).toBe('Today');
  expect(dayHeading(new Date(2026, 10, 21, 23, 59), now)).toBe('Yesterday');
  expect(dayHeading(new Date(2026, 10, 19, 12), now)).toBe('Thursday 19 November');
});

test('times of the day are written and read', () => {
  expect(formatMinuteOfDay(1_350)).toBe('22:30');
  expect(parseMinuteOfDay('7:05')).toBe(425);
  for (const wrong of ['', '24:00', '12:60', 'noon']) expect(parseMinuteOfDay(wrong)).toBeUndefined();
});
