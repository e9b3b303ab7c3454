import { formatNumber } from '../lib/format.ts';
import type { AssetInfluence } from './api.ts';
import classes from './influence-page.module.css';

/** What the picture shows, for whoever reads rather than sees, and for a spreadsheet. */
export const tableColumns = [
  { key: 'title', label: 'Asset' },
  { key: 'points', label: 'Points' },
  { key: 'low', label: 'From (95%)' },
  { key: 'high', label: 'To (95%)' },
  { key: 'order', label: 'In order by' },
  { key: 'stands', label: 'Stands' },
  { key: 'exposed', label: 'Deals that read it' },
  { key: 'exposedMoved', label: 'Of which moved on' },
  { key: 'unexposed', label: 'Deals alike' },
  { key: 'unexposedMoved', label: 'Moved on, alike' },
  { key: 'more', label: 'More deals needed' },
];

export function tableRows(assets: readonly AssetInfluence[]): Record<string, string | number | null>[] {
  return assets.map(({ title, difference, exposed, unexposed, moreDealCount }) => ({
    title,
    points: difference && inPoints(difference.estimate),
    low: difference && inPoints(difference.low),
    high: difference && inPoints(difference.high),
    order: difference && inPoints(difference.shrunken),
    stands: difference ? (difference.isSure ? 'yes' : 'no') : 'not enough data',
    exposed: exposed.dealCount,
    exposedMoved: exposed.progressedCount,
    unexposed: unexposed.dealCount,
    unexposedMoved: unexposed.progressedCount,
    more: moreDealCount,
  }));
}

function inPoints(share: number): number {
  return Math.round(share * 1000) / 10;
}

interface PlainTableProps {
  head: readonly string[];
  rows: readonly (readonly (string | number)[])[];
}

export function PlainTable({ head, rows }: PlainTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <div className={classes.scroll} tabIndex={0} data-metric="influence">
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
