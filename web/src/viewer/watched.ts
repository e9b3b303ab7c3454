/** Which seconds of a video or sound were played, in its own time: at double speed a minute tells of two. */
export interface Watched {
  /** The place that playing goes on from; null while it does not. */
  from: number | null;
  ranges: [number, number][];
}

export const nothingWatched = (): Watched => ({ from: null, ranges: [] });

/** Between two looks nobody gets further than this by playing; more is a jump. */
const longestStep = 8;

/** Takes in where it stands now, and whether it goes on playing. Answers whether anything was added. */
export function watch(watched: Watched, place: number, isPlaying: boolean): boolean {
  const { from } = watched;
  watched.from = isPlaying ? place : null;
  if (from === null || place <= from || place - from > longestStep) return false;
  watched.ranges = joinRanges([...watched.ranges, [from, place]]);
  return true;
}

/** In order, without overlaps. */
function joinRanges(ranges: [number, number][]): [number, number][] {
  const joined: [number, number][] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = joined.at(-1);
    if (last && from <= last[1]) last[1] = Math.max(last[1], to);
    else joined.push([from, to]);
  }
  return joined;
}

const mostRanges = 50;

/** In whole seconds; of more stretches than a message may name the longest. */
export function toSeconds({ ranges }: Watched): [number, number][] {
  return ranges
    .map(([from, to]): [number, number] => [Math.round(from), Math.round(to)])
    .filter(([from, to]) => to > from)
    .toSorted(([a, b], [c, d]) => d - c - (b - a))
    .slice(0, mostRanges);
}
