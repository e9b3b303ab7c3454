/**
 * What of many comparisons survives: each p value corrected, so that of those at or below a level that share is expected to be
 * chance at most; in the order given.
 *
 * Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57 (1995), as adjusted values.
 */
export function falseDiscoveryRates(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[b] ?? 1) - (pValues[a] ?? 1));
  const adjusted = pValues.map(() => 1);
  let least = 1;
  order.forEach((index, place) => {
    const rank = pValues.length - place;
    least = Math.min(least, ((pValues[index] ?? 1) * pValues.length) / rank);
    adjusted[index] = least;
  });
  return adjusted;
}

export interface Estimate {
  estimate: number;
  standardError: number;
}

/**
 * How much the true values differ from each other, beyond what chance explains: a variance, 0 where chance explains all.
 *
 * R. DerSimonian and N. Laird, "Meta-analysis in clinical trials", Controlled Clinical Trials 7 (1986).
 */
export function varianceBetween(estimates: readonly Estimate[]): number {
  const weights = estimates.map(({ standardError }) => 1 / standardError ** 2);
  const total = sum(weights);
  if (estimates.length < 2 || total === 0) return 0;
  const mean = sum(estimates.map(({ estimate }, index) => estimate * (weights[index] ?? 0))) / total;
  const q = sum(estimates.map(({ estimate }, index) => (weights[index] ?? 0) * (estimate - mean) ** 2));
  const scale = total - sum(weights.map((weight) => weight * weight)) / total;
  return scale > 0 ? Math.max(0, (q - (estimates.length - 1)) / scale) : 0;
}

/**
 * Each estimate moved towards the mean of all, the further the less is known of it: an order by these is not led by the luck
 * of the few.
 *
 * Empirical Bayes with a normal prior: C. N. Morris, "Parametric empirical Bayes inference", JASA 78 (1983).
 */
export function shrink(estimates: readonly Estimate[]): number[] {
  const between = varianceBetween(estimates);
  const weights = estimates.map(({ standardError }) => 1 / (standardError ** 2 + between));
  const total = sum(weights);
  if (total === 0) return estimates.map(({ estimate }) => estimate);
  const mean = sum(estimates.map(({ estimate }, index) => estimate * (weights[index] ?? 0))) / total;
  return estimates.map(({ estimate, standardError }) => {
    const kept = between / (between + standardError ** 2);
    return mean + kept * (estimate - mean);
  });
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
