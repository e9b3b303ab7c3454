import type { Judgement } from './contract.ts';

export type JudgedVisit = Pick<Judgement, 'probability'> & { class: string };

export interface HumanOpens {
  value: number;
  low: number;
  high: number;
  hiddenCount: number;
}

export function isHuman({ class: judgedAs }: { class: string }): boolean {
  return judgedAs === 'human-likely' || judgedAs === 'human-confirmed';
}

/** With more visits than these the exact distribution takes long and a normal one says the same. */
const mostExact = 1_000;
/** The 95% quantile of the standard normal distribution. */
const z95 = 1.6449;

/**
 * Human opens with their 90% interval: "11, 9–12; 7 automated hidden". The number of people among independent visits
 * with given probabilities is Poisson-binomial. Its distribution is built up visit by visit, which is exact (Barlow and
 * Heidtmann 1984; method 1 of Hong 2013, "On computing the distribution function for the Poisson binomial distribution",
 * https://doi.org/10.1016/j.csda.2012.10.006); for many visits it is near a normal distribution with the same mean and
 * variance (section 3.2 there).
 */
export function computeHumanOpens(visits: readonly JudgedVisit[]): HumanOpens {
  const value = visits.filter(isHuman).length;
  const candidates = visits.filter((visit) => isHuman(visit) || visit.class === 'unsure');
  const [low, high] = rangeOf(candidates.map(({ probability }) => probability));
  return {
    value,
    low: Math.min(low, value),
    high: Math.max(high, value),
    hiddenCount: visits.length - candidates.length,
  };
}

function rangeOf(probabilities: number[]): [number, number] {
  if (probabilities.length <= mostExact) {
    const distribution = distributionOf(probabilities);
    return [quantileOf(distribution, 0.05), quantileOf(distribution, 0.95)];
  }
  const mean = probabilities.reduce((sum, p) => sum + p, 0);
  const spread = z95 * Math.sqrt(probabilities.reduce((sum, p) => sum + p * (1 - p), 0));
  const clamp = (count: number) => Math.min(probabilities.length, Math.max(0, Math.round(count)));
  return [clamp(mean - spread), clamp(mean + spread)];
}

/** `result[k]` is the probability that exactly k of the independent trials succeed. */
function distributionOf(probabilities: number[]): number[] {
  let distribution = [1];
  for (const p of probabilities) {
    const next = new Array<number>(distribution.length + 1).fill(0);
    for (const [k, mass] of distribution.entries()) {
      next[k] = (next[k] ?? 0) + mass * (1 - p);
      next[k + 1] = (next[k + 1] ?? 0) + mass * p;
    }
    distribution = next;
  }
  return distribution;
}

function quantileOf(distribution: number[], share: number): number {
  let sum = 0;
  for (const [k, mass] of distribution.entries()) {
    sum += mass;
    if (sum >= share - 1e-9) return k;
  }
  return distribution.length - 1;
}
