import type { Rung, ShelfGrouping, Spine as SpineOfAsset } from '@offshelf/server/contract/analytics';
import { rungOrder, rungStep, rungWords } from './rungs.ts';

/** One asset, or in a large library so many of one group that stand on the same rung. */
export interface Spine extends SpineOfAsset {
  standsFor?: number;
}

/** How many assets of a group stand on a rung. */
export interface RungCount {
  group: string | null;
  rung: Rung;
  count: number;
}

export interface SpineGroup {
  name: string;
  spines: Spine[];
}

const none: Record<ShelfGrouping, string> = {
  rung: '',
  contentType: 'No content type',
  persona: 'No persona',
  stage: 'No stage',
  owner: 'No owner',
};

/** Every asset once: where it has several personas or stages, it stands with the first. */
function groupOf(spine: Spine, by: Exclude<ShelfGrouping, 'rung'>): string | null | undefined {
  if (by === 'contentType') return spine.contentType;
  if (by === 'owner') return spine.ownerName;
  return by === 'persona' ? spine.personas[0] : spine.stages[0];
}

/** More spines than these are no picture any more. */
const mostDrawn = 1_200;

/** Spines that stand for several assets each, as few as still make a picture; together they stand for every one. */
export function bundleSpines(
  counts: readonly RungCount[],
  by: ShelfGrouping,
  most = mostDrawn,
): { spines: Spine[]; each: number } {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  const each = Math.max(1, Math.ceil(total / most));
  const spines = counts.flatMap(({ group, rung, count }) =>
    Array.from(
      { length: Math.ceil(count / each) },
      (_, index): Spine => ({
        assetId: `${group ?? ''}-${rung}-${index.toString()}`,
        title: by === 'rung' ? 'Spine' : (group ?? none[by]),
        rung,
        contentType: by === 'contentType' ? group : null,
        personas: by === 'persona' && group ? [group] : [],
        stages: by === 'stage' && group ? [group] : [],
        ownerName: by === 'owner' ? group : null,
        isStale: false,
        standsFor: Math.min(each, count - index * each),
      }),
    ),
  );
  return { spines, each };
}

/** How many assets these spines stand for. */
export function countAssets(spines: readonly Spine[]): number {
  return spines.reduce((sum, { standsFor = 1 }) => sum + standsFor, 0);
}

/** Groups in the given order, else the largest first; those without a value come last. Within a group the furthest come first. */
export function groupSpines(
  spines: readonly Spine[],
  by: ShelfGrouping,
  order: readonly string[] = [],
  firstStop = rungWords.published.stop,
): SpineGroup[] {
  const stopOf = (rung: Rung) => (rung === 'published' ? firstStop : rungWords[rung].stop);
  const stops = rungOrder.map(stopOf);
  const groups = Map.groupBy(spines, (spine) =>
    by === 'rung' ? stopOf(spine.rung) : (groupOf(spine, by) ?? none[by]),
  );
  const rank = (name: string) => {
    if (name === none[by]) return Number.POSITIVE_INFINITY;
    const index = (by === 'rung' ? stops : order).indexOf(name);
    return index < 0 ? order.length : index;
  };
  return [...groups]
    .map(([name, members]) => ({ name, spines: members.toSorted(bySteps) }))
    .sort(
      (a, b) =>
        rank(a.name) - rank(b.name) ||
        countAssets(b.spines) - countAssets(a.spines) ||
        a.name.localeCompare(b.name),
    );
}

function bySteps(a: Spine, b: Spine): number {
  return rungStep(b.rung) - rungStep(a.rung) || a.title.localeCompare(b.title);
}

export interface PlacedSpine {
  spine: Spine;
  /** In reading order over the whole shelf. */
  index: number;
  x: number;
  width: number;
  height: number;
}

export interface Segment {
  group: string;
  count: number;
  isContinued: boolean;
  x: number;
  width: number;
  spines: PlacedSpine[];
}

export interface ShelfBoard {
  segments: Segment[];
  spines: PlacedSpine[];
}

export interface ShelfLayout {
  boards: ShelfBoard[];
  boardHeight: number;
  spines: PlacedSpine[];
}

const groupGap = 22;
/** How much room names get at most and how thick spines are, from comfortable to what can just be read. */
const fits = [
  { nameWidth: 152, thickness: 1 },
  { nameWidth: 152, thickness: 0.8 },
  { nameWidth: 120, thickness: 0.8 },
  { nameWidth: 84, thickness: 1 },
];

/**
 * Stands the groups on boards as wide as the window allows; a group that does not fit goes on below. Names and
 * spines give way where that spares a board; on a phone there are many anyway, and names matter more.
 */
export function layOutShelf(groups: readonly SpineGroup[], width: number): ShelfLayout {
  const layouts = fits.slice(0, width > 560 ? fits.length : 1).map((fit) => layOut(groups, width, fit));
  return layouts.reduce((best, layout) => (layout.boards.length < best.boards.length ? layout : best));
}

function layOut(
  groups: readonly SpineGroup[],
  width: number,
  { nameWidth, thickness }: (typeof fits)[number],
): ShelfLayout {
  const count = groups.reduce((sum, group) => sum + group.spines.length, 0);
  const { base: whole, gap, boardHeight } = sizesFor(count, width);
  const base = Math.max(4, Math.round(whole * thickness));
  const boards: ShelfBoard[] = [{ segments: [], spines: [] }];
  const spines: PlacedSpine[] = [];
  let x = 0;
  const newBoard = () => {
    boards.push({ segments: [], spines: [] });
    x = 0;
  };

  for (const group of groups) {
    const widths = group.spines.map((spine) => spineWidth(spine, base));
    const minSegment = Math.min(nameWidth, Math.max(84, group.name.length * 6.4 + 26));
    const room = Math.max(
      minSegment,
      widths.reduce((sum, w) => sum + w + gap, -gap),
    );
    // A group stays together where it can; a large one may begin in the room that is left.
    const needed = room > width * 0.6 ? width * 0.34 : room;
    if (x > 0 && x + needed > width) newBoard();
    let segment = openSegment(boards, group, x, false);
    for (const [position, spine] of group.spines.entries()) {
      const w = widths[position] ?? base;
      if (x + w > width && segment.spines.length > 0) {
        newBoard();
        segment = openSegment(boards, group, x, true);
      }
      const placed = { spine, index: spines.length, x, width: w, height: spineHeight(spine, boardHeight) };
      segment.spines.push(placed);
      boards.at(-1)?.spines.push(placed);
      spines.push(placed);
      x += w + gap;
      segment.width = Math.max(Math.min(minSegment, width - segment.x), x - gap - segment.x);
    }
    x = segment.x + segment.width + groupGap;
  }
  return { boards, boardHeight, spines };
}

function openSegment(boards: ShelfBoard[], group: SpineGroup, x: number, isContinued: boolean): Segment {
  const segment: Segment = {
    group: group.name,
    count: countAssets(group.spines),
    isContinued,
    x,
    width: 0,
    spines: [],
  };
  boards.at(-1)?.segments.push(segment);
  return segment;
}

/** One board for a small strip: the spines share its width. */
export function layOutStrip(groups: readonly SpineGroup[], width: number, height: number): ShelfLayout {
  const all = groups.flatMap((group) => group.spines);
  const pitch = Math.min(9, width / Math.max(all.length, 1));
  const gap = pitch > 4 ? 1.5 : pitch > 2 ? 0.75 : 0;
  const spines = all.map((spine, index) => ({
    spine,
    index,
    x: index * pitch,
    width: Math.max(pitch - gap, 0.5),
    height: spineHeight(spine, height),
  }));
  const segment = { group: '', count: all.length, isContinued: false, x: 0, width, spines };
  return { boards: [{ segments: [segment], spines }], boardHeight: height, spines };
}

/** Spines are as thick as the number of them allows, so that the shelf stays a picture and not a wall. */
function sizesFor(count: number, width: number): { base: number; gap: number; boardHeight: number } {
  const room = (width * 3) / Math.max(count, 1);
  if (room >= 60 && width > 560) return { base: 18, gap: 3, boardHeight: 132 };
  if (room >= 13 && width > 560) return { base: 12, gap: 2, boardHeight: 108 };
  if (room >= 6.5) return { base: 8, gap: 2, boardHeight: width > 560 ? 92 : 76 };
  if (count <= 700) return { base: 6, gap: 1.5, boardHeight: 68 };
  return { base: 4, gap: 1, boardHeight: 56 };
}

function spineWidth(spine: Spine, base: number): number {
  if (base < 6) return base;
  const step = base >= 10 ? 2 : 1;
  return base + ((hash(spine.assetId) >>> 8) % 3) * step - step;
}

function spineHeight(spine: Spine, boardHeight: number): number {
  const share = 0.74 + ((hash(spine.assetId) % 100) / 100) * 0.2;
  return Math.round(boardHeight * share);
}

/** FNV-1a, so that an asset looks the same on every visit. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value ^= text.charCodeAt(index);
    value = Math.imul(value, 0x01000193);
  }
  return (value ^ (value >>> 15)) >>> 0;
}

/** The spine at a place on a board; between two spines the nearer one. */
export function spineAt(board: ShelfBoard | undefined, x: number): PlacedSpine | undefined {
  let nearest: PlacedSpine | undefined;
  let distance = 6;
  for (const placed of board?.spines ?? []) {
    const off = x < placed.x ? placed.x - x : Math.max(0, x - placed.x - placed.width);
    if (off < distance) {
      nearest = placed;
      distance = off;
      if (off === 0) break;
    }
  }
  return nearest;
}

/** The spine above or below on the neighbouring board. */
export function spineBeside(layout: ShelfLayout, index: number, step: 1 | -1): number {
  const current = layout.spines[index];
  const here = layout.boards.findIndex((board) => board.spines.some((placed) => placed.index === index));
  const board = layout.boards[here + step];
  if (!current || !board) return index;
  const center = current.x + current.width / 2;
  const nearest = board.spines.toSorted((a, b) => Math.abs(a.x - center) - Math.abs(b.x - center))[0];
  return nearest?.index ?? index;
}
