import type { AssetFact, DealFact, NoteFact, SearchFact } from './fact-queries.ts';

/** Terms by their places; a cell is a place of each axis that plays a part. */
export type Places = readonly number[];

export interface Facts {
  assets: AssetFact[];
  searches: SearchFact[];
  notes: NoteFact[];
  /** With the place of the deal's stage, where a term is called like it. */
  deals: (DealFact & { stagePlace: number | null })[];
}

export interface CellCounts {
  assetCount: number;
  sharedCount: number;
  readCount: number;
  liftCount: number;
  searchCount: number;
  failedSearchCount: number;
  noteCount: number;
  openDealCount: number;
  openValue: number;
  unconvertedDealCount: number;
}

const nothing: CellCounts = {
  assetCount: 0,
  sharedCount: 0,
  readCount: 0,
  liftCount: 0,
  searchCount: 0,
  failedSearchCount: 0,
  noteCount: 0,
  openDealCount: 0,
  openValue: 0,
  unconvertedDealCount: 0,
};

/** A search session ends when its user asks nothing more for so long. */
const sessionPauseMs = 30 * 60_000;

/** Counts every cell of the axes; the key of one is its places, separated by spaces. */
export function countCells(axes: readonly Places[], facts: Facts, now: Date): Map<string, CellCounts> {
  const cells = new Map(meet(axes).map((key) => [key, { ...nothing }]));
  const sets = axes.map((places) => new Set(places));
  const cellsOf = (places: Places) =>
    meet(sets.map((set) => places.filter((place) => set.has(place)))).flatMap((key) => cells.get(key) ?? []);
  for (const fact of facts.assets)
    for (const cell of cellsOf(readPlaces(fact.places))) {
      cell.assetCount += fact.assetCount;
      cell.sharedCount += fact.sharedCount;
      cell.readCount += fact.readCount;
      cell.liftCount += fact.liftCount;
    }
  for (const { places, noteCount } of facts.notes)
    for (const cell of cellsOf(readPlaces(places))) cell.noteCount += noteCount;
  for (const { places, stagePlace, dealCount, openValue, unconvertedCount } of facts.deals)
    for (const cell of cellsOf([...readPlaces(places), ...(stagePlace === null ? [] : [stagePlace])])) {
      cell.openDealCount += dealCount;
      cell.openValue += openValue;
      cell.unconvertedDealCount += unconvertedCount;
    }
  countSessions(facts.searches, cellsOf, now);
  return cells;
}

interface Session {
  lastAt: number;
  lastResultCount: number;
  hasSucceeded: boolean;
}

/** What one user asks a cell for, with pauses of at most half an hour, is one search session. */
function countSessions(searches: SearchFact[], cellsOf: (places: Places) => CellCounts[], now: Date): void {
  const running = new Map<CellCounts, Map<string, Session>>();
  const end = (cell: CellCounts, session: Session) => {
    cell.searchCount += 1;
    const isOver = session.lastResultCount === 0 || session.lastAt <= now.getTime() - sessionPauseMs;
    if (isOver && !session.hasSucceeded) cell.failedSearchCount += 1;
  };
  for (const search of searches) {
    const at = search.searchedAt.getTime();
    for (const cell of cellsOf(readPlaces(search.places))) {
      const ofUsers = running.get(cell) ?? new Map<string, Session>();
      running.set(cell, ofUsers);
      const before = ofUsers.get(search.userId);
      const goesOn = before !== undefined && at - before.lastAt <= sessionPauseMs;
      if (before && !goesOn) end(cell, before);
      ofUsers.set(search.userId, {
        lastAt: at,
        lastResultCount: search.resultCount,
        hasSucceeded: search.hasSucceeded || (goesOn && before.hasSucceeded),
      });
    }
  }
  for (const [cell, ofUsers] of running) for (const session of ofUsers.values()) end(cell, session);
}

/** One place of each axis, in every way; nothing where an axis has none. */
function meet(axes: readonly Places[]): string[] {
  const [first = [], ...rest] = axes;
  return rest.reduce<string[]>(
    (keys, places) => keys.flatMap((key) => places.map((place) => `${key} ${place}`)),
    first.map(String),
  );
}

export function readPlaces(places: string | null): number[] {
  return places === null ? [] : places.split(' ').map(Number);
}

/** How many of these things stand in a cell: they have a place on every axis. */
export function countPlaced<Fact extends { places: string | null }>(
  facts: readonly Fact[],
  axes: readonly Places[],
  countOf: (fact: Fact) => number,
): number {
  return facts
    .filter(({ places }) => axes.every((axis) => readPlaces(places).some((place) => axis.includes(place))))
    .reduce((sum, fact) => sum + countOf(fact), 0);
}
