import type { Context } from '../context.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import { isEveryday } from '../words/common-words.ts';
import { type AskedSearch, listAskedFor } from './asked-for.ts';
import type { TaxonomyHealth } from './contract.ts';
import { listChoices, listTaxonomyTerms } from './gap-queries.ts';
import { eligibleAfterDays } from './metrics.ts';
import { createNearWords } from './near-words.ts';
import { findRecordingStart } from './queries.ts';
import { type CommonAssets, listCommonAssets, listTermUse, type TermUse } from './taxonomy-health-queries.ts';
import { readTyped } from './typed-words.ts';
import { listUnused, type UseKnowledge } from './unused-terms.ts';
import { createSuggestions } from './word-suggestions.ts';

const dayMs = 86_400_000;
const windowDays = 90;
const mostChoices = 5_000;
const leastCommon = 3;
/** Of the assets that have either term, so many have both. */
const overlapShare = 0.6;
/** Or nearly all of the rarer term's have the other one, too, which is not much more common. */
const containedShare = 0.9;
const comparableSize = 3;
const mostOverlaps = 50;
const mostWords = 60;

export async function readTaxonomyHealth({ db, clock }: Context): Promise<TaxonomyHealth> {
  const asOf = clock();
  const window = { start: new Date(asOf.getTime() - windowDays * dayMs), end: asOf };
  const eligibleSince = new Date(asOf.getTime() - eligibleAfterDays * dayMs);
  const [recordingSince, uses, common, terms, searches, choices] = await Promise.all([
    findRecordingStart(db),
    listTermUse(db, window, eligibleSince),
    listCommonAssets(db, leastCommon),
    listTaxonomyTerms(db),
    listAskedFor(db, window),
    listChoices(db, mostChoices),
  ]);
  const suggest = createSuggestions(terms, choices);
  const known = new Set(
    terms
      .flatMap(({ name, synonyms }) => [name, ...synonyms].flatMap((text) => readTyped(text)))
      .map(({ stem }) => stem),
  );
  const knowledge: UseKnowledge = { asOf, windowDays, recordingSince, searchCount: searches.length };
  return {
    ...listUnused(uses, knowledge),
    overlaps: listOverlaps(uses, common),
    unknownWords: listUnknown(searches, known).map((word) => ({
      ...word,
      suggestions: suggest([word.word]),
    })),
    countedSince: recordingSince && recordingSince > window.start ? recordingSince : window.start,
    asOf,
  };
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

interface WordUse {
  forms: Map<string, number>;
  searches: Set<string>;
  users: Set<string>;
  failed: Set<string>;
}

/** Words that several people typed and no term knows in any form, those of failed searches first. */
function listUnknown(searches: AskedSearch[], known: Set<string>): UnknownWord[] {
  const uses = new Map<string, WordUse>();
  for (const { id, userId, query, hasSucceeded } of searches)
    for (const { word, stem, isFiller } of readTyped(query)) {
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
  return joinSpellings([...uses.values()])
    .filter((use) => use.users.size >= 2)
    .map((use) => ({
      word: mainForm(use),
      searchCount: use.searches.size,
      userCount: use.users.size,
      failedCount: use.failed.size,
    }))
    .toSorted(
      (a, b) => b.failedCount * b.userCount - a.failedCount * a.userCount || b.searchCount - a.searchCount,
    )
    .slice(0, mostWords);
}

/** Of two that are as common the longer one: a slip more often loses a letter than adds one. */
function mainForm({ forms }: WordUse): string {
  return [...forms].toSorted((a, b) => b[1] - a[1] || b[0].length - a[0].length)[0]?.[0] ?? '';
}

/** A word that is spelled nearly like one of more searches is that word. */
function joinSpellings(uses: WordUse[]): WordUse[] {
  const standing = createNearWords<WordUse>();
  return uses
    .toSorted((a, b) => b.searches.size - a.searches.size || mainForm(b).length - mainForm(a).length)
    .filter((use) => {
      const form = mainForm(use);
      const right = standing.find(form)[0]?.meaning;
      if (!right) {
        standing.add(form, use);
        return true;
      }
      for (const key of ['searches', 'users', 'failed'] as const)
        for (const id of use[key]) right[key].add(id);
      return false;
    });
}
