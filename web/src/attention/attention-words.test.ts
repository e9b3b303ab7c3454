import { expect, test } from 'vitest';
import type { AttentionPage } from './api.ts';
import { attentionAnswer, dropOffFinding, pagesFinding, retentionFinding } from './attention-words.ts';

function page(pageNumber: number, row: Partial<AttentionPage> = {}): AttentionPage {
  return {
    pageNumber,
    wordCount: 100,
    expectedMs: 25_210,
    seenCount: 4,
    activeMs: { median: 10_000, low: 5_000, high: 20_000 },
    passedCount: 4,
    skippedCount: 0,
    skimmedCount: 0,
    readCount: 4,
    studiedCount: 0,
    reachedCount: 4,
    ...row,
  };
}
const reached = (...counts: number[]) =>
  counts.map((reachedCount, index) => page(index + 1, { reachedCount }));
const opens = { value: 4, low: 4, high: 4, hiddenCount: 0 };

test('says where half of the readers are gone', () => {
  const answer = (pages: AttentionPage[], pagedCount: number) =>
    attentionAnswer({ kind: 'pages', playing: null, pages, pagedCount, opens, readCount: 3 });
  expect(answer(reached(20, 15, 9, 2), 20)).toBe(`55% of 20 readers stop before page 3 of 4.`);
  expect(answer(reached(8, 4, 4, 0), 8)).toBe(`Half of the readers stop before page 2 of 4.`);
  expect(answer(reached(8, 8, 7, 6), 8)).toBe(`6 of 8 readers get to the last page.`);
  expect(answer(reached(1, 1, 0), 1)).toBe(`The one reader got to page 2 of 3.`);
  expect(answer(reached(5, 5), 5)).toBe(`All 5 readers get to the last page.`);
});

test('says after which page most readers are lost', () => {
  expect(dropOffFinding(reached(20, 15, 9, 2), 20)).toBe('Most readers are lost after page 3: 7 of 20');
  expect(dropOffFinding(reached(1, 0), 1)).toBe('Everybody stops after page 1');
  expect(dropOffFinding(reached(5, 5), 5)).toBe('Nobody leaves before the last page');
});

test('says which page holds people and which they pass over', () => {
  const pages = [
    page(1),
    page(2, { activeMs: { median: 41_000, low: 9_000, high: 60_000 } }),
    page(3, { seenCount: 1, skippedCount: 3 }),
  ];
  expect(pagesFinding(pages)).toBe('Page 2 holds people longest, 41 s; page 3 is skipped by 3 of 4');
  expect(pagesFinding([page(1, { seenCount: 0, activeMs: null })])).toBe('No page was in sight of a person.');
});

test('says when half of those who began a video are gone, and how many are left', () => {
  const points = [10, 9, 5, 1].map((readerCount, index) => ({ second: index * 15, readerCount }));
  const playing = { points, readerCount: 10, durationMs: 60_000 };
  expect(attentionAnswer({ kind: 'playing', playing, pages: [], pagedCount: 0, opens, readCount: 4 })).toBe(
    'Half of the 10 who played it are gone after 30 s, 50% of its length.',
  );
  expect(retentionFinding(playing)).toBe('1 of 10 are there at the end');
});

test('says that nobody opened it, or that nobody read', () => {
  const none = { kind: 'pages' as const, playing: null, pages: [page(1)], pagedCount: 0, readCount: 0 };
  expect(attentionAnswer({ ...none, opens: { ...opens, value: 0 } })).toBe(
    'No person has opened it in this time.',
  );
  expect(attentionAnswer({ ...none, opens })).toBe('4 visits of people opened it and read no page.');
});
