import type { Context } from '../context.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import { isEveryday } from '../words/common-words.ts';
import { readTokens } from '../words/tokens.ts';
import type { TaxonomyHealth } from './contract.ts';
import { listChoices, listSearchRows, listTaxonomyTerms, type SearchRow } from './gap-queries.ts';
import { succeedingDwellMs } from './metrics.ts';
import { type CommonAssets, listCommonAssets, listTermUse } from './taxonomy-health-queries.ts';
import { createSuggestions } from './word-suggestions.ts';

const windowDays = 90;
const mostSearches = 20_000;
const mostChoices = 5_000;
/** With fewer searches than that, a term that none of them names says nothing about the term. */
const tellingSearches = 50;
const leastCommon = 3;
/** Of the assets that have either term, so many have both. */
const overlapShare = 0.6;
/** Or nearly all of the rarer term's have the other one, too, which is not much more common. */
const containedShare = 0.9;
const comparableSize = 3;
const mostOverlaps = 50;
const mostWords = 60;

type TermUse = Awaited<ReturnType<typeof listTermUse>>[number];

export async function readTaxonomyHealth({ db, clock }: Context): Promise<TaxonomyHealth> {
  const asOf = clock();
  const window = { start: new Date(asOf.getTime() - windowDays * 86_400_000), end: asOf };
  const [uses, common, terms, searches, choices] = await Promise.all([
    listTermUse(db, window),
    listCommonAssets(db, leastCommon),
    listTaxonomyTerms(db),
    listSearchRows(db, window, { succeedingDwellMs, limit: mostSearches }),
    listChoices(db, mostChoices),
  ]);
  const suggest = createSuggestions(terms, choices);
  const known = new Set(
    terms
      .flatMap(({ name, synonyms }) => [name, ...synonyms].flatMap((text) => readTokens(text)))
      .map(({ stem }) => stem),
  );
  return {
    unusedTerms: listUnused(uses, searches.length >= tellingSearches),
    overlaps: listOverlaps(uses, common),
    unknownWords: listUnknown(searches, known).map((word) => ({
      ...word,
      suggestions: suggest([word.word]),
    })),
    windowDays,
    asOf,
  };
}

function listUnused(uses: TermUse[], searchesTell: boolean): TaxonomyHealth['unusedTerms'] {
  return uses.flatMap(({ assetCount, searchCount, ...term }) => {
    const isUnsearched = searchesTell && searchCount === 0;
    if (assetCount > 0 && !isUnsearched) return [];
    return [{ term, assetCount, searchCount, says: sayUnused(assetCount, searchCount, isUnsearched) }];
  });
}

function sayUnused(assetCount: number, searchCount: number, isUnsearched: boolean): string {
  const assets = assetCount === 1 ? '1 published asset has it' : `${assetCount} published assets have it`;
  if (assetCount > 0) return `${assets}, but nobody has searched for it in ${windowDays} days.`;
  if (isUnsearched) return `No published asset has it, and nobody has searched for it in ${windowDays} days.`;
  if (searchCount === 0) return 'No published asset has it.';
  const searches = searchCount === 1 ? 'was searched for once' : `was searched for ${searchCount} times`;
  return `No published asset has it, but it ${searches} in ${windowDays} days: something is missing.`;
}

/** The pairs that are most alike come first; the smaller term of each is named first, because it is the one to give up. */
function listOverlaps(uses: TermUse[], common: CommonAssets[]): TaxonomyHealth['overlaps'] {
  const useById = new Map(uses.map((use) => [use.id, use]));
  return common
    .flatMap(({ firstId, secondId, commonCount }) => {
      const pair = [useById.get(firstId), useById.get(secondId)].flatMap((use) => use ?? []);
      const [first, second] = pair.toSorted((a, b) => a.assetCount - b.assetCount);
      if (!first || !second) return [];
      const share = commonCount / (first.assetCount + second.assetCount - commonCount);
      const isContained =
        commonCount >= first.assetCount * containedShare &&
        second.assetCount <= first.assetCount * comparableSize;
      if (share < overlapShare && !isContained) return [];
      return [{ first, second, commonCount, share }];
    })
    .toSorted((a, b) => b.share - a.share || b.commonCount - a.commonCount)
    .slice(0, mostOverlaps)
    .map(({ first, second, commonCount }) => ({
      first: toTag(first),
      second: toTag(second),
      firstCount: first.assetCount,
      secondCount: second.assetCount,
      commonCount,
    }));
}

function toTag({ id, dimensionKey, name }: TermUse): TermTag {
  return { id, dimensionKey, name };
}

type UnknownWord = Omit<TaxonomyHealth['unknownWords'][number], 'suggestions'>;

/** Words that several searches hold and no term knows in any form, those of failed searches first. */
function listUnknown(searches: SearchRow[], known: Set<string>): UnknownWord[] {
  const uses = new Map<
    string,
    { forms: Map<string, number>; searches: Set<string>; users: Set<string>; failed: Set<string> }
  >();
  for (const { id, userId, query, hasSucceeded } of searches)
    for (const { word, stem, isFiller } of readTokens(query)) {
      if (isFiller || isEveryday(word) || known.has(stem) || word.length < 3 || /^\d+$/.test(word)) continue;
      const use = uses.get(stem) ?? {
        forms: new Map(),
        searches: new Set(),
        users: new Set(),
        failed: new Set(),
      };
      use.forms.set(word, (use.forms.get(word) ?? 0) + 1);
      use.searches.add(id);
      use.users.add(userId);
      if (!hasSucceeded) use.failed.add(id);
      uses.set(stem, use);
    }
  return [...uses.values()]
    .filter((use) => use.searches.size >= 2)
    .map((use) => ({
      word: [...use.forms].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? '',
      searchCount: use.searches.size,
      userCount: use.users.size,
      failedCount: use.failed.size,
    }))
    .toSorted(
      (a, b) => b.failedCount * b.userCount - a.failedCount * a.userCount || b.searchCount - a.searchCount,
    )
    .slice(0, mostWords);
}
