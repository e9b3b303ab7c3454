import { useState } from 'react';
import { type Column, DataTable, type Sort } from './data-table.tsx';
import { RungSwatch } from './rung-swatch.tsx';
import { rungStep, rungWords } from './rungs.ts';
import classes from './shelf.module.css';
import type { Spine, SpineGroup } from './shelf-layout.ts';
import { Num } from './words.tsx';

interface Row extends Spine {
  group: string;
}

type Value = string | number;

const sortValue: Record<string, (row: Row) => Value> = {
  title: (row) => row.title.toLowerCase(),
  group: (row) => row.group.toLowerCase(),
  rung: (row) => rungStep(row.rung),
  owner: (row) => row.ownerName?.toLowerCase() ?? '\uffff',
  count: (row) => row.standsFor ?? 1,
};

interface ShelfTableProps {
  groups: readonly SpineGroup[];
  groupLabel: string;
  onOpen: (spine: Spine) => void;
  /** Each row stands for all assets of a group on a rung. */
  isBundled: boolean;
}

/** The same assets as the shelf, for reading instead of seeing. */
export function ShelfTable({ groups, groupLabel, onOpen, isBundled }: ShelfTableProps) {
  const [sort, setSort] = useState<Sort>({ key: 'rung', direction: 'ascending' });
  const valueFor = sortValue[sort.key] ?? (() => 0);
  const sign = sort.direction === 'ascending' ? 1 : -1;
  const rows = groups
    .flatMap((group) => group.spines.map((spine): Row => ({ ...spine, group: group.name })))
    .sort((a, b) => sign * compare(valueFor(a), valueFor(b)) || a.title.localeCompare(b.title));
  const columns: Column<Row>[] = [
    { key: 'title', header: isBundled ? groupLabel : 'Asset', sortKey: 'title', cell: (row) => row.title },
    ...(isBundled
      ? []
      : [
          {
            key: 'group',
            header: groupLabel,
            sortKey: 'group',
            width: '17%',
            hideBelow: 'tablet' as const,
            cell: (row: Row) => row.group,
          },
        ]),
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
    isBundled
      ? {
          key: 'count',
          header: 'Assets',
          sortKey: 'count',
          width: '104px',
          align: 'end',
          cell: (row) => <Num value={row.standsFor ?? 1} />,
        }
      : {
          key: 'owner',
          header: 'Owner',
          sortKey: 'owner',
          width: '18%',
          hideBelow: 'desktop',
          cell: (row) => row.ownerName ?? <span className="quiet">Nobody</span>,
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
