import { stemmer } from 'stemmer';
import { fillerWords } from '../words/common-words.ts';
import { listWords } from '../words/words.ts';
import type { EngineQuery, TermGroup } from './engine.ts';
import { fewWords, mostWords } from './meilisearch-settings.ts';

/** What is typed, taken apart for Meilisearch. */
export interface ReadQuery {
  /** Words that tell assets apart, as they were typed; the last one is perhaps unfinished. */
  words: string[];
  isSentence: boolean;
  /** Phrases and exclusions in Meilisearch's own notation: they hold in every part of a search. */
  demands: string;
}

export function readQuery(query: EngineQuery): ReadQuery {
  const given = [...new Set(listWords(query.words))];
  const telling = given.filter((word) => !fillerWords.has(word));
  const words = pickWords(telling.length > 0 ? telling : given);
  const phrases = query.phrases.flatMap((phrase) => quote(phrase) ?? []);
  const excluded = query.excluded.flatMap((text) => quote(text) ?? []).map((quoted) => `-${quoted}`);
  return { words, isSentence: words.length > fewWords, demands: [...phrases, ...excluded].join(' ') };
}

/** The longest words of a long text say most; they keep their order. */
function pickWords(words: string[]): string[] {
  if (words.length <= mostWords) return words;
  const longest = new Set(words.toSorted((a, b) => b.length - a.length).slice(0, mostWords));
  return words.filter((word) => longest.has(word));
}

function quote(text: string): string | undefined {
  const words = listWords(text);
  return words.length > 0 ? `"${words.join(' ')}"` : undefined;
}

/** One of several searches whose results are merged; what more of them find ranks by the best of its scores. */
export interface PartQuery {
  q: string;
  filter: string;
  weight: number;
}

/** Assets that hold a share of a sentence's words. */
interface CoveredAssets {
  assetIds: string[];
  coverage: number;
}

/** How much the words count beside the situation when there are both. */
const wordShare = 0.6;
/** A word in another form is almost as good. */
const formWeight = 0.95;

/**
 * Meilisearch cannot rank by how many groups of a situation are met, nor find what holds the words or meets the
 * situation. So there is one search for each number of groups that may be met, and they are merged.
 */
export function planParts(
  query: EngineQuery,
  { words, demands }: ReadQuery,
  covered: CoveredAssets[],
): PartQuery[] {
  const filter = planFilter(query);
  const hasWords = words.length > 0;
  const situation = query.situation.filter(({ termIds }) => termIds.length > 0);
  const isAsked = hasWords || query.phrases.length > 0 || situation.length === 0;
  const wanted = hasWords ? planWords(words, demands) : [{ q: demands, weight: 1 }];
  const parts: PartQuery[] = [];
  for (const met of listMetCounts(situation.length)) {
    const share = situation.length === 0 ? 1 : met / situation.length;
    const within = joinFilters(filter, meetsAtLeast(situation, met));
    const weight = situation.length === 0 ? 1 : wordShare + (1 - wordShare) * share;
    if (isAsked) {
      for (const part of wanted) parts.push({ q: part.q, filter: within, weight: part.weight * weight });
      for (const { assetIds, coverage } of covered)
        parts.push({
          q: demands,
          filter: joinFilters(within, `assetId IN [${assetIds.join(', ')}]`),
          weight: coverage * weight,
        });
    }
    if (met > 0) parts.push({ q: demands, filter: within, weight: isAsked ? wordShare * share : share });
  }
  return parts;
}

/** All words as they were typed; and with their stems, which match exactly or not at all. */
function planWords(words: string[], demands: string): { q: string; weight: number }[] {
  const typed = { q: joinWords(demands, words), weight: 1 };
  const stems = words.map((word) => (stemmer(word) === word ? word : `"${stemmer(word)}"`));
  if (stems.every((stem, index) => stem === words[index])) return [typed];
  return [typed, { q: joinWords(demands, stems), weight: formWeight }];
}

/** What a page may hold: everything together, which is worth more than all of its parts, and each part alone. */
export function listNeedles(
  { phrases }: EngineQuery,
  { words }: ReadQuery,
): { q: string; weight: number; isWhole: boolean }[] {
  const quoted = phrases.flatMap((phrase) => quote(phrase) ?? []);
  const together = words.length > 0 ? planWords(words, quoted.join(' ')) : [];
  const parts = [...quoted, ...words];
  return [
    ...together.map(({ q, weight }) => ({ q, weight: weight * (parts.length + 1), isWhole: true })),
    ...parts.map((q) => ({ q, weight: 1, isWhole: false })),
  ];
}

/** The words come last: Meilisearch completes the last one. */
export function joinWords(demands: string, words: string[]): string {
  return [demands, ...words].filter((part) => part !== '').join(' ');
}

/** All groups, fewer down to half, and none: words alone will do. */
function listMetCounts(groupCount: number): number[] {
  const half = Math.ceil(groupCount / 2);
  const counts = [groupCount, Math.ceil((groupCount + half) / 2), half, 0];
  return [...new Set(counts)];
}

/** Any selection of so many groups. */
function meetsAtLeast(groups: TermGroup[], count: number): string {
  if (count === 0) return '';
  const choices = chooseOf(groups, count).map((chosen) => chosen.map(termFilter).join(' AND '));
  return choices.length === 1
    ? (choices[0] ?? '')
    : `(${choices.map((choice) => `(${choice})`).join(' OR ')})`;
}

function chooseOf<T>(items: T[], count: number): T[][] {
  if (count === 0) return [[]];
  const [first, ...others] = items;
  if (first === undefined) return [];
  return [...chooseOf(others, count - 1).map((rest) => [first, ...rest]), ...chooseOf(others, count)];
}

function termFilter({ termIds }: TermGroup): string {
  return `termIds IN [${termIds.join(', ')}]`;
}

/** What always holds; without one of the groups when its dimension is counted. */
export function planFilter({
  groups,
  audience,
  ownerUserIds,
  publishedSince,
  publishedBefore,
}: EngineQuery): string {
  return joinFilters(
    ...groups.map(termFilter),
    audience === null ? '' : `audience = ${JSON.stringify(audience)}`,
    ownerUserIds.length === 0 ? '' : `ownerUserId IN [${ownerUserIds.join(', ')}]`,
    publishedSince === null ? '' : `publishedAt >= ${publishedSince.getTime()}`,
    publishedBefore === null ? '' : `publishedAt < ${publishedBefore.getTime()}`,
  );
}

function joinFilters(...filters: string[]): string {
  return filters.filter((filter) => filter !== '').join(' AND ');
}
