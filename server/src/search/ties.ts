import { createHash } from 'node:crypto';
import type { RankedAsset, RankingFacts } from './ranking.ts';

/** Two assets that fitted equally, in the order that chance gave them. */
export interface Tie {
  firstAssetId: string;
  secondAssetId: string;
  /** Of the first of the two, from 1. */
  position: number;
}

/** Nobody looks further for what comes first. */
const tiesAmong = 6;
/** Scores that are no further apart say nothing about which fits better. */
const leastDifference = 1e-6;

type Known = Pick<RankingFacts, 'isFar' | 'isRefused' | 'publishedAt'>;

const dayMs = 86_400_000;

/**
 * Where two neighbours among the best fit equally, chance decides which comes first, so that what the first place makes can be
 * told from what the asset makes. For one person and one question it decides the same each time: nothing jumps.
 */
export function breakTies(
  ranked: readonly RankedAsset[],
  { seed, facts }: { seed: string; facts: ReadonlyMap<string, Known> },
): { ranked: RankedAsset[]; ties: Tie[] } {
  const broken = [...ranked];
  const ties: Tie[] = [];
  for (let place = 0; place + 1 < Math.min(tiesAmong, broken.length); place += 1) {
    const [one, other] = [broken[place], broken[place + 1]];
    if (!one || !other || !isTie(one, other, facts)) continue;
    if (isSwapped(seed, one.assetId, other.assetId)) broken.splice(place, 2, other, one);
    ties.push({
      firstAssetId: broken[place]?.assetId ?? '',
      secondAssetId: broken[place + 1]?.assetId ?? '',
      position: place + 1,
    });
    // Each asset is in one pair only.
    place += 1;
  }
  return { ranked: broken, ties };
}

function isTie(one: RankedAsset, other: RankedAsset, facts: ReadonlyMap<string, Known>): boolean {
  const [a, b] = [facts.get(one.assetId), facts.get(other.assetId)];
  return (
    Math.abs(one.score - other.score) <= leastDifference &&
    !one.isReservedForNew &&
    !other.isReservedForNew &&
    a !== undefined &&
    b !== undefined &&
    a.isFar === b.isFar &&
    // Of two that fit equally the newer one comes first, so that chance is asked where they are of one day.
    dayOf(a) === dayOf(b) &&
    !a.isRefused &&
    !b.isRefused
  );
}

function dayOf({ publishedAt }: Known): number {
  return Math.floor(publishedAt.getTime() / dayMs);
}

/** A coin for the pair, whichever of the two was named first. */
function isSwapped(seed: string, one: string, other: string): boolean {
  const pair = [one, other].toSorted();
  const isHeads =
    ((createHash('sha256')
      .update(`${seed} ${pair.join(' ')}`)
      .digest()[0] ?? 0) &
      1) ===
    1;
  return isHeads === (pair[0] === one);
}
