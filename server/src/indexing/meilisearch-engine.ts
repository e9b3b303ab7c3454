import type { Database } from '../db/database.ts';
import type { Candidate, EngineAnswer, EngineQuery, SearchEngine } from './engine.ts';
import type { MeilisearchServer } from './meilisearch.ts';
import {
  coverSentence,
  findMarkedWord,
  highlightTags,
  pagesAnswer,
  partsAnswer,
  pickPages,
  spellingsAnswer,
  wordsAnswer,
} from './meilisearch-answer.ts';
import { putDocuments, refill, removeDocuments } from './meilisearch-filling.ts';
import { isSpelling, markHit } from './meilisearch-marking.ts';
import { listHitPages, listTermDimensions, listWithinFilters } from './meilisearch-queries.ts';
import {
  joinWords,
  listNeedles,
  planFilter,
  planParts,
  type ReadQuery,
  readQuery,
} from './meilisearch-query.ts';
import {
  assetSettings,
  assetsPerWord,
  enoughCoverage,
  type IndexNames,
  nearestCoverage,
  pagesPerWord,
} from './meilisearch-settings.ts';
import { postgresEngine } from './postgres.ts';
import { askWidening, handful } from './widening.ts';

type Coverage = ReturnType<typeof coverSentence>;

/** Meilisearch finds and ranks; what it finds is held against the database, which also has the texts that are shown. */
export function meilisearchEngine(db: Database, server: MeilisearchServer, names: IndexNames): SearchEngine {
  return {
    async match(query) {
      const isShelf = query.words === '' && query.phrases.length === 0 && query.situation.length === 0;
      // Only the database knows what was used last.
      if (isShelf) return postgresEngine(db).match(query);
      const read = readQuery(query);
      const enough = read.isSentence ? await cover(query, read, enoughCoverage) : [];
      const [found, spellings] = await Promise.all([
        askWidening(query, {
          askClose: (asked) => askParts(asked, read, enough),
          askWide: async (asked) =>
            askParts(asked, read, await cover(asked, read, read.isSentence ? nearestCoverage : 0)),
          wanted: read.words.length < 2 ? 0 : read.isSentence ? 1 : handful,
        }),
        readSpellings(read),
      ]);
      return { ...found, ...spellings };
    },

    async explain(query, assetIds) {
      if (assetIds.length === 0) return [];
      const pages = await findPages(query, assetIds);
      return (await listHitPages(db, assetIds, pages)).map((texts) => markHit(query, texts));
    },

    index: (documents) => putDocuments(server, names, documents),
    remove: (assetIds) => removeDocuments(server, names, assetIds),
    rebuild: (batches) => refill(server, names, batches),
  };

  /** Each dimension that narrows needs a count of its own, without what was chosen in it. */
  async function askParts(
    query: EngineQuery,
    read: ReadQuery,
    covered: Coverage,
  ): Promise<Pick<EngineAnswer, 'candidates' | 'total' | 'termCounts'>> {
    const [found, ...counts] = await Promise.all([
      askMerged(query, read, covered),
      ...query.groups.map((group) => {
        const groups = query.groups.filter((other) => other !== group);
        return askMerged({ ...query, groups, offset: 0, limit: 0 }, read, covered);
      }),
    ]);
    const termCounts = new Map(found.termCounts);
    if (counts.length > 0) {
      const named = new Set(counts.flatMap(({ termCounts }) => [...termCounts.keys()]));
      const dimensions = await listTermDimensions(db, [...named, ...termCounts.keys()]);
      for (const [index, { dimensionKey }] of query.groups.entries())
        for (const [termId, dimension] of dimensions) {
          if (dimension !== dimensionKey) continue;
          const count = counts[index]?.termCounts.get(termId);
          if (count === undefined) termCounts.delete(termId);
          else termCounts.set(termId, count);
        }
    }
    const candidates = await keepCurrent(query, found.candidates);
    // What is gone is taken from the total as far as it is known; the rest follows with the index.
    return { candidates, termCounts, total: found.total - (found.candidates.length - candidates.length) };
  }

  async function askMerged(query: EngineQuery, read: ReadQuery, covered: Coverage) {
    const answer = await server.search(partsAnswer, {
      federation: {
        offset: query.offset,
        limit: query.limit,
        facetsByIndex: { [names.assets]: ['termIds'] },
      },
      queries: planParts(query, read, covered).map(({ q, filter, weight }) => ({
        indexUid: names.assets,
        q,
        filter: filter === '' ? [] : filter,
        matchingStrategy: 'all',
        attributesToRetrieve: ['assetId'],
        showRankingScore: true,
        federationOptions: { weight },
      })),
    });
    return {
      candidates: answer.hits.map(({ assetId, _federation }) => ({
        assetId,
        fit: Math.min(1, Math.max(0, _federation.weightedRankingScore)),
      })),
      total: answer.estimatedTotalHits,
      termCounts: new Map(Object.entries(answer.facetsByIndex[names.assets]?.distribution.termIds ?? {})),
    };
  }

  /** What was withdrawn, or is not within the filters any more, is gone at once, not only when the index follows. */
  async function keepCurrent(query: EngineQuery, candidates: Candidate[]): Promise<Candidate[]> {
    if (candidates.length === 0) return [];
    const current = new Set(
      await listWithinFilters(
        db,
        candidates.map(({ assetId }) => assetId),
        query,
      ),
    );
    return candidates.filter(({ assetId }) => current.has(assetId));
  }

  /**
   * Meilisearch cannot ask for half of the words, whichever they are. So each word is asked on its own, and what holds
   * enough of them is counted here; of a word that very many assets hold, only the best are taken into account.
   */
  async function cover(query: EngineQuery, { words, demands }: ReadQuery, enough: number): Promise<Coverage> {
    const filter = planFilter({ ...query, groups: [] });
    const { results } = await server.search(wordsAnswer, {
      queries: words.map((word) => ({
        indexUid: names.assets,
        q: joinWords(demands, [word]),
        filter: filter === '' ? [] : filter,
        limit: assetsPerWord,
        attributesToRetrieve: ['assetId'],
      })),
    });
    const covers = results.map(({ hits, estimatedTotalHits }) => ({
      assetIds: hits.map(({ assetId }) => assetId),
      count: estimatedTotalHits,
    }));
    return coverSentence(covers, enough);
  }

  /** The best asset for a word alone shows what the word was taken for: the right spelling always comes first. */
  async function readSpellings({
    words,
  }: ReadQuery): Promise<Pick<EngineAnswer, 'spelling' | 'unknownWords'>> {
    const fields = assetSettings.searchableAttributes.filter((field) => !/forms/i.test(field));
    if (words.length === 0) return { spelling: [], unknownWords: [] };
    const { results } = await server.search(spellingsAnswer, {
      queries: words.map((q) => ({
        indexUid: names.assets,
        q,
        limit: 1,
        attributesToRetrieve: ['assetId'],
        attributesToHighlight: fields,
        attributesToCrop: ['body'],
        cropLength: 8,
        ...highlightTags,
      })),
    });
    const spelling = results.flatMap(({ hits }, index) => {
      const typed = words[index] ?? '';
      const read = hits[0] && findMarkedWord(hits[0]._formatted, fields);
      return read !== undefined && !isSpelling(typed, read) ? { typed, read } : [];
    });
    return { spelling, unknownWords: words.filter((_, index) => results[index]?.hits.length === 0) };
  }

  /** The page of each asset that holds all words, else most of them. */
  async function findPages(query: EngineQuery, assetIds: string[]): Promise<Map<string, number>> {
    const filter = `assetId IN [${assetIds.join(', ')}]`;
    const needles = listNeedles(query, readQuery(query));
    if (needles.length === 0) return new Map();
    const { results } = await server.search(pagesAnswer, {
      queries: needles.map(({ q, isWhole }) => ({
        indexUid: names.pages,
        q,
        filter,
        matchingStrategy: 'all',
        ...(isWhole ? { distinct: 'assetId', limit: assetIds.length } : { limit: pagesPerWord }),
        showRankingScore: true,
        attributesToRetrieve: ['assetId', 'pageNumber'],
      })),
    });
    return pickPages(results.map(({ hits }, index) => ({ hits, weight: needles[index]?.weight ?? 0 })));
  }
}
