import type { Spine } from '@offshelf/server/contract/analytics';
import { useState } from 'react';
import { type Column, DataTable, type Sort } from './data-table.tsx';
import { RungSwatch } from './rung-swatch.tsx';
import { rungStep, rungWords } from './rungs.ts';
import classes from './shelf.module.css';
import type { SpineGroup } from './shelf-layout.ts';
import { DateText, Num } from './words.tsx';

interface Row extends Spine {
  group: string;
}

type Value = string | number;

const sortValue: Record<string, (row: Row) => Value> = {
  title: (row) => row.title.toLowerCase(),
  group: (row) => row.group.toLowerCase(),
  rung: (row) => rungStep(row.rung),
  shares: (row) => row.shareCount,
  opens: (row) => row.humanOpenCount,
  used: (row) => row.lastUsedAt?.getTime() ?? 0,
};

/** The same assets as the shelf, for reading instead of seeing. */
export function ShelfTable({
  groups,
  groupLabel,
  onOpen,
}: {
  groups: readonly SpineGroup[];
  groupLabel: string;
  onOpen: (spine: Spine) => void;
}) {
  const [sort, setSort] = useState<Sort>({ key: 'rung', direction: 'ascending' });
  const valueFor = sortValue[sort.key] ?? (() => 0);
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const rows = groups
    .flatMap((group) => group.spines.map((spine): Row => ({ ...spine, group: group.name })))
    .sort((a, b) => sign * compare(valueFor(a), valueFor(b)) || a.title.localeCompare(b.title));
  const columns: Column<Row>[] = [
    { key: 'title', header: 'Asset', sortKey: 'title', cell: (row) => row.title },
    {
      key: 'group',
      header: groupLabel,
      sortKey: 'group',
      width: '17%',
      hideBelow: 'tablet',
      cell: (row) => row.group,
    },
    {
      key: 'rung',
      header: 'How far it got',
      sortKey: 'rung',
      width: '26%',
      cell: (row) => (
        <span className={classes.rungCell}>
          <RungSwatch step={rungStep(row.rung)} />
          {rungWords[row.rung].name}
        </span>
      ),
    },
    {
      key: 'shares',
      header: 'Share links',
      sortKey: 'shares',
      width: '104px',
      align: 'end',
      hideBelow: 'tablet',
      cell: (row) => <Num value={row.shareCount} />,
    },
    {
      key: 'opens',
      header: 'Human opens',
      sortKey: 'opens',
      width: '116px',
      align: 'end',
      hideBelow: 'phone',
      cell: (row) => <Num value={row.humanOpenCount} />,
    },
    {
      key: 'used',
      header: 'Last used',
      sortKey: 'used',
      width: '124px',
      hideBelow: 'desktop',
      cell: (row) => <DateText date={row.lastUsedAt} fallback="Not used" />,
    },
  ];
  return (
    <DataTable
      label="Assets of the shelf"
      density="dense"
      rows={rows}
      rowKey={(row) => row.assetId}
      columns={columns}
      onOpen={onOpen}
      sort={sort}
      onSort={(key) =>
        setSort((before) => ({
          key,
          direction: before.key === key && before.direction === 'ascending' ? 'descending' : 'ascending',
        }))
      }
    />
  );
}

function compare(a: Value, b: Value): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
}
