/**
 * The share of a standard normal distribution below z.
 *
 * W. J. Cody, "Rational Chebyshev approximations for the error function" (1969), in the form that W. H. Press et al. give
 * as `erfc` in "Numerical Recipes", 3rd edition, section 6.2.2; its error is below 1.2e-7.
 */
export function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.5 * x);
  const coefficients = [
    -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
    -0.82215223, 0.17087277,
  ];
  const series = coefficients.reduceRight((sum, coefficient) => sum * t + coefficient, 0);
  const tail = (t * Math.exp(-x * x + series)) / 2;
  return z > 0 ? 1 - tail : tail;
}

/** Of 95% of a standard normal distribution, half the width. */
export const z95 = 1.959964;
/** Below it lies 80% of a standard normal distribution: the chance to find an effect that a plan asks for. */
export const z80 = 0.841621;

/** How often chance alone is at least so far from zero, to either side. */
export function twoSidedP(z: number): number {
  return Math.min(1, 2 * normalBelow(-Math.abs(z)));
}
