import { listAssetCards } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import type { Candidate, EngineAnswer, EngineHit, EngineQuery, TermGroup } from '../indexing/engine.ts';
import type { AskableEngine } from '../indexing/service.ts';
import { dimensionWeights } from '../indexing/weights.ts';
import { readTokens } from '../words/tokens.ts';
import type { SearchHit, Understanding } from './contract.ts';
import {
  type CandidateFacts,
  listCandidateFacts,
  listSelling,
  listSentToAccount,
  listUseCounts,
} from './hit-queries.ts';
import { type ReadQuestion, writeClusterKey } from './question.ts';
import { type RankedAsset, rankAssets } from './ranking.ts';
import { listReasons, type ReasonFacts } from './reasons.ts';
import { breakTies, type Tie } from './ties.ts';

const evidenceWindowMs = 90 * 86_400_000;
/** So many of the engine's best are ranked again by what only the database knows. */
const rankedAgain = 200;

/** The answers of one question to an engine, in their final order. */
export interface Ranked {
  /** As it was asked: to explain it by the very same object saves the engine from reading it again. */
  asked: EngineQuery;
  answer: EngineAnswer;
  facts: Map<string, CandidateFacts>;
  /** The assets of the page that was wanted. */
  page: RankedAsset[];
  /** All that were ranked, the page among them. */
  all: RankedAsset[];
  /** Where chance chose between two that fit equally. */
  ties: Tie[];
}

/** Asks the engine for its best, ranks them again, and cuts the page; far behind, the engine's own order stands. */
export async function rankAnswers(
  ctx: Context,
  actor: Actor,
  engine: AskableEngine,
  read: ReadQuestion,
  query: EngineQuery,
): Promise<Ranked> {
  const { offset, limit } = query;
  const isRanked = offset < rankedAgain && hasSomethingToRankBy(query);
  const asked = isRanked ? { ...query, offset: 0, limit: Math.max(rankedAgain, offset + limit) } : query;
  const answer = await engine.match(asked);
  const now = ctx.clock();
  const head = answer.candidates.slice(0, Math.max(rankedAgain, limit));
  const clusterKey = writeClusterKey(read, answer.spelling);
  const rows = await listCandidateFacts(ctx.db, {
    assetIds: head.map(({ assetId }) => assetId),
    userId: actor.userId,
    clusterKey,
    now,
  });
  const facts = new Map(rows.map((row) => [row.assetId, row]));
  const tail = answer.candidates.slice(head.length).map(unranked);
  if (!isRanked) {
    const all = answer.candidates.map(unranked);
    return { asked, answer, facts, all, page: all, ties: [] };
  }
  const joined = joinFacts(answer, head, facts, query.situation, read.trust);
  const { ranked, ties } = breakTies(rankAssets(joined, now), {
    seed: `${actor.userId} ${clusterKey}`,
    facts: new Map(joined.map((known) => [known.assetId, known])),
  });
  const all = [...ranked, ...tail];
  return { asked, answer, facts, all, ties, page: all.slice(offset, offset + limit) };
}

export function hasSomethingToRankBy({ words, phrases, situation }: EngineQuery): boolean {
  return words !== '' || phrases.length > 0 || situation.length > 0;
}

function unranked({ assetId, fit }: Candidate): RankedAsset {
  return { assetId, score: fit, isReservedForNew: false };
}

/** What is not published any more has no facts and falls out here. */
function joinFacts(
  { closeCount }: EngineAnswer,
  candidates: Candidate[],
  facts: Map<string, CandidateFacts>,
  situation: TermGroup[],
  trust: number,
) {
  const weigh = (groups: TermGroup[]) =>
    groups.reduce((sum, { dimensionKey }) => sum + dimensionWeights[dimensionKey], 0);
  const whole = weigh(situation);
  return candidates.flatMap(({ assetId, fit }, place) => {
    const known = facts.get(assetId);
    if (!known) return [];
    const isFar = closeCount !== null && place >= closeCount;
    const met = situation.filter(({ termIds }) => termIds.some((id) => known.termIds.includes(id)));
    const metShare = whole === 0 ? 0 : (trust * weigh(met)) / whole;
    return { ...known, fit, metShare, isFar, isRefused: known.notRight !== null };
  });
}

/** Hits to be read: which assets, where they stand, and how they match. */
export interface HitList {
  ranked: Pick<Ranked, 'facts'>;
  assets: RankedAsset[];
  firstPosition: number;
  explained: EngineHit[];
}

/** Reads the rows back by the engine's ids: what an engine remembers is never shown, only what is true now. */
export async function readHits(
  { db, clock }: Context,
  actor: Actor,
  read: ReadQuestion,
  lists: HitList[],
): Promise<SearchHit[][]> {
  const now = clock();
  const assetIds = [...new Set(lists.flatMap(({ assets }) => assets.map(({ assetId }) => assetId)))];
  const [cards, counts, sent, selling] = await Promise.all([
    listAssetCards(db, assetIds, now),
    listUseCounts(db, assetIds, new Date(now.getTime() - evidenceWindowMs)),
    listSentToAccount(db, {
      accountId: read.understanding.account?.id ?? null,
      assetIds,
      userId: actor.userId,
    }),
    listSelling(db, assetIds),
  ]);
  const cardById = new Map(cards.map((card) => [card.id, card]));
  const countById = new Map(counts.map((count) => [count.assetId, count]));
  const sentById = new Map(sent.map(({ assetId, ...row }) => [assetId, row]));
  const askedTerms = listAskedTerms(read);
  const named = findNamedTerms(read);
  return lists.map(({ ranked, assets, firstPosition, explained }) => {
    const hitById = new Map(explained.map((hit) => [hit.assetId, hit]));
    return assets.flatMap(({ assetId, isReservedForNew }, index): SearchHit[] => {
      const asset = cardById.get(assetId);
      const hit = hitById.get(assetId);
      if (asset?.status !== 'published' || !hit) return [];
      const { sharedByCount = 0, humanOpenCount = 0 } = countById.get(assetId) ?? {};
      const { terms, publishedAt } = asset;
      return [
        {
          asset,
          position: firstPosition + index,
          title: hit.title,
          excerpt: hit.excerpt,
          pageNumber: hit.pageNumber,
          why: listReasons({
            terms,
            askedTerms,
            ...named,
            fields: hit.fields,
            pageNumber: hit.pageNumber,
            sharedByCount,
            humanOpenCount,
            publishedAt,
            now,
          }),
          metTermIds: terms.flatMap(({ id }) => (read.termIds.includes(id) ? id : [])),
          talkTrack: selling.get(assetId)?.talkTrack ?? '',
          influence: selling.get(assetId)?.influence ?? null,
          isReservedForNew,
          sentToAccount: sentById.get(assetId) ?? null,
          notRight: ranked.facts.get(assetId)?.notRight ?? null,
          sharedByCount,
          humanOpenCount,
        },
      ];
    });
  });
}

function listAskedTerms(read: ReadQuestion) {
  const typed = new Map(read.read.map((one) => [one.term.id, one]));
  return read.termIds.map((id) => {
    const one = typed.get(id);
    // A sentence that was read as an objection is no other word for it.
    const isWord =
      one !== undefined && one.via !== 'name' && one.typed.length <= 24 && !one.typed.includes('\n');
    return { id, typed: isWord ? one.typed : null };
  });
}

/** Terms that the remaining words name, although they were not read as such, and those whose words they touch. */
function findNamedTerms({
  restTokens,
  knowledge,
}: ReadQuestion): Pick<ReasonFacts, 'namedTermIds' | 'touchedTermIds' | 'synonyms'> {
  const stems = new Set(restTokens.map(({ stem }) => stem));
  const found = new Set([...stems].flatMap((stem) => knowledge.lexicon.phrasesByKey.get(stem) ?? []));
  // What is only meant alike, or said for a synonym, is no word of a tag.
  const phrases = [...found].filter(
    ({ said, tokens }) => said === null && tokens.some(({ stem, isTelling }) => isTelling && stems.has(stem)),
  );
  const named = phrases.filter(({ tokens }) =>
    tokens.every(({ stem, isTelling }) => !isTelling || stems.has(stem)),
  );
  const synonyms = new Map<string, string>();
  // Naming comes after touching, so that of several synonyms the one that stands there whole is told.
  for (const { term, text, via } of [...phrases, ...named])
    if (via === 'synonym') synonyms.set(term.id, text);
  for (const { term, via } of named) if (via === 'name') synonyms.delete(term.id);
  return {
    namedTermIds: named.map(({ term }) => term.id),
    touchedTermIds: phrases.map(({ term }) => term.id),
    synonyms,
  };
}

/** The remaining words that no asset says, as they were typed. */
export function listUnknownWords(
  { unknownWords }: EngineAnswer,
  { rest }: Pick<Understanding, 'rest'>,
): string[] {
  const unknown = readTokens(rest).filter(({ word, isFiller }) => !isFiller && unknownWords.includes(word));
  return [...new Set(unknown.map(({ start, end }) => rest.slice(start, end)))];
}

/** What an engine took words for, unless it is what was typed. */
export function listSpelling(answer: EngineAnswer): Understanding['spelling'] {
  return answer.spelling.filter(({ typed, read }) => typed.toLowerCase() !== read.toLowerCase());
}
