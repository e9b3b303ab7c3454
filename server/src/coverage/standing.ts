import type { CoverageCell, CoverageState } from './contract.ts';

type Counts = Pick<CoverageCell, 'assetCount' | 'sharedCount' | 'readCount' | 'liftCount'>;

/** The furthest that any asset of a cell got. */
export function stateOf({ assetCount, sharedCount, readCount, liftCount }: Counts): CoverageState {
  if (assetCount === 0) return 'empty';
  if (liftCount > 0) return 'lifts';
  if (readCount > 0) return 'read';
  return sharedCount > 0 ? 'shared' : 'has';
}

/** So many searches and notes have to stand in cells before "nobody asks for this" means anything. */
export const enoughDemand = 20;
/** With fewer assets than this a cell that nobody asks for is no heap. */
const fewestToBeFat = 3;

type Measured = Omit<CoverageCell, 'standing'>;

/** How often the cell was asked for, in searches and in what buyers said. */
function askedCount({ searchCount, noteCount }: Measured): number {
  return searchCount + noteCount;
}

function isAskedFor(cell: Measured): boolean {
  return askedCount(cell) > 0 || cell.openDealCount > 0;
}

/**
 * Thin: fewer assets than are wanted; or asked for, and there is nothing, or nothing of it was shared. Fat: at least three
 * assets and more than are wanted, and nobody asks. A cell that is meant to stay empty is never thin.
 */
export function isThin(cell: Measured): boolean {
  if (cell.wantedCount === 0) return false;
  if (cell.wantedCount !== null && cell.assetCount < cell.wantedCount) return true;
  return isAskedFor(cell) && (cell.state === 'empty' || cell.state === 'has');
}

export function isFat(cell: Measured): boolean {
  return !isAskedFor(cell) && cell.assetCount >= fewestToBeFat && cell.assetCount > (cell.wantedCount ?? 0);
}

/** Empty cells before others, then what was asked for more often, then what more money waits for. */
export function compareThin(a: Measured, b: Measured): number {
  return (
    Number(isAskedFor(b)) - Number(isAskedFor(a)) ||
    Number(b.assetCount === 0) - Number(a.assetCount === 0) ||
    askedCount(b) - askedCount(a) ||
    b.openValue - a.openValue ||
    b.openDealCount - a.openDealCount
  );
}

export function compareFat(a: Measured, b: Measured): number {
  return b.assetCount - a.assetCount || a.sharedCount - b.sharedCount;
}
