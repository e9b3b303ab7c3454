import { createRandom, type Random } from '../../sample/random.ts';

/** What queries are made from: nothing of it comes from an engine. */
export interface KnownAsset {
  assetId: string;
  title: string;
  pages: string[];
  tags: { name: string; synonyms: string[] }[];
}

export const queryClasses = [
  'title with one typo',
  'two title words out of order',
  'phrase from a page',
  'synonym of a tag with a title word',
] as const;
export type QueryClass = (typeof queryClasses)[number];

export interface KnownItem {
  class: QueryClass;
  query: string;
  assetId: string;
}

const wordsOf = (text: string): string[] => text.match(/[\p{L}\p{N}]+/gu) ?? [];
const plain = (text: string): string => wordsOf(text.normalize('NFKC').toLowerCase()).join(' ');
/** Words that say nothing about what is looked for. */
const small = new Set(
  'a an and are as at be by for from how in into is it its not of on or our that the their this to vs we what when where which who why with you your'.split(
    ' ',
  ),
);
const tellingWordsOf = (title: string): string[] => [
  ...new Set(wordsOf(title.toLowerCase()).filter((word) => word.length > 2 && !small.has(word))),
];
const phraseLength = { from: 4, to: 7 };
const triesForPhrase = 40;

/**
 * Queries for known items: each asset is looked for by what stands in it, and only by what tells it from every other
 * asset, because a query that fits two has no one right answer. The same seed gives the same queries.
 */
export function makeQueries(assets: KnownAsset[], seed = 7): KnownItem[] {
  const random = createRandom(seed);
  const texts = new Map(assets.map(({ assetId, pages }) => [assetId, ` ${plain(pages.join(' '))} `]));
  const titles = assets.map(({ title }) => new Set(tellingWordsOf(title)));
  return assets.flatMap((asset) => {
    const made: [QueryClass, string | undefined][] = [
      ['title with one typo', withTypo(asset.title, random)],
      ['two title words out of order', pickPair(asset.title, titles, random)],
      ['phrase from a page', pickPhrase(asset, texts, random)],
      ['synonym of a tag with a title word', pickSynonym(asset, assets, random)],
    ];
    return made.flatMap(([queryClass, query]) =>
      query === undefined ? [] : [{ class: queryClass, query, assetId: asset.assetId }],
    );
  });
}

/** One slip in one of the title's longer words: a letter left out, doubled, replaced, or swapped with the next. */
function withTypo(title: string, random: Random): string | undefined {
  const longer = wordsOf(title).filter((word) => /^[a-z]{5,}$/i.test(word));
  if (longer.length === 0) return undefined;
  const word = random.pick(longer);
  const at = random.whole(1, word.length - 2);
  const [before, letter, after] = [word.slice(0, at), word[at] ?? '', word.slice(at + 1)];
  const slips = [
    before + after,
    before + letter + letter + after,
    before + random.pick([...'aeinorst'].filter((other) => other !== letter)) + after,
    before + (after[0] ?? '') + letter + after.slice(1),
  ].filter((slip) => slip !== word);
  return wordsOf(title)
    .map((other) => (other === word ? random.pick(slips) : other))
    .join(' ')
    .toLowerCase();
}

/** Two of its title's words, the later one first, that no other title has together. */
function pickPair(title: string, titles: Set<string>[], random: Random): string | undefined {
  const words = tellingWordsOf(title);
  const pairs = words.flatMap((first, index) => words.slice(index + 1).map((second) => [second, first]));
  const only = pairs.filter(
    (pair) => titles.filter((other) => pair.every((word) => other.has(word))).length === 1,
  );
  return only.length > 0 ? random.pick(only).join(' ') : undefined;
}

/** Words that follow each other on one of its pages and in no other asset. */
function pickPhrase(asset: KnownAsset, texts: Map<string, string>, random: Random): string | undefined {
  const pages = asset.pages.map((page) => wordsOf(page)).filter((words) => words.length >= phraseLength.to);
  for (let round = 0; pages.length > 0 && round < triesForPhrase; round += 1) {
    const page = random.pick(pages);
    const length = random.whole(phraseLength.from, phraseLength.to);
    const from = random.whole(0, page.length - length);
    const phrase = page.slice(from, from + length).join(' ');
    if (tellingWordsOf(phrase).length < 3) continue;
    const holders = [...texts].filter(([, text]) => text.includes(` ${plain(phrase)} `));
    if (holders.length === 1 && holders[0]?.[0] === asset.assetId) return phrase.toLowerCase();
  }
  return undefined;
}

/** Another word for one of its tags, with a word of its title that no other asset of that tag has in its title. */
function pickSynonym(asset: KnownAsset, assets: KnownAsset[], random: Random): string | undefined {
  const choices = asset.tags.flatMap(({ name, synonyms }) => {
    const rivals = assets.filter(
      (other) => other.assetId !== asset.assetId && other.tags.some((tag) => tag.name === name),
    );
    const taken = new Set(rivals.flatMap(({ title }) => tellingWordsOf(title)));
    const inTitle = new Set(tellingWordsOf(asset.title));
    const own = [...inTitle].filter((word) => !taken.has(word));
    // A synonym that stands in the title would be a search by title.
    const others = synonyms.filter(
      (synonym) => !wordsOf(synonym.toLowerCase()).some((word) => inTitle.has(word)),
    );
    return others.flatMap((synonym) => own.map((word) => `${synonym} ${word}`));
  });
  return choices.length > 0 ? random.pick(choices) : undefined;
}
