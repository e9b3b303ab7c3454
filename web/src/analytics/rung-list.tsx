import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { Ref } from 'react';
import { formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { type Column, DataTable, type Sort } from '../ui/data-table.tsx';
import { rungWords } from '../ui/rungs.ts';
import { DateText, Num } from '../ui/words.tsx';
import { fixFirst, isUntouched } from './answer-words.ts';
import type { Metric, Rung, ShelfReport, Spine } from './api.ts';
import { saveCsv, shelfCsv } from './csv.ts';
import classes from './rung-list.module.css';

/** The list's order as the address holds it; a minus means largest or latest first. */
export const rungSorts = [
  'title',
  '-title',
  'type',
  '-type',
  'owner',
  '-owner',
  'shares',
  '-shares',
  'opens',
  '-opens',
  'used',
  '-used',
] as const;
export type RungSort = (typeof rungSorts)[number];

interface RungListProps {
  ref: Ref<HTMLElement>;
  report: ShelfReport;
  metrics: readonly Metric[];
  rung: Rung;
  sort: RungSort | undefined;
  onSort: (sort: RungSort) => void;
  onOpen: (spine: Spine) => void;
}

/** The assets that stand on a rung, and what to do next with each. */
export function RungList({ ref, report, metrics, rung, sort = 'title', onSort, onOpen }: RungListProps) {
  const order = readSort(sort);
  const spines = report.spines.filter((spine) => spine.rung === rung).toSorted(comparing(order));
  const step = report.ladder.find((each) => each.rung === rung);
  const save = () =>
    saveCsv(
      `shelf-${rung}-${report.asOf.toISOString().slice(0, 10)}.csv`,
      shelfCsv(report, spines, metrics, window.location.origin),
    );
  return (
    <section ref={ref} className={classes.list} aria-labelledby="rung-list">
      <div className={classes.head}>
        <div>
          <h2 id="rung-list" className={classes.title} aria-live="polite">
            {rungWords[rung].name}: {plural(spines.length, 'asset')}
          </h2>
          {step && spines.length > 0 && !isUntouched(report) && (
            <p className={classes.lead}>
              {step.cause} <strong>{step.action}</strong>
            </p>
          )}
        </div>
        {spines.length > 0 && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
            onClick={save}
          >
            Download as CSV
          </Button>
        )}
      </div>
      {spines.length === 0 ? (
        <p className={classes.none}>No asset stands here. Choose another rung above.</p>
      ) : (
        <DataTable
          key={rung}
          label={rungWords[rung].name}
          rows={spines}
          rowKey={(spine) => spine.assetId}
          columns={columns.toSpliced(1, 0, ...(spines.some(fixFirst) ? [fixColumn] : []))}
          onOpen={onOpen}
          sort={order}
          onSort={(key) =>
            onSort(
              (order.key === key
                ? order.direction === 'ascending'
                  ? `-${key}`
                  : key
                : firstOrder(key)) as RungSort,
            )
          }
        />
      )}
    </section>
  );
}

const fixColumn: Column<Spine> = {
  key: 'fix',
  header: 'Fix first',
  width: '17%',
  hideBelow: 'tablet',
  cell: (spine) => fixFirst(spine) ?? <span className="quiet">–</span>,
};

const columns: Column<Spine>[] = [
  { key: 'title', header: 'Asset', sortKey: 'title', cell: (spine) => <Title spine={spine} /> },
  {
    key: 'type',
    header: 'Type',
    sortKey: 'type',
    width: '14%',
    hideBelow: 'desktop',
    cell: (spine) => spine.contentType ?? <span className="quiet">None</span>,
  },
  {
    key: 'owner',
    header: 'Owner',
    sortKey: 'owner',
    width: '16%',
    hideBelow: 'desktop',
    cell: (spine) => spine.ownerName ?? <span className="quiet">Nobody</span>,
  },
  {
    key: 'shares',
    header: 'Share links',
    sortKey: 'shares',
    width: '96px',
    align: 'end',
    hideBelow: 'phone',
    cell: (spine) => <Num value={spine.shareCount} />,
  },
  {
    key: 'opens',
    header: 'Human opens',
    sortKey: 'opens',
    width: '108px',
    align: 'end',
    hideBelow: 'phone',
    cell: (spine) => <Num value={spine.humanOpenCount} />,
  },
  {
    key: 'used',
    header: 'Last used',
    sortKey: 'used',
    width: '112px',
    cell: (spine) => <DateText date={spine.lastUsedAt} fallback="Not used" />,
  },
];

function Title({ spine }: { spine: Spine }) {
  const fix = fixFirst(spine);
  return (
    <>
      <AppLink to={paths.asset(spine.assetId)} className={classes.link} tabIndex={-1}>
        {spine.title}
      </AppLink>
      <span className={classes.phone}>
        {plural(spine.shareCount, 'share link')}, {formatNumber(spine.humanOpenCount)} opened
        {fix && `. ${fix}`}
      </span>
    </>
  );
}

function readSort(sort: RungSort): Sort {
  return sort.startsWith('-')
    ? { key: sort.slice(1), direction: 'descending' }
    : { key: sort, direction: 'ascending' };
}

/** Numbers start with the largest, words with A. */
function firstOrder(key: string): string {
  return key === 'shares' || key === 'opens' || key === 'used' ? `-${key}` : key;
}

const sortValue: Record<string, (spine: Spine) => string | number> = {
  title: (spine) => spine.title.toLowerCase(),
  type: (spine) => spine.contentType?.toLowerCase() ?? '\uffff',
  owner: (spine) => spine.ownerName?.toLowerCase() ?? '\uffff',
  shares: (spine) => spine.shareCount,
  opens: (spine) => spine.humanOpenCount,
  used: (spine) => spine.lastUsedAt?.getTime() ?? 0,
};

function comparing({ key, direction }: Sort): (a: Spine, b: Spine) => number {
  const value = sortValue[key] ?? (() => 0);
  const sign = direction === 'ascending' ? 1 : -1;
  return (a, b) => {
    const [left, right] = [value(a), value(b)];
    const difference =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : String(left).localeCompare(String(right));
    return sign * difference || a.title.localeCompare(b.title);
  };
}
