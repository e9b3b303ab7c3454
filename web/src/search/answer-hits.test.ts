import { expect, test } from 'vitest';
import { hitsOf, keepWhatIsSame, mapHits } from './answer-hits.ts';
import type { SearchAnswer, SearchHit } from './api.ts';

function hit(id: string, words: string, publishedAt = '2026-03-01'): SearchHit {
  const asset = { id, publishedAt: new Date(publishedAt) };
  return { asset, title: [{ text: words, isMatch: true }] } as SearchHit;
}

function answer(parts: Partial<SearchAnswer>): SearchAnswer {
  return { items: [], nearest: [], answer: null, message: null, ...parts } as SearchAnswer;
}

test('what an answer says again is the same object, although each answer is read anew', () => {
  const [first, second] = keepWhatIsSame(
    answer({ items: [hit('ast_1', 'price'), hit('ast_2', 'pri')] }),
  ).items;
  const again = keepWhatIsSame(answer({ items: [hit('ast_2', 'price'), hit('ast_1', 'price')] })).items;
  expect(again[1]).toBe(first);
  expect(again[0]).not.toBe(second);
  expect(again[0]?.asset).toBe(second?.asset);
  expect(again[0]?.title).toEqual([{ text: 'price', isMatch: true }]);
});

test('an asset that was changed meanwhile is another object', () => {
  const [before] = keepWhatIsSame(answer({ items: [hit('ast_1', 'price')] })).items;
  const [after] = keepWhatIsSame(answer({ items: [hit('ast_1', 'price', '2026-04-01')] })).items;
  expect(after).not.toBe(before);
  expect(after?.asset.publishedAt).toEqual(new Date('2026-04-01'));
});

test('a change reaches every place of an answer', () => {
  const whole = answer({
    items: [hit('ast_1', 'a')],
    nearest: [hit('ast_2', 'b')],
    answer: { best: hit('ast_3', 'c'), alternative: hit('ast_4', 'd'), proof: null, talkTrack: null },
    message: {
      objections: [{ term: { id: 'trm_1' }, quote: 'too dear', items: [hit('ast_5', 'e')] }],
    } as unknown as SearchAnswer['message'],
  });
  const changed = mapHits(whole, (each) => ({ ...each, notRight: 'wrong' }));
  expect(hitsOf(changed).map(({ notRight }) => notRight)).toEqual(Array(5).fill('wrong'));
  expect(hitsOf(whole)).toHaveLength(5);
});
