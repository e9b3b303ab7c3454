import { normalBelow, twoSidedP, z95 } from './normal.ts';

/** Two groups of one stratum, and how many of each had the outcome. */
export interface Stratum {
  exposed: number;
  exposedWith: number;
  unexposed: number;
  unexposedWith: number;
}

export interface PooledDifference {
  /** Of the shares with the outcome, exposed less unexposed, from -1 to 1. */
  estimate: number;
  standardError: number;
  low: number;
  high: number;
  pValue: number;
}

/** Only a stratum with both groups compares anything; the others have no weight. */
export function comparable<S extends Stratum>(strata: readonly S[]): S[] {
  return strata.filter(({ exposed, unexposed }) => exposed > 0 && unexposed > 0);
}

/**
 * The difference of risks, pooled over strata, with its 95% interval; null where no stratum has both groups or nothing varies.
 *
 * N. Mantel and W. Haenszel's weights n1·n0/N for the difference: S. Greenland and J. M. Robins, "Estimation of a common
 * effect parameter from sparse follow-up data", Biometrics 41 (1985). The variance holds for few large and for many sparse
 * strata: T. Sato, "On the variance estimator for the Mantel–Haenszel risk difference", Biometrics 45 (1989).
 */
export function poolDifference(strata: readonly Stratum[]): PooledDifference | null {
  let weight = 0;
  let difference = 0;
  let p = 0;
  let q = 0;
  for (const { exposed: n1, exposedWith: x1, unexposed: n0, unexposedWith: x0 } of comparable(strata)) {
    const n = n1 + n0;
    weight += (n1 * n0) / n;
    difference += (x1 * n0 - x0 * n1) / n;
    p += (n1 * n1 * x0 - n0 * n0 * x1 + (n1 * n0 * (n0 - n1)) / 2) / (n * n);
    q += (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * n);
  }
  if (weight === 0) return null;
  const estimate = difference / weight;
  const variance = (estimate * p + q) / (weight * weight);
  if (!(variance > 0)) return null;
  const standardError = Math.sqrt(variance);
  return {
    estimate,
    standardError,
    low: Math.max(-1, estimate - z95 * standardError),
    high: Math.min(1, estimate + z95 * standardError),
    pValue: twoSidedP(estimate / standardError),
  };
}

/**
 * How likely a true difference of this size would be found: that the 95% interval of the pooled difference leaves zero out on
 * its side, with as many deals in each stratum and as often the outcome as there is without exposure.
 *
 * Normal approximation of the power of a weighted difference of proportions: J. L. Fleiss, B. Levin and M. C. Paik,
 * "Statistical Methods for Rates and Proportions", 3rd edition, chapter 4, with the weights of the pooled difference.
 */
export function powerOfPooled(strata: readonly Stratum[], difference: number): number {
  let weight = 0;
  let variance = 0;
  for (const { exposed: n1, exposedWith: x1, unexposed: n0, unexposedWith: x0 } of comparable(strata)) {
    const n = n1 + n0;
    // A half is added to either outcome, so that a stratum of a few does not claim to be certain.
    const all = (x1 + x0 + 0.5) / (n + 1);
    const base = clampShare(all - (difference * n1) / n);
    const lifted = clampShare(base + difference);
    const w = (n1 * n0) / n;
    weight += w;
    variance += w * w * ((lifted * (1 - lifted)) / n1 + (base * (1 - base)) / n0);
  }
  if (weight === 0) return 0;
  const standardError = Math.sqrt(variance) / weight;
  if (standardError === 0) return 1;
  return normalBelow(Math.abs(difference) / standardError - z95);
}

function clampShare(share: number): number {
  return Math.min(0.999, Math.max(0.001, share));
}
