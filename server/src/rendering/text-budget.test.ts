import { expect, test } from 'vitest';
import type { RenderedPage } from '../documents/tasks.ts';
import { createTextBudget } from './text-budget.ts';

const page: RenderedPage = {
  pageNumber: 1,
  width: 100,
  height: 100,
  text: 'Some words',
  wordCount: 2,
  headings: [{ level: 1, text: 'Some', y: 0 }],
  links: [{ x: 0, y: 0, width: 1, height: 1, href: 'https://a.example', pageNumber: null }],
  textLayer: [['Some words', 0, 0, 50, 10]],
  images: [{ kind: 'small', file: 'page.webp', width: 100, height: 100 }],
};

test('pages keep their words until there are too many, and their pictures always', () => {
  const budget = createTextBudget(250);
  expect([budget.take(page), budget.take(page), budget.isSpent()]).toEqual([page, page, false]);
  const { images } = page;
  const wordless = { ...page, text: '', wordCount: 0, headings: [], links: [], textLayer: [], images };
  expect([budget.take(page), budget.isSpent()]).toEqual([wordless, true]);
});
