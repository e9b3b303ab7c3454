import { rankingScales, rankingWeights, reservedForNew } from '../indexing/weights.ts';

/** What is known of a candidate besides the words. */
export interface RankingFacts {
  assetId: string;
  /** Of the engine, from 0 to 1. */
  fit: number;
  /** The share of the situation that it meets, as far as the situation is trusted, from 0 to 1. */
  metShare: number;
  publishedAt: Date;
  updatedAt: Date;
  isStale: boolean;
  sharerCount: number;
  humanOpenCount: number;
  notRightCount: number;
  /** Holds fewer of the words than others that were found. */
  isFar: boolean;
  /** The one who asks said of it that it is not right for this. */
  isRefused: boolean;
}

export interface RankedAsset {
  assetId: string;
  score: number;
  isReservedForNew: boolean;
}

const dayMs = 86_400_000;

/** Fit first, then freshness and care, then evidence of use; what holds too few of the words and what was refused comes last. */
export function rankAssets(candidates: readonly RankingFacts[], now: Date): RankedAsset[] {
  const scored = candidates.map((facts, place) => ({ facts, place, score: scoreOf(facts, now) }));
  const ordered = scored.toSorted(
    (a, b) =>
      Number(a.facts.isRefused) - Number(b.facts.isRefused) ||
      Number(a.facts.isFar) - Number(b.facts.isFar) ||
      b.score - a.score ||
      a.place - b.place,
  );
  const ranked = ordered.map(({ facts, score }) => ({ facts, score, isReservedForNew: false }));
  reservePlaces(ranked, now);
  return ranked.map(({ facts: { assetId }, score, isReservedForNew }) => ({
    assetId,
    score,
    isReservedForNew,
  }));
}

function scoreOf(facts: RankingFacts, now: Date): number {
  return (
    rankingWeights.fit * facts.fit +
    rankingWeights.situation * facts.metShare +
    rankingWeights.freshness * freshnessOf(facts, now) +
    rankingWeights.verified * (facts.isStale ? 0 : 1) +
    rankingWeights.evidence * evidenceOf(facts)
  );
}

/** Whole days, so that a page and the next one agree. */
function ageInDays(from: Date, now: Date): number {
  return Math.max(0, Math.floor(now.getTime() / dayMs) - Math.floor(from.getTime() / dayMs));
}

function freshnessOf({ publishedAt, updatedAt }: RankingFacts, now: Date): number {
  const latest = publishedAt > updatedAt ? publishedAt : updatedAt;
  return 0.5 ** (ageInDays(latest, now) / rankingScales.freshHalfLifeDays);
}

/** From 0 to 1, whatever the counts are. */
function evidenceOf({ sharerCount, humanOpenCount, notRightCount }: RankingFacts): number {
  const shared = (sharerCount - notRightCount * rankingScales.sharersPerNotRight) / rankingScales.fullSharers;
  const opened = humanOpenCount / rankingScales.fullOpens;
  return Math.min(1, Math.max(0, (shared + opened) / 2));
}

interface Placed {
  facts: RankingFacts;
  score: number;
  isReservedForNew: boolean;
}

/** Moves new and unused assets up to their places, when they fit nearly as well as what they go before. */
function reservePlaces(ranked: Placed[], now: Date): void {
  for (const place of reservedForNew.places) {
    const holder = ranked[place - 1];
    if (!holder || holder.facts.isRefused || isNewcomer(holder.facts, now)) continue;
    const from = ranked.findIndex(
      ({ facts, score, isReservedForNew }, index) =>
        index >= place &&
        !isReservedForNew &&
        facts.isFar === holder.facts.isFar &&
        isNewcomer(facts, now) &&
        score >= holder.score * reservedForNew.leastShareOfScore,
    );
    const [newcomer] = from === -1 ? [] : ranked.splice(from, 1);
    if (newcomer) ranked.splice(place - 1, 0, { ...newcomer, isReservedForNew: true });
  }
}

function isNewcomer(
  { publishedAt, sharerCount, humanOpenCount, isRefused }: RankingFacts,
  now: Date,
): boolean {
  const isNew = ageInDays(publishedAt, now) < reservedForNew.days;
  return isNew && !isRefused && sharerCount === 0 && humanOpenCount === 0;
}
