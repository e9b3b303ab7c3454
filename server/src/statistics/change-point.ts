/** So many tries in a stretch of time, and how many of them succeeded. */
export interface Step {
  tries: number;
  successes: number;
}

export interface ChangePoint {
  /** The first step after the change. */
  index: number;
  before: Step;
  after: Step;
  /** How likely a change like this is where there is none, the search for the best place included. */
  pValue: number;
}

/**
 * The place where a share of successes changed most: of all places with enough tries on both sides the one with the
 * greatest likelihood ratio of two shares against one. Because the best of many places is taken, its probability is
 * multiplied by their number, which errs on the side of seeing nothing. Undefined where no place has enough tries.
 */
export function findChangePoint(steps: readonly Step[], fewestTries: number): ChangePoint | undefined {
  const all = sumOf(steps);
  let best: ChangePoint | undefined;
  let mostRatio = -1;
  let placeCount = 0;
  let before: Step = { tries: 0, successes: 0 };
  for (const [index, step] of steps.entries()) {
    const after = { tries: all.tries - before.tries, successes: all.successes - before.successes };
    if (before.tries >= fewestTries && after.tries >= fewestTries) {
      placeCount += 1;
      const ratio = Math.max(0, 2 * (logLikelihood(before) + logLikelihood(after) - logLikelihood(all)));
      if (ratio > mostRatio) {
        mostRatio = ratio;
        best = { index, before, after, pValue: tailOf(ratio) };
      }
    }
    before = { tries: before.tries + step.tries, successes: before.successes + step.successes };
  }
  return best && { ...best, pValue: Math.min(1, best.pValue * placeCount) };
}

function sumOf(steps: readonly Step[]): Step {
  return steps.reduce(
    (sum, { tries, successes }) => ({ tries: sum.tries + tries, successes: sum.successes + successes }),
    { tries: 0, successes: 0 },
  );
}

function logLikelihood({ tries, successes }: Step): number {
  const part = (count: number) => (count === 0 ? 0 : count * Math.log(count / tries));
  return part(successes) + part(tries - successes);
}

/** How likely chi-squared of one degree of freedom is above this (Abramowitz and Stegun 7.1.26, to about 1e-7). */
function tailOf(chiSquared: number): number {
  const x = Math.sqrt(chiSquared / 2);
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return polynomial * Math.exp(-x * x);
}
