import { normalBelow, z80, z95 } from './normal.ts';

export interface Interval {
  low: number;
  high: number;
}

/**
 * The 95% interval of a share, sound also for few and for none or all of them.
 *
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927); method 3 of
 * R. G. Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17 (1998).
 */
export function wilsonInterval(part: number, n: number): Interval | null {
  if (n <= 0) return null;
  const share = part / n;
  const z2 = z95 * z95;
  const middle = share + z2 / (2 * n);
  const half = z95 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  const whole = 1 + z2 / n;
  return {
    low: part === 0 ? 0 : Math.max(0, (middle - half) / whole),
    high: part === n ? 1 : Math.min(1, (middle + half) / whole),
  };
}

interface Plan {
  /** The share without and with the effect. */
  base: number;
  lifted: number;
  /** How many unexposed come to one exposed. */
  ratio?: number;
  /** What stands for the chance to find it: `z80` for 80%. */
  zPower?: number;
}

/**
 * How many exposed it takes to tell two shares apart at 5%, to either side.
 *
 * J. L. Fleiss, B. Levin and M. C. Paik, "Statistical Methods for Rates and Proportions", 3rd edition, section 4.2 (formula
 * 4.14) and for groups of different size section 4.3, without the correction for continuity.
 */
export function neededExposed({ base, lifted, ratio = 1, zPower = z80 }: Plan): number {
  const difference = Math.abs(lifted - base);
  if (difference === 0) return Number.POSITIVE_INFINITY;
  const mean = (lifted + ratio * base) / (1 + ratio);
  const underNone = z95 * Math.sqrt((1 + 1 / ratio) * mean * (1 - mean));
  const underEffect = zPower * Math.sqrt(lifted * (1 - lifted) + (base * (1 - base)) / ratio);
  return Math.ceil(((underNone + underEffect) / difference) ** 2);
}

/** How likely two shares are told apart at 5% by so many; the same formula, solved for the power. */
export function powerOfTwoShares({
  base,
  lifted,
  exposed,
  unexposed,
}: {
  base: number;
  lifted: number;
  exposed: number;
  unexposed: number;
}): number {
  if (exposed <= 0 || unexposed <= 0) return 0;
  const mean = (lifted * exposed + base * unexposed) / (exposed + unexposed);
  const underNone = z95 * Math.sqrt(mean * (1 - mean) * (1 / exposed + 1 / unexposed));
  const underEffect = Math.sqrt((lifted * (1 - lifted)) / exposed + (base * (1 - base)) / unexposed);
  if (underEffect === 0) return lifted === base ? 0 : 1;
  return normalBelow((Math.abs(lifted - base) - underNone) / underEffect);
}

/**
 * The 95% interval of the difference of two shares of two groups that have nothing in common, first less second.
 *
 * Method 10 of R. G. Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
 * Medicine 17 (1998): the Wilson intervals of both, put together.
 */
export function differenceInterval(
  first: { part: number; n: number },
  second: { part: number; n: number },
): (Interval & { estimate: number }) | null {
  const one = wilsonInterval(first.part, first.n);
  const two = wilsonInterval(second.part, second.n);
  if (!one || !two) return null;
  const p1 = first.part / first.n;
  const p2 = second.part / second.n;
  const estimate = p1 - p2;
  return {
    estimate,
    low: estimate - Math.hypot(p1 - one.low, two.high - p2),
    high: estimate + Math.hypot(one.high - p1, p2 - two.low),
  };
}

/**
 * The 95% interval of the difference of two shares of the same n, where each was tried on both: of so many only the first
 * succeeded and of so many only the second.
 *
 * A. Agresti and Y. Min, "Simple improved confidence intervals for comparing matched proportions", Statistics in Medicine 24
 * (2005): the plain interval after half a success was added to each of the four cells.
 */
export function pairedDifference({
  onlyFirst,
  onlySecond,
  n,
}: {
  onlyFirst: number;
  onlySecond: number;
  n: number;
}): (Interval & { estimate: number }) | null {
  if (n <= 0) return null;
  const all = n + 2;
  const middle = (onlyFirst - onlySecond) / all;
  const discordant = onlyFirst + onlySecond + 1;
  const half = (z95 * Math.sqrt(discordant - (onlyFirst - onlySecond) ** 2 / all)) / all;
  return {
    estimate: (onlyFirst - onlySecond) / n,
    low: Math.max(-1, middle - half),
    high: Math.min(1, middle + half),
  };
}
