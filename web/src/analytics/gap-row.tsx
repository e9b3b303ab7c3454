import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { isCurator, useUser } from '../auth/api.ts';
import { formatList } from '../lib/format.ts';
import { findPath, paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { TermChips } from '../ui/badges.tsx';
import { DealValue } from '../ui/deal-value.tsx';
import { notRightWords } from '../ui/not-right-words.ts';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { DateText } from '../ui/words.tsx';
import { dismissGap, type Gap, requestForGap, undoGapDecision } from './api.ts';
import { gapFacts, gapPasted, gapPeople } from './gap-sentences.ts';
import classes from './gaps-page.module.css';
import { SynonymButton } from './synonym-button.tsx';

/** Searches that ask for the same and fail: the wording, who and how often, and the one thing to do. */
export function GapRow({ gap }: { gap: Gap }) {
  const isOpen = gap.state === 'open';
  return (
    <li className={classes.gap} data-state={gap.state}>
      <div className={classes.words}>
        <h3 className={classes.wording}>{gap.isTyped ? `“${gap.query}”` : gap.query}</h3>
        {gap.variants.length > 0 && (
          <p className={classes.variants}>
            also typed {formatList(gap.variants.slice(0, 4).map(({ query }) => `“${query}”`))}
          </p>
        )}
        {gap.pastedCount > 0 && <p className={classes.variants}>{gapPasted(gap)}</p>}
        <p className={classes.facts}>
          {gapFacts(gap)}, {gap.searchCount > 1 && 'most recently '}
          <DateText date={gap.lastAt} />.{gapPeople(gap) && <span className="quiet"> {gapPeople(gap)}.</span>}
        </p>
        {gap.isTyped && <TermChips terms={gap.terms} />}
        <NotRight gap={gap} />
        {(!isOpen || gap.stateSays !== untouched) && <p className={classes.state}>{gap.stateSays}</p>}
        {gap.request && !isOpen && (
          <p className={classes.state}>
            <AppLink
              to={paths.requests}
              search={{ ...requestTab(gap.request.status), request: gap.request.id }}
            >
              {gap.request.title}
            </AppLink>
          </p>
        )}
      </div>
      <div className={classes.side}>
        <DealValue {...gap} />
        <Actions gap={gap} />
      </div>
    </li>
  );
}

/** What the server says of a gap that is new; the heading above the list says as much. */
const untouched = 'Nobody has done anything about it yet.';

function requestTab(status: string) {
  return status === 'open' ? {} : { show: status };
}

function NotRight({ gap: { notRight } }: { gap: Gap }) {
  if (notRight.length === 0) return null;
  return (
    <ul className={classes.notRight} aria-label="Said to be not right">
      {notRight.slice(0, 5).map(({ assetId, assetTitle, reason, count, notes }) => (
        <li key={`${assetId} ${reason}`}>
          <AppLink to={paths.asset(assetId)}>{assetTitle}</AppLink>: {notRightWords[reason]}
          {count > 1 && `, said ${count.toString()} people`}
          {notes.length > 0 && <span className="quiet"> {notes.map((note) => `“${note}”`).join(' ')}</span>}
        </li>
      ))}
    </ul>
  );
}

function Actions({ gap }: { gap: Gap }) {
  const user = useUser();
  const { clusterKey, state } = gap;
  const undo = () => undoGapDecision(clusterKey).catch(notifyProblem);
  const request = useMutation({
    mutationFn: () => requestForGap(clusterKey),
    onSuccess: () => notifyUndo('It is a request now, and those who searched see it', undo),
    onError: notifyProblem,
  });
  const dismiss = useMutation({
    mutationFn: () => dismissGap(clusterKey),
    onSuccess: () => notifyUndo('Set aside', undo),
    onError: notifyProblem,
  });
  const takeBack = useMutation({ mutationFn: () => undoGapDecision(clusterKey), onError: notifyProblem });
  const tryIt = gap.query.length < 300 && (
    <AppLink to={findPath(gap.query)} className={classes.tryIt}>
      Search for it
    </AppLink>
  );
  if (!isCurator(user) || state === 'closed') return tryIt;
  if (state !== 'open')
    return (
      <div className={classes.actions}>
        {tryIt}
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          loading={takeBack.isPending}
          onClick={() => takeBack.mutate()}
        >
          Take back
        </Button>
      </div>
    );
  return (
    <div className={classes.actions}>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        loading={dismiss.isPending}
        onClick={() => dismiss.mutate()}
        aria-label={`Set aside: ${gap.query}`}
      >
        Set aside
      </Button>
      {gap.isTyped && <SynonymButton gap={gap} onUndo={undo} />}
      <Button
        size="compact-sm"
        variant="light"
        loading={request.isPending}
        onClick={() => request.mutate()}
        aria-label={`Request it: ${gap.query}`}
      >
        Request it
      </Button>
    </div>
  );
}
