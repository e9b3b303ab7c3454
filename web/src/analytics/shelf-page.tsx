import { SegmentedControl, Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { usePageTitle } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Shelf, type ShelfGrouping } from '../ui/shelf.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { Answer } from './answer.tsx';
import { mainStops } from './answer-words.ts';
import { metricsQuery, type Period, periods, type ShelfReport, type Spine, shelfReportQuery } from './api.ts';
import { EmptyShelf } from './empty-shelf.tsx';
import { Ladder } from './ladder.tsx';
import { RungList, rungSorts } from './rung-list.tsx';
import { SelectionBar } from './selection-bar.tsx';
import classes from './shelf-page.module.css';

const pageState = z.object({
  days: z.enum(['30', '90', '180']).optional().catch(undefined),
  group: z.enum(['contentType', 'persona', 'stage', 'owner']).optional().catch(undefined),
  view: z.enum(['shelf', 'table']).optional().catch(undefined),
  rung: z
    .enum(['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'])
    .optional()
    .catch(undefined),
  sort: z.enum(rungSorts).optional().catch(undefined),
});

type State = z.output<typeof pageState>;

/** How much of what we make reaches buyers: the answer, the shelf, the ladder, and what to do next. */
export function ShelfPage() {
  usePageTitle('Shelf report');
  const [state, change] = useUrlState(pageState);
  const days = Number(state.days ?? '90') as Period;
  const report = useQuery(shelfReportQuery(days));
  return (
    <>
      <header className={classes.head}>
        <h1 className={classes.name}>Shelf report</h1>
        {report.data?.unusedRate.current.n !== 0 && (
          <SegmentedControl
            aria-label="Period"
            size="xs"
            value={days.toString()}
            onChange={(value) => change({ days: value === '90' ? undefined : (value as State['days']) })}
            data={periods.map((value) => ({ value: value.toString(), label: `${value.toString()} days` }))}
          />
        )}
      </header>
      {report.error && <ProblemNote error={report.error} onRetry={() => void report.refetch()} />}
      {report.isPending && <SkeletonReport />}
      {report.data && (
        <div className={classes.report} data-stale={report.isPlaceholderData || undefined}>
          {report.data.unusedRate.current.n === 0 ? (
            <EmptyShelf report={report.data} />
          ) : (
            <Report report={report.data} state={state} change={change} />
          )}
        </div>
      )}
    </>
  );
}

interface ReportProps {
  report: ShelfReport;
  state: State;
  change: (patch: Partial<State>) => void;
}

const noNames: string[] = [];

function Report({ report, state, change }: ReportProps) {
  const navigate = useNavigate();
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const groupBy = state.group ?? tellingGrouping(report.spines);
  const groupOrder = useGroupOrder(groupBy);
  const [selected, setSelected] = useState<Spine[]>([]);
  const [drops, setDrops] = useState(0);
  const list = useRef<HTMLElement>(null);
  const rung = state.rung ?? mainStops(report.ladder)[0]?.rung ?? 'read';
  const open = (spine: Spine) => void navigate({ to: paths.asset(spine.assetId) });
  const dropSelection = () => {
    setSelected([]);
    setDrops((count) => count + 1);
  };
  return (
    <>
      <Answer report={report} metrics={metrics} />
      <Shelf
        key={`${report.windowStart.getTime().toString()}-${drops.toString()}`}
        label="Your shelf"
        spines={report.spines}
        onOpen={open}
        onSelect={setSelected}
        groupBy={groupBy}
        onGroupBy={(group) => {
          setSelected([]);
          change({ group: group === tellingGrouping(report.spines) ? undefined : group });
        }}
        view={state.view ?? 'shelf'}
        onView={(view) => {
          setSelected([]);
          change({ view: view === 'shelf' ? undefined : view });
        }}
        groupOrder={groupOrder}
      />
      {selected.length > 1 && (
        <SelectionBar report={report} metrics={metrics} spines={selected} onDrop={dropSelection} />
      )}
      <Ladder
        report={report}
        metrics={metrics}
        rung={rung}
        onRung={(next) => {
          change({ rung: next });
          requestAnimationFrame(() => list.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' }));
        }}
      />
      <RungList
        ref={list}
        report={report}
        metrics={metrics}
        rung={rung}
        sort={state.sort}
        onSort={(sort) => change({ sort })}
        onOpen={open}
      />
    </>
  );
}

/** By content type, unless that would leave a few spines in each of many groups and show no pattern. */
function tellingGrouping(spines: readonly Spine[]): ShelfGrouping {
  const types = new Set(spines.map((spine) => spine.contentType));
  return spines.length >= types.size * 3 ? 'contentType' : 'stage';
}

/** Personas and stages stand in the order that the taxonomy gives them. */
function useGroupOrder(group: ShelfGrouping): readonly string[] {
  const key = { persona: 'persona', stage: 'stage', contentType: null, owner: null }[group];
  const { data } = useQuery({ ...dimensionsQuery, enabled: key !== null });
  return useMemo(
    () => data?.items.find((dimension) => dimension.key === key)?.terms.map((term) => term.name) ?? noNames,
    [data, key],
  );
}

/** As tall as what comes, so that nothing jumps. */
function SkeletonReport() {
  return (
    <div role="status" aria-label="Loading the report">
      <Skeleton height={12} width={280} radius={6} />
      <Skeleton height={34} width="78%" radius={6} mt={18} />
      <Skeleton height={12} width="60%" radius={6} mt={22} />
      <Skeleton height={12} width="44%" radius={6} mt={10} />
      <Skeleton height={230} radius={4} mt={48} mb={40} />
      <SkeletonRows rows={7} widths={['16%', '40%', '8%', '23%']} />
    </div>
  );
}
