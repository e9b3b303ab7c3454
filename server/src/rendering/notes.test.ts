import { expect, test } from 'vitest';
import { matchNotes } from './notes.ts';

const slide = (text: string, notes: string) => ({ text, notes });

test('notes belong to the page of the same number when there are as many pages as slides', () => {
  const notesOf = matchNotes([slide('Same', 'one'), slide('Same', 'two')]);
  expect([notesOf(1, 'Same', 2), notesOf(2, 'Same', 2)]).toEqual(['one', 'two']);
});

test('a hidden slide takes its notes with it', () => {
  const notesOf = matchNotes([
    slide('Welcome everybody', 'hello'),
    slide('Secret margins of last year', 'never say this'),
    slide('Prices are fixed', 'pause here'),
  ]);
  expect([notesOf(1, 'Welcome everybody 1', 2), notesOf(2, 'Prices are fixed 3', 2)]).toEqual([
    'hello',
    'pause here',
  ]);
});

test('pages beyond the slides have none', () => {
  const notesOf = matchNotes([slide('Only', 'note')]);
  expect([notesOf(1, 'Only', 2), notesOf(2, 'More of it', 2)]).toEqual(['note', '']);
});

test('thousands of slides, each of thousands of words, hold nobody up', () => {
  const words = Array.from({ length: 1000 }, (_, index) => `word${index}`).join(' ');
  const notesOf = matchNotes(Array.from({ length: 5000 }, () => slide(words, 'note')));
  const start = performance.now();
  for (let page = 1; page <= 20; page += 1) notesOf(page, `${words.slice(0, 2000)} other`, 300);
  // Comparing with all of them took a second for each page.
  expect(performance.now() - start).toBeLessThan(5000);
});
