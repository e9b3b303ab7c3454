import { Button, NativeSelect } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type Ref, useState } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { saveCsv } from '../lib/csv.ts';
import { formatCalendarDay, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import type { SliceState } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { DecideBar } from '../ui/deciding.tsx';
import { Figure } from '../ui/figure.tsx';
import { notifyProblem } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { rungWords } from '../ui/rungs.ts';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { isUntouched, stopName } from './answer-words.ts';
import {
  metricsQuery,
  type Reach,
  type Rung,
  type RungAsset,
  type RungOrder,
  readWholeRung,
  rungQuery,
} from './api.ts';
import { rungCsv } from './csv.ts';
import classes from './rung-list.module.css';

interface RungListProps {
  ref: Ref<HTMLElement>;
  slice: SliceState;
  report: Reach;
  rung: Rung;
  order: RungOrder;
  onOrder: (order: RungOrder) => void;
}

const nobody: ReadonlySet<string> = new Set();

/** The assets that stand on a rung, each with the one thing to do about it. */
export function RungList({ ref, slice, report, rung, order, onOrder }: RungListProps) {
  const navigate = useNavigate();
  const user = useUser();
  const list = useInfiniteQuery(rungQuery(slice, rung, order));
  const [selected, setSelected] = useState(nobody);
  const assets = list.data?.pages.flatMap((page) => page.items) ?? [];
  const count = list.data?.pages[0]?.count ?? report.ladder.find((step) => step.rung === rung)?.count ?? 0;
  const step = report.ladder.find((each) => each.rung === rung);
  const name = rung === 'published' ? stopName(rung, report) : rungWords[rung].name;
  return (
    <section ref={ref} className={classes.list} aria-labelledby="rung-list" data-metric="usage_ladder">
      <div className={classes.head}>
        <div>
          <h2 id="rung-list" className={classes.title} aria-live="polite">
            {name}: {plural(count, 'asset')}
          </h2>
          {step && count > 0 && !isUntouched(report) && (
            <p className={classes.lead}>
              {step.cause} <strong>{step.action}</strong>
            </p>
          )}
        </div>
        {count > 0 && (
          <div className={classes.choices}>
            <NativeSelect
              size="xs"
              aria-label="Order"
              value={order}
              data={orders}
              onChange={(event) => onOrder(event.currentTarget.value as RungOrder)}
            />
            <SaveButton slice={slice} report={report} rung={rung} order={order} />
          </div>
        )}
      </div>
      {list.error && <ProblemNote error={list.error} onRetry={() => void list.refetch()} />}
      {list.isPending && <SkeletonRows rows={4} widths={['34%', '38%', '10%']} />}
      {list.data && assets.length === 0 && (
        <p className={classes.none}>No asset stands here. Choose another rung above.</p>
      )}
      {assets.length > 0 && (
        <DataTable
          key={rung}
          label={name}
          rows={assets}
          rowKey={(asset) => asset.assetId}
          rowName={(asset) => asset.title}
          columns={columnsOf(report.asOf)}
          {...(isCurator(user) && { selected, onSelect: setSelected })}
          onOpen={(asset) => void navigate({ to: paths.asset(asset.assetId) })}
          onEnd={list.hasNextPage && !list.isFetchingNextPage ? () => void list.fetchNextPage() : undefined}
          isStale={list.isPlaceholderData}
        />
      )}
      <DecideBar assetIds={[...selected]} onClear={() => setSelected(nobody)} />
    </section>
  );
}

const orders = [
  { value: 'oldest', label: 'Longest on the shelf first' },
  { value: 'newest', label: 'Newest first' },
  { value: 'title', label: 'By title' },
];

function SaveButton({
  slice,
  report,
  rung,
  order,
}: Pick<RungListProps, 'slice' | 'report' | 'rung' | 'order'>) {
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const [isBusy, setIsBusy] = useState(false);
  const save = async () => {
    setIsBusy(true);
    try {
      const assets = await readWholeRung(slice, rung, order);
      saveCsv(`shelf-${rung}-${report.window.lastDay}.csv`, rungCsv(report, rung, assets, metrics));
    } catch (error) {
      notifyProblem(error);
    } finally {
      setIsBusy(false);
    }
  };
  return (
    <Button
      variant="default"
      size="xs"
      loading={isBusy}
      leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
      onClick={() => void save()}
    >
      Download as CSV
    </Button>
  );
}

const columnsOf = (asOf: Date): Column<RungAsset>[] => [
  { key: 'title', header: 'Asset', cell: (asset) => <Title asset={asset} /> },
  {
    key: 'do',
    header: 'What to do',
    width: '34%',
    hideBelow: 'tablet',
    cell: (asset) => <Advice says={asset.says} />,
  },
  {
    key: 'owner',
    header: 'Owner',
    width: '13%',
    hideBelow: 'desktop',
    cell: (asset) => asset.ownerName ?? <span className="quiet">Nobody</span>,
  },
  {
    key: 'shares',
    header: 'Share links',
    width: '92px',
    align: 'end',
    hideBelow: 'desktop',
    cell: ({ title, shareCount }) => (
      <Figure
        metric="share_links"
        value={shareCount}
        n={shareCount}
        asOf={asOf}
        label={`Share links to ${title}`}
      />
    ),
  },
  {
    key: 'opens',
    header: 'Human opens',
    width: '104px',
    align: 'end',
    hideBelow: 'desktop',
    cell: ({ title, humanOpenCount }) => (
      <Figure
        metric="human_opens"
        value={humanOpenCount}
        n={humanOpenCount}
        asOf={asOf}
        label={`Human opens of ${title}`}
      />
    ),
  },
  {
    key: 'out',
    header: 'Out since',
    width: '124px',
    hideBelow: 'phone',
    cell: (asset) => (
      <span className={classes.since}>
        <DateText date={asset.publishedAt} />
      </span>
    ),
  },
];

/** The verb comes first and is what the eye finds. */
function Advice({ says }: { says: string }) {
  const end = says.search(/[:,] /);
  return (
    <span className={classes.advice}>
      <strong>{end < 0 ? says : says.slice(0, end)}</strong>
      {end >= 0 && says.slice(end)}
    </span>
  );
}

function Title({ asset }: { asset: RungAsset }) {
  const facts = [
    asset.contentType ?? 'no content type',
    ...(asset.lastUsedOn ? [`last used ${formatCalendarDay(asset.lastUsedOn)}`] : []),
  ];
  return (
    <>
      <AppLink to={paths.asset(asset.assetId)} className={classes.link} tabIndex={-1}>
        {asset.title}
      </AppLink>
      <span className={classes.facts}>{facts.join(', ')}</span>
      <span className={classes.phone} data-metric="share_links human_opens">
        {plural(asset.shareCount, 'share link')}, {formatNumber(asset.humanOpenCount)} opened. {asset.says}.
      </span>
    </>
  );
}
