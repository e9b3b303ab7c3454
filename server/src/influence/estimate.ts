import {
  comparable,
  type PooledDifference,
  poolDifference,
  powerOfPooled,
  type Stratum,
} from '../statistics/mantel-haenszel.ts';
import { falseDiscoveryRates, shrink } from '../statistics/many.ts';

/** Below these nothing is said. */
export const minimum = { exposed: 20, unexposed: 20, outcome: 5 } as const;
/** A difference that is worth knowing: the power is that to find it. */
const differenceToFind = 0.1;
/** Of the assets that are marked at most such a share is expected to be chance. */
export const falseDiscoveryLevel = 0.1;

export interface Counts {
  exposed: number;
  exposedWith: number;
  unexposed: number;
  unexposedWith: number;
}

export interface Judged {
  /** Of strata that hold both deals that read it and deals that did not: the others compare nothing. */
  counts: Counts;
  pooled: PooledDifference | null;
  power: number | null;
  moreDealCount: number;
}

/** What the strata of one asset say by themselves. */
export function judgeStrata(strata: readonly Stratum[]): Judged {
  const compared = comparable(strata);
  const counts = addCounts(compared);
  const moreDealCount = countMissing(counts, addCounts(strata));
  const pooled = moreDealCount > 0 ? null : poolDifference(compared);
  if (!pooled) return { counts, pooled, power: null, moreDealCount: Math.max(1, moreDealCount) };
  return { counts, pooled, power: powerOfPooled(compared, differenceToFind), moreDealCount: 0 };
}

/** About how many more deals have to read it until there is enough, when they turn out as those so far. */
function countMissing(counts: Counts, all: Counts): number {
  const { exposed, exposedWith, unexposed, unexposedWith } = counts;
  const n = exposed + unexposed;
  const progressed = exposedWith + unexposedWith;
  // A smoothed share, so that none so far does not ask for infinitely many.
  const share = (all.exposedWith + all.unexposedWith + 1) / (all.exposed + all.unexposed + 2);
  return Math.ceil(
    Math.max(
      minimum.exposed - exposed,
      minimum.unexposed - unexposed,
      (minimum.outcome - progressed) / share,
      (minimum.outcome - (n - progressed)) / (1 - share),
      0,
    ),
  );
}

export interface Standing {
  shrunken: number;
  falseDiscoveryRate: number;
  isSure: boolean;
}

/** What many assets say together: corrected for their number, and moved towards their mean for the order. */
export function standAmong(pooled: readonly PooledDifference[]): Standing[] {
  const rates = falseDiscoveryRates(pooled.map(({ pValue }) => pValue));
  const shrunken = shrink(pooled);
  return pooled.map(({ low, high }, index) => {
    const falseDiscoveryRate = rates[index] ?? 1;
    return {
      shrunken: shrunken[index] ?? 0,
      falseDiscoveryRate,
      isSure: falseDiscoveryRate <= falseDiscoveryLevel && (low > 0 || high < 0),
    };
  });
}

export function addCounts(strata: readonly Stratum[]): Counts {
  const sum = { exposed: 0, exposedWith: 0, unexposed: 0, unexposedWith: 0 };
  for (const stratum of strata) {
    sum.exposed += stratum.exposed;
    sum.exposedWith += stratum.exposedWith;
    sum.unexposed += stratum.unexposed;
    sum.unexposedWith += stratum.unexposedWith;
  }
  return sum;
}
