import { formatNumber } from '../lib/format.ts';
import type { AssetInfluence } from './api.ts';
import classes from './influence-page.module.css';
import { signedPoints } from './influence-words.ts';

/** A head and a row for each asset, as a file and the table have them. */
export function influenceRows(assets: readonly AssetInfluence[]): (string | number)[][] {
  return [
    ['Asset', 'Points', 'From', 'To', 'In order by', 'Stands', 'Deals read', 'Deals alike', 'More deals'],
    ...assets.map(({ title, difference, exposed, unexposed, moreDealCount }) => [
      title,
      ...(difference
        ? [
            signedPoints(difference.estimate),
            signedPoints(difference.low),
            signedPoints(difference.high),
            signedPoints(difference.shrunken),
            difference.isSure ? 'yes' : 'no',
          ]
        : ['not enough data', '', '', '', '']),
      exposed.dealCount,
      unexposed.dealCount,
      moreDealCount,
    ]),
  ];
}

/** The same as the picture, for whoever reads rather than sees. */
export function InfluenceTable({ assets }: { assets: readonly AssetInfluence[] }) {
  const [head = [], ...rows] = influenceRows(assets);
  return (
    <details className={classes.details}>
      <summary>As a table</summary>
      <PlainTable head={head} rows={rows} />
    </details>
  );
}

interface PlainTableProps {
  head: readonly (string | number)[];
  rows: readonly (readonly (string | number)[])[];
}

export function PlainTable({ head, rows }: PlainTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <div className={classes.scroll} tabIndex={0}>
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
          {rows.map((row, number) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two rows may read the same.
            <tr key={number}>
              {row.map((cell, place) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place.
                <td key={place}>{typeof cell === 'number' ? formatNumber(cell) : cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
