import type { Random } from './random.ts';

/** How long somebody stayed on each page, from the first to where they stopped. Every file has pages that hold people and others that don't. */
export function planPages(random: Random, file: string, pageCount: number): number[] {
  const thoroughness = random.between(0.5, 1.5);
  const last = random.chance(0.62) ? pageCount : random.whole(1, pageCount);
  return Array.from({ length: last }, (_, index) => {
    const seconds = 14 + 62 * pullOf(file, index) * thoroughness * random.between(0.7, 1.3);
    // Turned over, but for the first, which everybody meets.
    return Math.round((index > 0 && random.chance(0.1) ? random.between(0.8, 2) : seconds) * 1000);
  });
}

/** Between 0.2 and 1, the same each time. */
function pullOf(file: string, page: number): number {
  let hash = page * 131 + 7;
  for (const letter of file) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 99_991;
  return 0.2 + (0.8 * (hash % 97)) / 96;
}

/** What was played of a video of so many seconds: many stop, and some jump to its end. */
export function planWatched(random: Random, seconds: number): [number, number][] {
  if (random.chance(0.4)) return [[0, seconds]];
  const stop = Math.max(2, Math.round(seconds * random.between(0.15, 0.85)));
  const jump = random.whole(stop, seconds);
  return jump > stop && jump < seconds - 1 && random.chance(0.35)
    ? [
        [0, stop],
        [jump, seconds],
      ]
    : [[0, stop]];
}
