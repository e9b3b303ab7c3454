import type { AttentionPage } from './api.ts';

/** Where everything stands in a row of the chart; a phone has three lines where a wide window has one. */
export interface PageLayout {
  isNarrow: boolean;
  head: number;
  row: number;
  thumb: { width: number; height: number };
  labelX: number;
  times: { from: number; to: number; y: number };
  medianX: number;
  shares: { from: number; to: number; y: number; height: number };
  reached: number;
  reachedY: number;
}

const narrowBelow = 560;

export function layoutFor(width: number): PageLayout {
  if (width < narrowBelow)
    return {
      isNarrow: true,
      head: 52,
      row: 84,
      thumb: { width: 62, height: 70 },
      labelX: 82,
      times: { from: 82, to: width - 74, y: 42 },
      medianX: width - 6,
      shares: { from: 82, to: width - 6, y: 62, height: 9 },
      reached: width - 6,
      reachedY: 20,
    };
  const times = { from: 166, to: Math.round(166 + (width - 166) * 0.33), y: 32 };
  return {
    isNarrow: false,
    head: 44,
    row: 64,
    thumb: { width: 70, height: 54 },
    labelX: 86,
    times,
    medianX: times.to + 74,
    shares: { from: times.to + 98, to: width - 72, y: 25, height: 14 },
    reached: width - 6,
    reachedY: 37,
  };
}

const steps = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600].map((seconds) => seconds * 1000);

/** The time axis: as long as the longest that has to be seen, with at most four lines. */
export function axisOf(
  pages: readonly AttentionPage[],
  { times, isNarrow }: PageLayout,
): { at: (ms: number) => number; ticks: number[] } {
  const longest = Math.max(1_000, ...pages.map(({ activeMs }) => activeMs?.high ?? 0));
  const expected = Math.max(
    0,
    ...pages.map(({ expectedMs }) => expectedMs).filter((ms) => ms <= longest * 2.5),
  );
  const most = Math.max(longest, expected) * 1.04;
  const lines = isNarrow ? 3 : 4;
  const step = steps.find((each) => most / each < lines) ?? most / lines;
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
  return { at: (ms) => times.from + (ms / most) * (times.to - times.from), ticks };
}
