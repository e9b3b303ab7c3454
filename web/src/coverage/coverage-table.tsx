import type { Coverage } from './api.ts';
import classes from './coverage-page.module.css';
import { dimensionNames, nameOf, stateWords } from './coverage-words.ts';

/** A head and a row for each cell, as a file and the table have them. */
export function tableRows(coverage: Coverage): (string | number)[][] {
  const { rows, columns, thirdDimension, third, baseCurrency } = coverage;
  return [
    [
      dimensionNames[rows].one,
      dimensionNames[columns].one,
      ...(third === 'all' ? [] : [dimensionNames[thirdDimension].one]),
      'State',
      'Assets',
      'Shared',
      'Read',
      'Lifting',
      'Target',
      'Searches',
      'In vain',
      'Notes',
      'Open deals',
      `Open value${baseCurrency ? ` (${baseCurrency})` : ''}`,
      'Not converted',
    ],
    ...coverage.cells.map((cell) => [
      nameOf(coverage, cell.rowTermId),
      nameOf(coverage, cell.columnTermId),
      ...(third === 'all' ? [] : [nameOf(coverage, cell.thirdTermId)]),
      stateWords[cell.state].name,
      cell.assetCount,
      cell.sharedCount,
      cell.readCount,
      cell.liftCount,
      cell.wantedCount ?? '',
      cell.searchCount,
      cell.failedSearchCount,
      cell.noteCount,
      cell.openDealCount,
      Math.round(cell.openValue),
      cell.unconvertedDealCount,
    ]),
  ];
}

/** The same as the picture, for whoever reads rather than sees. */
export function CoverageTable({ coverage }: { coverage: Coverage }) {
  const [head = [], ...rows] = tableRows(coverage);
  return (
    <details className={classes.details}>
      <summary>As a table</summary>
      <div className={classes.tableScroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.slice(0, 3).join(' ')}>
                {row.map((value, place) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
                  <td key={place} data-number={typeof value === 'number' || undefined}>
                    {value}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
