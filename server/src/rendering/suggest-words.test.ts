import { expect, test } from 'vitest';
import { createPhraseFinder, listWords } from './suggest-words.ts';

test.each([
  ['policies', 'policy'],
  ['pricing', 'priced'],
  ['Vulnérabilités', 'vulnerabilite'],
  ['boxes', 'box'],
  ['CFOs', 'cfo'],
  ['templates', 'Template'],
])('%s and %s are the same word', (one, other) => {
  expect(listWords(one)).toEqual(listWords(other));
});

test.each([
  ['IT', 'it'],
  ['US', 'us'],
  ['business', 'busines'],
  ['analysis', 'analysi'],
])('%s and %s are not', (one, other) => {
  expect(listWords(one)).not.toEqual(listWords(other));
});

test('a heading in capitals is read like any other', () => {
  expect(listWords('WHY IT MATTERS TO US')).toEqual(listWords('Why it matters to us'));
});

function find(text: string): Record<string, number> {
  const finder = createPhraseFinder([
    { id: 'finance', name: 'Procurement & finance', synonyms: ['CFO', 'finance', 'vendor management'] },
    { id: 'code', name: 'Search', synonyms: ['search', 'code search'] },
    { id: 'japan', name: '日本', synonyms: ['Japanese market'] },
  ]);
  return Object.fromEntries(
    [...finder.find(listWords(text))].map(([number, count]) => [finder.phrases[number]?.text ?? '', count]),
  );
}

test('names and synonyms are found as whole words, in order', () => {
  expect(find('Our CFO said: vendor managements differ. The cfo again.')).toEqual({
    CFO: 2,
    'vendor management': 1,
  });
  expect(find('Management of a vendor; research; searchlight')).toEqual({});
  expect(find('Code-Search searches')).toEqual({ Search: 2, 'code search': 1 });
  expect(find('会社は日本にある。')).toEqual({ 日本: 1 });
});

test('an empty text and terms without words find nothing', () => {
  expect(find('')).toEqual({});
  expect(createPhraseFinder([{ id: 'odd', name: '&', synonyms: ['', '…'] }]).phrases).toEqual([]);
});
