import type { Database } from '../db/database.ts';
import { spanWords } from '../words/words.ts';
import type { EngineAnswer, EngineHit, EngineQuery, MatchedField, SearchEngine } from './engine.ts';
import { countMatches } from './postgres-count-queries.ts';
import { indexDocuments } from './postgres-index.ts';
import { deleteDocuments, deleteLeftovers } from './postgres-index-queries.ts';
import type { TextMatch } from './postgres-match-queries.ts';
import { listHitTexts } from './postgres-queries.ts';
import { rankMatches } from './postgres-rank-queries.ts';
import { readText, type TextQuery } from './postgres-text.ts';
import { cutPassage, markExcerpt, markText, type WordMatcher } from './snippet.ts';
import { askWidening, handful } from './widening.ts';

/** Full text search by PostgreSQL itself: there is nothing to install and nothing that can be down on its own. */
export function postgresEngine(db: Database): SearchEngine {
  return {
    async match(query) {
      const text = await readOnce(db, query);
      const { spelling, unknownWords } = text;
      return { ...(await findNearest(db, query, text)), spelling, unknownWords };
    },

    async explain(query, assetIds) {
      if (assetIds.length === 0) return [];
      return describeHits(db, assetIds, await readOnce(db, query));
    },

    async index(documents) {
      await indexDocuments(db, documents);
    },

    async remove(assetIds) {
      if (assetIds.length > 0) await deleteDocuments(db, assetIds);
    },

    async rebuild(batches) {
      for await (const documents of batches) await indexDocuments(db, documents);
      await deleteLeftovers(db);
    },
  };
}

/** What was read of a query in order to match it serves to explain it, too. */
const readings = new WeakMap<EngineQuery, Promise<TextQuery>>();

function readOnce(db: Database, query: EngineQuery): Promise<TextQuery> {
  const known = readings.get(query);
  if (known) return known;
  const reading = readText(db, query);
  readings.set(query, reading);
  reading.catch(() => readings.delete(query));
  return reading;
}

/** What holds enough of the words; when nothing does, and of a few words when hardly anything does, what comes nearest. */
function findNearest(
  db: Database,
  query: EngineQuery,
  { match, nearest, isShort }: TextQuery,
): Promise<Omit<EngineAnswer, 'spelling' | 'unknownWords'>> {
  const askBy = (text: TextMatch | null) => (asked: EngineQuery) => findMatches(db, asked, text);
  const wanted = nearest === null ? 0 : isShort ? handful : 1;
  return askWidening(query, { askClose: askBy(match), askWide: askBy(nearest), wanted });
}

/** Ranked and counted side by side: both read much of the same, but neither needs the other. */
async function findMatches(
  db: Database,
  query: EngineQuery,
  text: TextMatch | null,
): Promise<Pick<EngineAnswer, 'candidates' | 'total' | 'termCounts'>> {
  const [candidates, { total, termCounts }] = await Promise.all([
    rankMatches(db, query, text),
    countMatches(db, query, text),
  ]);
  return { candidates, total, termCounts: new Map(Object.entries(termCounts)) };
}

async function describeHits(db: Database, assetIds: string[], text: TextQuery): Promise<EngineHit[]> {
  const texts = new Map((await listHitTexts(db, assetIds, text.marked)).map((row) => [row.assetId, row]));
  const spellings = text.marked.map(({ words }) => words);
  const wordOf = new Map(spellings.flatMap((words, index) => words.map((word) => [word, index] as const)));
  const match: WordMatcher = (word) => wordOf.get(word);
  const holds = (part: string) => wordOf.size > 0 && spanWords(part).some(({ word }) => wordOf.has(word));
  return assetIds.flatMap((assetId): EngineHit | [] => {
    const hit = texts.get(assetId);
    if (!hit) return [];
    const { title, useWhen, talkTrack, description, tags } = hit;
    const passage = hit.pageText === null ? '' : cutPassage(hit.pageText, spellings);
    const excerpt = wordOf.size === 0 ? null : markExcerpt([useWhen, description, talkTrack, passage], match);
    const fields: [MatchedField, string][] = [
      ['title', title],
      ['tag', tags.join('\n')],
      ['use_when', useWhen],
      ['talk_track', talkTrack],
      ['description', description],
    ];
    return {
      assetId,
      title: markText(title, match),
      excerpt: excerpt?.snippet ?? null,
      pageNumber: excerpt?.textIndex === 3 ? hit.pageNumber : null,
      fields: [
        ...fields.filter(([, part]) => holds(part)).map(([field]) => field),
        ...(hit.pageNumber === null ? [] : ['page' as const]),
      ],
    };
  });
}
