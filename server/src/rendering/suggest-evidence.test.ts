import { expect, test } from 'vitest';
import { type Example, gatherExamples, profileOf, weighTerms } from './suggest-evidence.ts';
import { createPhraseFinder } from './suggest-words.ts';

const terms = [
  { id: 'price', name: 'Too expensive', synonyms: ['discount'], dimensionKey: 'objection' },
  { id: 'cloud', name: 'Cloud', synonyms: [], dimensionKey: 'product' },
  { id: 'hosted', name: 'Self-hosted', synonyms: ['on-prem'], dimensionKey: 'product' },
];
const finder = createPhraseFinder(terms);

function example(title: string, text: string, termIds: string[]): Example {
  const profile = profileOf({ title, kind: '', headings: [], text }, finder);
  return { sourceKey: title, title, termIds: new Set(termIds), profile };
}

function suggest(source: { title?: string; headings?: string[]; text?: string }, examples: Example[] = []) {
  const profile = profileOf({ title: '', kind: '', headings: [], text: '', ...source }, finder);
  return weighTerms({ sourceKey: 'new', profile }, gatherExamples(examples), terms, finder);
}

test('words in a title are enough, words that stand once in a text are not', () => {
  expect(suggest({ title: 'When they ask for a discount' })).toMatchObject([
    { termId: 'price', phrases: ['discount'], similarTitles: [] },
  ]);
  expect(suggest({ text: 'We give no discount.' })).toEqual([]);
  expect(suggest({ text: 'Nothing of interest.' })).toEqual([]);
  expect(suggest({})).toEqual([]);
});

test('words that half of the library uses tell little', () => {
  const untagged = Array.from({ length: 10 }, (_, index) =>
    example(`Text ${index.toString()}`, index < 8 ? 'cloud cloud cloud cloud' : 'rain', []),
  );
  expect(suggest({ text: 'cloud cloud cloud' }, untagged)).toEqual([]);
  expect(suggest({ text: 'on-prem on-prem on-prem' }, untagged)).toMatchObject([{ termId: 'hosted' }]);
});

test('the library teaches which words are meant', () => {
  const fill = (index: number) => `word${index.toString()} thing${index.toString()}`;
  const agreed = Array.from({ length: 40 }, (_, index) =>
    example(`T${index.toString()}`, `${index < 12 ? 'discount ' : ''}${fill(index)}`, [
      index < 12 ? 'price' : 'other',
    ]),
  );
  const objections = [...terms, { id: 'other', name: 'Other', synonyms: [], dimensionKey: 'objection' }];
  const profile = profileOf({ title: '', kind: '', headings: [], text: 'One discount.' }, finder);
  const weigh = (examples: Example[]) =>
    weighTerms({ sourceKey: 'new', profile }, gatherExamples(examples), objections, finder).map(
      ({ termId }) => termId,
    );
  expect(weigh(agreed)).toEqual(['price']);
  const denied = agreed.map((one) => ({ ...one, termIds: new Set(['other']) }));
  expect(weigh(denied)).toEqual([]);
});

test('similar assets lend their tags and are named; the same file does not', () => {
  const story = 'The dispatcher plans routes for technicians and vans every morning in the depot.';
  const examples = [
    example('Routes north', `${story} North.`, ['cloud']),
    example('Routes south', `${story} South.`, ['cloud']),
    ...Array.from({ length: 8 }, (_, index) =>
      example(`Other ${index.toString()}`, 'Rain and snow fall.', []),
    ),
  ];
  const [best] = suggest({ text: `${story} East.` }, examples);
  expect(best).toMatchObject({ termId: 'cloud', phrases: [] });
  expect(best?.similarTitles.toSorted()).toEqual(['Routes north', 'Routes south']);
  const same = examples.map((one) => ({ ...one, sourceKey: 'new' }));
  expect(suggest({ text: `${story} East.` }, same)).toEqual([]);
});

test('a word that two titles share makes no example of one for the other', () => {
  const prices = example('Public pricing page', '', ['price']);
  const others = Array.from({ length: 30 }, (_, index) => example(`Other ${index.toString()}`, 'Rain.', []));
  expect(suggest({ title: 'Zero pages' }, [prices, ...others])).toEqual([]);
  expect(suggest({ title: 'Public pricing page in short' }, [prices, ...others])).toMatchObject([
    { termId: 'price', similarTitles: ['Public pricing page'] },
  ]);
});
