import { expect, it } from 'vitest';
import type { Gap, GapList } from './api.ts';
import { gapPasted, gapsAnswer } from './gap-sentences.ts';

function gap(fields: Partial<Gap>): Gap {
  const given: Partial<Gap> = {
    state: 'open',
    kind: 'no_success',
    searchCount: 1,
    pastedCount: 0,
    ...fields,
  };
  return given as Gap;
}

function answer(items: Gap[], failedCount = items.length): string {
  const list: Partial<GapList> = { items, searchCount: 10, failedCount };
  return gapsAnswer(list as GapList);
}

it('does not say that sales finds everything while searches fail', () => {
  expect(answer([gap({}), gap({})])).toBe('Sales has not missed the same thing twice so far.');
  expect(answer([gap({ state: 'acted_on' }), gap({})])).toContain('is being seen to');
  expect(answer([gap({ state: 'closed' })])).toBe('Sales finds by now what it asks for.');
  expect(answer([])).toBe('Sales finds what it asks for.');
  expect(answer([gap({ kind: 'no_result' })])).toContain('1 thing that nothing was found for');
});

it('says that a buyer’s e-mail was asked with, and not what it says', () => {
  expect(gapPasted(gap({ isTyped: true, pastedCount: 2 }))).toBe('also asked with 2 e-mails of buyers');
  expect(gapPasted(gap({ isTyped: false, pastedCount: 1 }))).toContain('those who pasted it');
});
