import { describe, expect, it } from 'vitest';
import { findWaiting, weigh } from './act-now.ts';
import type { VisitRow } from './queries.ts';

const now = new Date('2026-11-22T09:00:00Z');
const hoursAgo = (hours: number) => new Date(now.getTime() - hours * 3_600_000);

function visit(row: Partial<VisitRow> & { hours: number }): VisitRow {
  const startedAt = hoursAgo(row.hours);
  return {
    id: 'vis_1',
    shareLinkId: 'lnk_1',
    startedAt,
    lastActiveAt: new Date(startedAt.getTime() + 60_000),
    class: 'human-likely',
    probability: 0.9,
    visitorId: 'vis_a',
    keyKind: 'cookie',
    name: null,
    email: null,
    hasDownloaded: false,
    pages: [{ assetVersionId: 'ver_1', pageNumber: 1, activeMs: 30_000, wordCount: 100 }],
    ...row,
  };
}
const person = { recipientKind: 'person' as const };

describe('what waits for an answer', () => {
  it('counts pages once, people once, and time together', () => {
    const visits = [
      visit({ hours: 2, class: 'human-confirmed', probability: 1 }),
      visit({ hours: 5, visitorId: 'vis_b' }),
      visit({ hours: 30 }),
    ];
    expect(findWaiting(person, visits, now)).toMatchObject({
      readPageCount: 1,
      activeMs: 90_000,
      isConfirmed: true,
      firstReadAt: hoursAgo(30),
      isOverdue: true,
      readerCount: { value: 2, low: 1, high: 2 },
    });
    expect(findWaiting(person, visits.slice(0, 2), now)).toMatchObject({ isOverdue: false });
  });

  it('is nothing without a person, or without a page that was read', () => {
    const glance = [{ assetVersionId: 'ver_1', pageNumber: 1, activeMs: 2_000, wordCount: 100 }];
    expect(findWaiting(person, [visit({ hours: 1, class: 'unsure' })], now)).toBeUndefined();
    expect(findWaiting(person, [visit({ hours: 1, pages: glance })], now)).toBeUndefined();
    expect(findWaiting(person, [], now)).toBeUndefined();
  });

  it('of a channel needs somebody who can be answered', () => {
    const channel = { recipientKind: 'channel' as const };
    expect(findWaiting(channel, [visit({ hours: 1 })], now)).toBeUndefined();
    expect(findWaiting(channel, [visit({ hours: 1, email: 'dana@northbeck.example' })], now)).toBeDefined();
  });
});

describe('the order of what to do', () => {
  const entry = {
    isConfirmed: false,
    readPageCount: 2,
    pageCount: 8,
    activeMs: 60_000,
    lastReadAt: hoursAgo(2),
    openValue: [],
  };
  it.each([
    ['a confirmed person', { isConfirmed: true }],
    ['more pages', { readPageCount: 6 }],
    ['more time', { activeMs: 600_000 }],
    ['a fresher reading', { lastReadAt: hoursAgo(1) }],
    ['an open deal', { openValue: [{ currency: 'EUR', amount: 40_000 }] }],
  ])('puts %s first', (_, better) => {
    expect(weigh({ ...entry, ...better }, now)).toBeGreaterThan(weigh(entry, now));
  });

  it('puts a confirmed person before everything that is only likely', () => {
    const likely = { ...entry, readPageCount: 8, activeMs: 3_600_000, lastReadAt: now };
    const rich = { ...likely, openValue: [{ currency: 'JPY', amount: 9e9 }] };
    const old = { ...entry, isConfirmed: true, readPageCount: 1, lastReadAt: hoursAgo(300) };
    expect(weigh(old, now)).toBeGreaterThan(weigh(rich, now));
  });
});
