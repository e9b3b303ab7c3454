import { commonWords, fillerWords, negations } from '../words/common-words.ts';

/** What Meilisearch is told about the two indexes. Whoever changes anything here counts `settingsVersion` up. */
const settingsVersion = 1;

/** An index for whole assets, which are matched and counted, and one for their pages, to tell which of them matched. */
export interface IndexNames {
  assets: string;
  pages: string;
}

/**
 * Several instances may share one server, so the names begin with something of the instance. They end with the version
 * of the settings: after an update that changes them the old index is not found any more, and a new one is filled.
 */
export function nameIndexes(instance: string): IndexNames {
  return {
    assets: `offshelf-${instance}-assets-${settingsVersion}`,
    pages: `offshelf-${instance}-pages-${settingsVersion}`,
  };
}

/** What is being filled while the other one answers. */
export function nameNext(name: string): string {
  return `${name}-next`;
}

/** The same as for PostgreSQL, see `allowedEdits`. An everyday word is no misspelling: a bank is not the back. */
const typoTolerance = {
  minWordSizeForTypos: { oneTypo: 4, twoTypos: 8 },
  disableOnWords: [...commonWords, ...fillerWords, ...negations],
};

/** First how many words, then how well they are spelled, then in which field they stand and how close together. */
const rankingRules = ['words', 'typo', 'attributeRank', 'proximity', 'exactness', 'wordPosition'];

/** In order of weight: an asset is what its title says before it is what its pages say. */
export const assetSettings = {
  searchableAttributes: [
    'title',
    'tags',
    'useWhen',
    'talkTrack',
    'headings',
    'description',
    'body',
    'titleForms',
    'forms',
    'bodyForms',
  ],
  filterableAttributes: ['assetId', 'termIds', 'audience', 'ownerUserId', 'publishedAt'],
  rankingRules,
  typoTolerance,
  // Every term is counted, and somebody may look at the last of 100,000 assets.
  faceting: { maxValuesPerFacet: 10_000 },
  pagination: { maxTotalHits: 1_000_000 },
};

export const pageSettings = {
  searchableAttributes: ['text'],
  filterableAttributes: ['assetId', 'readAt'],
  displayedAttributes: ['assetId', 'pageNumber'],
  rankingRules,
  typoTolerance,
  pagination: { maxTotalHits: 1_000 },
};

/** Somebody waits for the answer, and PostgreSQL can give it. */
export const searchLimitMs = 800;
/** What is asked of it apart from searches, and how long a batch may take to be taken in. */
export const requestLimitMs = 15_000;
export const batchLimitMs = 10 * 60_000;

/** More words in a query are not looked at by Meilisearch. */
export const mostWords = 10;
/** Up to this many words, an answer holds all of them; of a longer sentence it holds half. */
export const fewWords = 3;
/** The share of the words that is enough of a sentence, and the one that is enough when nothing holds that many; of a few words any one is. */
export const enoughCoverage = 0.5;
export const nearestCoverage = 0.3;
/** How many of the best assets for each single word of a sentence are taken into account. */
export const assetsPerWord = 500;
/** How many pages of the assets that are shown are taken into account for a single word. */
export const pagesPerWord = 400;
