import { expect, test } from 'vitest';
import type { Asset } from './api.ts';
import { clashingFields, rebaseEdit } from './merge-edit.ts';

function assetWith(fields: Partial<Asset>, termIds: string[] = []): Asset {
  const terms = termIds.map((id) => ({ id, dimensionKey: 'persona' as const, name: id }));
  return { title: 'Deck', description: 'Old', useWhen: '', terms, ...fields } as Asset;
}

const base = assetWith({}, ['a', 'b']);

test('edits of different fields do not clash', () => {
  const theirs = assetWith({ description: 'New' });
  expect(clashingFields(base, theirs, { title: 'Better deck' })).toEqual([]);
});

test('edits of the same field clash', () => {
  const theirs = assetWith({ title: 'Their deck' });
  expect(clashingFields(base, theirs, { title: 'My deck', useWhen: 'Early' })).toEqual(['title']);
});

test('the same words twice do not clash', () => {
  const theirs = assetWith({ title: 'Same deck' });
  expect(clashingFields(base, theirs, { title: 'Same deck' })).toEqual([]);
});

test('tags that each has added stay, and tags that either has removed go', () => {
  const theirs = assetWith({}, ['b', 'theirs']);
  expect(rebaseEdit(base, theirs, { termIds: ['a', 'mine'] }).termIds).toEqual(['theirs', 'mine']);
});

test('an edit without tags leaves theirs alone', () => {
  const theirs = assetWith({}, ['theirs']);
  expect(rebaseEdit(base, theirs, { title: 'My deck' })).toEqual({ title: 'My deck' });
});
