import { setImmediate } from 'node:timers/promises';
import type { Database } from '../db/database.ts';
import type { EngineHit, EngineQuery, SearchDocument, SearchEngine } from './engine.ts';
import {
  deleteDocuments,
  deleteLeftovers,
  findRankedAssets,
  findRecentAssets,
  findSimilarWords,
  findStems,
  findWordFacts,
  insertWords,
  listHitTexts,
  listUnknownWords,
  type Selection,
  upsertDocument,
  type WordFact,
} from './postgres-queries.ts';
import { cutPassage, markExcerpt, markText, type WordMatcher } from './snippet.ts';
import { cutAtSpaces, type Placing, placeHeading, startPlacing, writeVector } from './vector.ts';
import { allowedEdits, editDistance, listDeletions, listWords } from './words.ts';

/** More words than this make a search slower but no better. */
const mostWords = 24;
/** Up to this many words, an answer holds all of them; of a longer sentence it holds half. */
const fewWords = 3;
/** The share of the words that is enough when nothing holds that many. */
const nearestCoverage = 0.3;
/** How many spellings a misspelt word may stand for. */
const mostSpellings = 4;

/** Full text search by PostgreSQL itself: there is nothing to install and nothing that can be down on its own. */
export function postgresEngine(db: Database): SearchEngine {
  return {
    async match(query) {
      const selection: Selection = {
        dimensionKeys: query.groups.map((group) => group.dimensionKey),
        termIds: query.groups.flatMap((group) => group.termIds),
        audience: query.audience,
        offset: query.offset,
        limit: query.limit,
      };
      const words = await understandWords(db, query.words);
      const found =
        words.length === 0 && listWords(query.words).length === 0
          ? await findRecentAssets(db, selection)
          : await findRanked(db, query, words, selection);
      return {
        total: found.total,
        termCounts: new Map(Object.entries(found.termCounts)),
        candidates: found.assetIds.map((assetId, index) => ({ assetId, fit: 1 / (1 + index) })),
        spelling: [],
      };
    },

    async explain(query, assetIds) {
      return describeHits(db, assetIds, await understandWords(db, query.words));
    },

    async index(documents) {
      for (const document of documents) await indexDocument(db, document);
    },

    async remove(assetIds) {
      if (assetIds.length > 0) await deleteDocuments(db, assetIds);
    },

    async rebuild(batches) {
      for await (const documents of batches) await this.index(documents);
      await deleteLeftovers(db);
    },
  };
}

/** One word of the query, with the spellings that it may stand for. */
interface AskedWord {
  spellings: WordFact[];
  /** The start of a word that is perhaps still being typed. */
  start: string | null;
  query: string;
  /** How much the word tells assets apart: high when few have it. */
  weight: number;
  /** Where it stands in the query. */
  place: number;
}

async function understandWords(db: Database, text: string): Promise<AskedWord[]> {
  const given = listWords(text);
  const words = [...new Set(given)].slice(0, mostWords);
  if (words.length === 0) return [];
  const unfinished = given.length <= mostWords ? (given.at(-1) ?? null) : null;
  const facts = await findWordFacts(db, words, unfinished);
  const telling = facts.filter((fact) => fact.stem !== null);
  const kept = telling.length > 0 ? telling : facts;
  const respelt = await respell(
    db,
    kept.filter((fact) => fact.documentCount === 0),
  );
  const asked = kept.map((fact) => {
    const spellings = respelt.get(fact.word) ?? [fact];
    const documentCount = Math.max(...spellings.map((spelling) => spelling.documentCount));
    return {
      spellings,
      start: fact.word === unfinished ? fact.word : null,
      query: spellings.map((spelling) => spelling.query).join(' | '),
      place: given.indexOf(fact.word),
      weight: documentCount === 0 ? 0 : 1 / Math.log2(2 + documentCount),
    };
  });
  // A word that nobody has heard of says little about what is looked for: it weighs as much as the commonest.
  const least = Math.min(1, ...asked.flatMap(({ weight }) => (weight > 0 ? weight : [])));
  return asked.map((word) => ({ ...word, weight: word.weight || least }));
}

/** For words that no document holds: the closest words of the library that some document does hold. */
async function respell(db: Database, unknown: WordFact[]): Promise<Map<string, WordFact[]>> {
  const respelt = new Map<string, WordFact[]>();
  const misspelt = unknown.map(({ word }) => word).filter((word) => allowedEdits(word) > 0);
  if (misspelt.length === 0) return respelt;
  const known = await findSimilarWords(db, [...new Set(misspelt.flatMap(listDeletions))]);
  for (const word of misspelt) {
    const near = known
      .map((candidate) => ({ candidate, distance: editDistance(word, candidate) }))
      .filter(({ distance }) => distance <= allowedEdits(word))
      .toSorted((a, b) => a.distance - b.distance);
    const closest = near
      .filter(({ distance }) => distance === near[0]?.distance)
      .map(({ candidate }) => candidate);
    const facts = await findWordFacts(db, closest.slice(0, 20), null);
    const held = facts
      .filter((fact) => fact.documentCount > 0)
      .toSorted((a, b) => b.documentCount - a.documentCount);
    if (held.length > 0) respelt.set(word, held.slice(0, mostSpellings));
  }
  return respelt;
}

/** First what holds all of a few words or half of a sentence; only when there is none of that, the nearest. */
async function findRanked(db: Database, query: EngineQuery, words: AskedWord[], selection: Selection) {
  const ranked = {
    queries: words.map((word) => word.query),
    weights: words.map((word) => word.weight),
    titleStart: query.words.replaceAll('\u0000', '').trim().toLowerCase(),
  };
  const coverage = words.length <= fewWords ? 1 : 0.5;
  const found = await findRankedAssets(db, { ...ranked, coverage }, selection);
  if (found.total > 0 || words.length < 2) return found;
  return findRankedAssets(db, { ...ranked, coverage: nearestCoverage }, selection);
}

async function describeHits(db: Database, assetIds: string[], words: AskedWord[]): Promise<EngineHit[]> {
  const texts = new Map((await listHitTexts(db, assetIds, words)).map((text) => [text.assetId, text]));
  const needles = words.map(({ spellings }) =>
    spellings.flatMap(({ word, stem }) => [word, ...(stem ? [stem] : [])]),
  );
  const hits = assetIds
    .flatMap((assetId) => texts.get(assetId) ?? [])
    .map(({ useWhen, description, talkTrack, pageText, ...hit }) => ({
      ...hit,
      texts: [useWhen, description, talkTrack, pageText === null ? '' : cutPassage(pageText, needles)],
    }));
  const match = await matcherOf(
    db,
    words,
    hits.flatMap((hit) => [hit.title, ...hit.texts]),
  );
  return hits.map((hit) => {
    const excerpt = words.length === 0 ? null : markExcerpt(hit.texts, match);
    const isOfPage = excerpt !== null && excerpt.textIndex === hit.texts.length - 1;
    return {
      assetId: hit.assetId,
      title: markText(hit.title, match),
      excerpt: excerpt?.snippet ?? null,
      pageNumber: isOfPage ? hit.pageNumber : null,
      fields: [],
    };
  });
}

/** Marks by the same stems that PostgreSQL searched by, which only it can tell. */
async function matcherOf(db: Database, words: AskedWord[], texts: string[]): Promise<WordMatcher> {
  const starts = new Set(
    words.flatMap((word) => word.spellings.map((spelling) => spelling.word.slice(0, 2))),
  );
  const candidates = new Set(texts.flatMap(listWords).filter((word) => starts.has(word.slice(0, 2))));
  const stems = await findStems(db, [...candidates]);
  return (word) => {
    if (!starts.has(word.slice(0, 2))) return undefined;
    const stem = stems.get(word);
    const index = words.findIndex(
      ({ spellings, start }) =>
        (start !== null && word.startsWith(start)) ||
        spellings.some(
          (spelling) => spelling.word === word || (stem !== undefined && spelling.stem === stem),
        ),
    );
    return index === -1 ? undefined : index;
  };
}

/** How many pages are sent at once. */
const pagesAtOnce = 50;
const stemsAtOnce = 20_000;

async function indexDocument(db: Database, document: SearchDocument): Promise<void> {
  const placing = placeHeading(document);
  const heading = [...placing.placed];
  for (const page of document.pages) await addInTurns(placing, page.text);
  const words = [...placing.words];
  const stems = new Map<string, string>();
  for (let from = 0; from < words.length; from += stemsAtOnce)
    for (const [word, stem] of await findStems(db, words.slice(from, from + stemsAtOnce)))
      stems.set(word, stem);
  await upsertDocument(db, {
    assetId: document.assetId,
    heading: writeVector(heading, stems),
    vector: writeVector(placing.placed, stems),
    pages: vectorsOf(document, stems),
    indexedAt: document.readAt,
  });
  const unknown = await listUnknownWords(
    db,
    [...new Set(placing.placed.map(({ word }) => word))].filter(
      (word) => allowedEdits(word) > 0 && !/\d/.test(word),
    ),
  );
  await insertWords(
    db,
    unknown.map((word) => ({ word, deletions: listDeletions(word) })),
  );
}

/** A page can be a text of megabytes, whose words take seconds, so others get their turn in between. */
async function addInTurns(placing: Placing, text: string): Promise<void> {
  for (const piece of cutAtSpaces(text)) {
    placing.add('D', piece);
    await setImmediate();
  }
}

/** The pages with their vectors, some at a time: those of a book would fill the memory. */
async function* vectorsOf({ pages }: SearchDocument, stems: Map<string, string>) {
  for (let from = 0; from < pages.length; from += pagesAtOnce) {
    const some: { pageNumber: number; text: string; vector: string }[] = [];
    for (const { pageNumber, text } of pages.slice(from, from + pagesAtOnce)) {
      const placing = startPlacing();
      await addInTurns(placing, text);
      some.push({ pageNumber, text, vector: writeVector(placing.placed, stems) });
    }
    yield some;
  }
}
