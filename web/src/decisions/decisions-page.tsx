import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { z } from 'zod';
import { isCurator, useUser } from '../auth/api.ts';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { parseSearch, useUrlState } from '../lib/url-state.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type Decision, decisionsQuery, undoDecision } from './api.ts';
import { decisionWords } from './decision-words.ts';
import classes from './decisions-page.module.css';
import { EffectNote } from './effect-note.tsx';

const pageState = z.object({ asset: z.string().optional().catch(undefined) });

/** What marketing decided about assets, and what came of it. */
export function DecisionsPage() {
  const [state, change] = useUrlState(pageState);
  const decisions = useInfiniteQuery(decisionsQuery(state.asset));
  const items = decisions.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHeader
        title="Decisions"
        lead="What was decided about assets, and what happened to them since, beside everything else on the shelf."
        actions={
          state.asset && (
            <Button variant="default" onClick={() => change({ asset: undefined })}>
              Show all decisions
            </Button>
          )
        }
      />
      {decisions.error && <ProblemNote error={decisions.error} onRetry={() => void decisions.refetch()} />}
      {decisions.isPending && <SkeletonRows rows={6} widths={['52%', '30%', '10%']} />}
      {decisions.data && items.length === 0 && (
        <EmptyState
          title="Nothing has been decided yet"
          miniature={<MiniatureRows widths={['48%', '26%', '14%']} />}
          action={<LinkButton to={paths.reach}>See which assets stop where</LinkButton>}
        >
          Choose assets in any list – on the shelf, in the library, in what is going off – and archive,
          assign, tag or recommend them in one step. Each decision stands here, can be taken back, and after a
          week says what became of it.
        </EmptyState>
      )}
      {items.length > 0 && (
        <ol className={classes.list} aria-label="Decisions">
          {items.map((decision) => (
            <DecisionRow key={decision.id} decision={decision} />
          ))}
        </ol>
      )}
      {decisions.hasNextPage && (
        <Button
          variant="default"
          mt={16}
          loading={decisions.isFetchingNextPage}
          onClick={() => void decisions.fetchNextPage()}
        >
          Show older decisions
        </Button>
      )}
    </>
  );
}

/** The list as it was sliced and filtered when it was decided. */
function MadeOn({ address }: { address: string }) {
  const [path = '', query = ''] = address.split('?');
  return (
    <AppLink to={path} search={parseSearch(query)} underline="always">
      where it was decided
    </AppLink>
  );
}

function DecisionRow({ decision }: { decision: Decision }) {
  const user = useUser();
  const undoing = useMutation({
    mutationFn: () => undoDecision(decision.id),
    onSuccess: () => notifyDone('Taken back'),
    onError: notifyProblem,
  });
  const { assets, assetCount, note, undoneAt, madeOn } = decision;
  return (
    <li className={classes.row} data-undone={undoneAt !== null || undefined}>
      <div className={classes.words}>
        <h2 className={classes.title} data-no-metric="what was decided">
          {decisionWords(decision)}
        </h2>
        <p className={classes.facts}>
          {decision.decidedByName}, <DateText date={decision.decidedAt} />
          {undoneAt && (
            <>
              {' '}
              · taken back by {decision.undoneByName}, <DateText date={undoneAt} />
            </>
          )}
          {madeOn && (
            <>
              {' '}
              · <MadeOn address={madeOn} />
            </>
          )}
        </p>
        {note && <p className={classes.note}>{note}</p>}
        <p className={classes.assets} data-no-metric="what was decided about">
          {assets.map(({ assetId, title }, index) => (
            <span key={assetId}>
              {index > 0 && ', '}
              <AppLink to={paths.asset(assetId)} underline="always">
                {title}
              </AppLink>
            </span>
          ))}
          {assetCount > assets.length && <> and {plural(assetCount - assets.length, 'other')}</>}
        </p>
        {undoneAt === null && <EffectNote decision={decision} />}
      </div>
      {undoneAt === null && isCurator(user) && (
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          loading={undoing.isPending}
          onClick={() => undoing.mutate()}
          aria-label={`Take back: ${decisionWords(decision)}`}
        >
          Take back
        </Button>
      )}
    </li>
  );
}
