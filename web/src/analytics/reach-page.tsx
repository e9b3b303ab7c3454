import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { z } from 'zod';
import { formatNumber } from '../lib/format.ts';
import { answerSentence } from '../lib/shelf-answer.ts';
import { useUrlState } from '../lib/url-state.ts';
import { isOfSomeAssets, isOfSomeBuyers, useSlice } from '../slices/api.ts';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { evidence, mainStops } from './answer-words.ts';
import { type Reach, type Rung, reachQuery } from './api.ts';
import { EmptyShelf } from './empty-shelf.tsx';
import { Ladder } from './ladder.tsx';
import { ReachShelf } from './reach-shelf.tsx';
import classes from './rung-list.module.css';
import { RungList } from './rung-list.tsx';
import { UnusedFigures } from './unused-figures.tsx';

const pageState = z.object({
  rung: z
    .enum(['published', 'surfaced', 'opened', 'shared', 'reached', 'read', 'moved'])
    .optional()
    .catch(undefined),
  order: z.enum(['oldest', 'newest', 'title']).optional().catch(undefined),
});

/** How much of what we make reaches buyers: the ladder split by cause, the shelf, and what to do with each asset. */
export function ReachPage() {
  const slice = useSlice();
  const [state, change] = useUrlState(pageState);
  const reach = useQuery(reachQuery(slice));
  const list = useRef<HTMLElement>(null);
  const { data } = reach;
  const ofSome = { isOfSomeAssets: isOfSomeAssets(slice), isOfSomeBuyers: isOfSomeBuyers(slice) };
  const isEmpty = data?.unusedRate.current.n === 0;
  const wanted = state.rung ?? (data && mainStops(data.ladder)[0]?.rung) ?? 'read';
  const rung: Rung = data?.ladder.some((step) => step.rung === wanted) === false ? 'published' : wanted;
  return (
    <>
      <PageHeader
        title="What reaches buyers"
        lead="How far assets get, why they stop, and what to do with each."
      />
      {reach.error && <ProblemNote error={reach.error} onRetry={() => void reach.refetch()} />}
      {reach.isPending && <SkeletonLadder />}
      {data && isEmpty && <EmptyShelf report={data} />}
      {data && !isEmpty && (
        <>
          <div data-metric="unused_rate used_assets eligible_assets">
            <h2 className={classes.answer}>{answerSentence(data, ofSome)}</h2>
            <p className={classes.evidence}>
              {evidence(data)} <UnusedFigures report={data} />
            </p>
          </div>
          <Ladder
            report={data}
            rung={rung}
            onRung={(next) => {
              change({ rung: next });
              list.current?.scrollIntoView({ block: 'nearest', behavior: 'smooth' });
            }}
          />
          <RungList
            ref={list}
            slice={slice}
            report={data}
            rung={rung}
            order={state.order ?? 'oldest'}
            onOrder={(order) => change({ order: order === 'oldest' ? undefined : order })}
          />
          <section className={classes.shelf} aria-labelledby="shelf-title" data-metric="usage_ladder">
            <h2 id="shelf-title" className={classes.title}>
              {shelfFinding(data)}
            </h2>
            <ReachShelf slice={slice} report={data} firstGrouping="contentType" />
          </section>
        </>
      )}
    </>
  );
}

function shelfFinding({ ladder, unusedRate }: Reach): string {
  const read = ladder.find((step) => step.rung === 'read')?.reachedCount ?? 0;
  const { n } = unusedRate.current;
  if (read === 0) return `No buyer has read one of the ${formatNumber(n)} on the shelf`;
  return `${formatNumber(read)} of the ${formatNumber(n)} on the shelf ${read === 1 ? 'was' : 'were'} read by buyers`;
}

/** As tall as what comes, so that nothing jumps. */
function SkeletonLadder() {
  return (
    <div role="status" aria-label="Loading the ladder">
      <Skeleton height={24} width="62%" radius={5} mb={24} />
      <SkeletonRows rows={7} widths={['16%', '40%', '8%', '23%']} />
    </div>
  );
}
