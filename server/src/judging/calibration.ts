/** So many confirmed visits weigh as much as what the rules say without any. */
const priorStrength = 20;

export interface Calibrated {
  probability: number;
  low: number;
  high: number;
}

/**
 * P(human) of a pattern of signals. Before anything is confirmed it is what the rules say, as a Beta distribution that is
 * worth `priorStrength` visits; each confirmed visit is added to it (conjugate prior of the binomial; Gelman et al.,
 * Bayesian Data Analysis, 3rd ed., section 2.4, http://www.stat.columbia.edu/~gelman/book/). Low and high hold 90%.
 */
export function calibrate(rulesSay: number, humanCount: number, otherCount: number): Calibrated {
  const a = priorStrength * rulesSay + humanCount;
  const b = priorStrength * (1 - rulesSay) + otherCount;
  return { probability: a / (a + b), low: betaQuantile(0.05, a, b), high: betaQuantile(0.95, a, b) };
}

/** A share with its 90% interval by Jeffreys' prior (Brown, Cai and DasGupta 2001, https://doi.org/10.1214/ss/1009213286). */
export function shareOf(count: number, total: number): Calibrated {
  const [a, b] = [count + 0.5, total - count + 0.5];
  return {
    probability: total === 0 ? 0 : count / total,
    low: count === 0 ? 0 : betaQuantile(0.05, a, b),
    high: count === total ? 1 : betaQuantile(0.95, a, b),
  };
}

/** By halving, because the distribution function only rises. */
export function betaQuantile(share: number, a: number, b: number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (betaShareBelow(middle, a, b) < share) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** The regularised incomplete beta function by its continued fraction (https://dlmf.nist.gov/8.17#v). */
function betaShareBelow(x: number, a: number, b: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  // The fraction converges fast on this side of the mean; the other side is its mirror image.
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShareBelow(1 - x, b, a);
  const front = Math.exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * Math.log(x) + b * Math.log(1 - x));
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / (1 - ((a + b) * x) / (a + 1) || tiny);
  let fraction = d;
  for (let m = 1; m <= 300; m++) {
    for (const term of [
      (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)),
      (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)),
    ]) {
      d = 1 / (1 + term * d || tiny);
      c = 1 + term / c || tiny;
      fraction *= d * c;
    }
    if (Math.abs(d * c - 1) < 1e-12) break;
  }
  return (front * fraction) / a;
}

/** Stirling's series (https://dlmf.nist.gov/5.11.E1), moved to where it is exact to ten places. */
function logGamma(z: number): number {
  if (z < 10) return logGamma(z + 1) - Math.log(z);
  const inverse = 1 / z;
  const square = inverse * inverse;
  return (
    (z - 0.5) * Math.log(z) -
    z +
    Math.log(2 * Math.PI) / 2 +
    inverse * (1 / 12 - square * (1 / 360 - square * (1 / 1260 - square / 1680)))
  );
}
