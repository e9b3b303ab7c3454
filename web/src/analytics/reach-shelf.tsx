import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { z } from 'zod';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { DecideBar } from '../ui/deciding.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { Shelf } from '../ui/shelf.tsx';
import { stopName } from './answer-words.ts';
import { type Reach, type ShelfGrouping, type Spine, shelfQuery } from './api.ts';
import { RungKey } from './rung-key.tsx';

const shelfState = z.object({
  group: z.enum(['rung', 'contentType', 'persona', 'stage', 'owner']).optional().catch(undefined),
  view: z.enum(['shelf', 'table']).optional().catch(undefined),
});

const noNames: string[] = [];

interface ReachShelfProps {
  slice: SliceState;
  report: Reach;
  /** How the spines stand until somebody chooses. */
  firstGrouping?: ShelfGrouping;
  /** With how many spines stand on each rung, and how many did before; else with what the colours mean. */
  hasKey?: boolean;
}

/** Every eligible asset as a spine, in as much ink as it got far. */
export function ReachShelf({ slice, report, firstGrouping = 'rung', hasKey = false }: ReachShelfProps) {
  const navigate = useNavigate();
  const [state, change] = useUrlState(shelfState);
  const groupBy = state.group ?? firstGrouping;
  const shelf = useQuery(shelfQuery(slice, groupBy));
  const groupOrder = useGroupOrder(groupBy);
  const [selected, setSelected] = useState<Spine[]>([]);
  const [drops, setDrops] = useState(0);
  const dropSelection = () => {
    setSelected([]);
    setDrops((count) => count + 1);
  };
  const open = (spine: Spine & { standsFor?: number }) =>
    void navigate(
      spine.standsFor === undefined
        ? { to: paths.asset(spine.assetId) }
        : { to: paths.reach, search: { ...sliceQuery(slice), rung: spine.rung } as never },
    );
  if (shelf.error) return <ProblemNote error={shelf.error} onRetry={() => void shelf.refetch()} />;
  if (!shelf.data) return <SkeletonShelf />;
  return (
    <>
      <Shelf
        key={`${report.window.firstDay}${report.window.lastDay}-${drops.toString()}`}
        label="Your shelf"
        content={shelf.data}
        onOpen={open}
        onSelect={setSelected}
        groupBy={groupBy}
        onGroupBy={(group) => {
          setSelected([]);
          change({ group: group === firstGrouping ? undefined : group });
        }}
        view={state.view ?? 'shelf'}
        onView={(view) => {
          setSelected([]);
          change({ view: view === 'shelf' ? undefined : view });
        }}
        groupOrder={groupOrder}
        firstStop={stopName('published', report)}
        {...(hasKey && { legend: <RungKey report={report} slice={slice} /> })}
      />
      {selected.length > 1 && (
        <DecideBar assetIds={selected.map((spine) => spine.assetId)} onClear={dropSelection}>
          <CopyButton size="xs" value={listOf(selected)} label="Copy titles and links" />
        </DecideBar>
      )}
    </>
  );
}

function listOf(spines: readonly Spine[]): string {
  return spines
    .map((spine) => `${spine.title}\t${window.location.origin}${paths.asset(spine.assetId)}`)
    .join('\n');
}

/** Personas and stages stand in the order that the taxonomy gives them. */
function useGroupOrder(group: ShelfGrouping): readonly string[] {
  const key = { persona: 'persona', stage: 'stage', rung: null, contentType: null, owner: null }[group];
  const { data } = useQuery({ ...dimensionsQuery, enabled: key !== null });
  return useMemo(
    () => data?.items.find((dimension) => dimension.key === key)?.terms.map((term) => term.name) ?? noNames,
    [data, key],
  );
}

/** As tall as what comes, so that nothing jumps. */
export function SkeletonShelf() {
  return (
    <div role="status" aria-label="Loading the shelf">
      <Skeleton height={64} radius={4} mb={20} />
      <Skeleton height={130} radius={4} mb={36} />
      <Skeleton height={130} radius={4} mb={36} />
    </div>
  );
}
