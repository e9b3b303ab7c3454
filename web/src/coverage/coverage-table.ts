import type { Coverage } from './api.ts';
import { dimensionNames, nameOf, stateWords } from './coverage-words.ts';

/** What the table and the file of the coverage hold, in their order. */
export function tableColumns({ rows, columns, thirdDimension, third, baseCurrency }: Coverage) {
  return [
    { key: 'row', label: dimensionNames[rows].one },
    { key: 'column', label: dimensionNames[columns].one },
    ...(third === 'all' ? [] : [{ key: 'third', label: dimensionNames[thirdDimension].one }]),
    { key: 'state', label: 'State' },
    { key: 'assets', label: 'Assets' },
    { key: 'shared', label: 'Shared' },
    { key: 'read', label: 'Read' },
    { key: 'lifting', label: 'Lifting' },
    { key: 'target', label: 'Target' },
    { key: 'searches', label: 'Searches' },
    { key: 'failed', label: 'In vain' },
    { key: 'notes', label: 'Notes' },
    { key: 'deals', label: 'Open deals' },
    { key: 'value', label: baseCurrency ? `Open value (${baseCurrency})` : 'Open value' },
    { key: 'unconverted', label: 'Not converted' },
  ];
}

export function tableRows(coverage: Coverage): Record<string, string | number | null>[] {
  return coverage.cells.map((cell) => ({
    row: nameOf(coverage, cell.rowTermId),
    column: nameOf(coverage, cell.columnTermId),
    third: nameOf(coverage, cell.thirdTermId),
    state: stateWords[cell.state].name,
    assets: cell.assetCount,
    shared: cell.sharedCount,
    read: cell.readCount,
    lifting: cell.liftCount,
    target: cell.wantedCount,
    searches: cell.searchCount,
    failed: cell.failedSearchCount,
    notes: cell.noteCount,
    deals: cell.openDealCount,
    value: Math.round(cell.openValue),
    unconverted: cell.unconvertedDealCount,
  }));
}
