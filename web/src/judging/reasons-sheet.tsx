import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { formatMinute, formatNumber, formatPercent } from '../lib/format.ts';
import { StatusBadge } from '../ui/badges.tsx';
import type { ExplainedVisit } from '../ui/explaining.tsx';
import { classWords } from '../ui/judgement-words.ts';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import {
  type MadeJudgement,
  type Overruling,
  overrule,
  undoOverruling,
  type VisitReasons,
  visitReasonsQuery,
} from './api.ts';
import classes from './reasons-sheet.module.css';
import { weightWords } from './weight-words.ts';

interface ReasonsSheetProps {
  visit: ExplainedVisit;
  isOpen: boolean;
  onClose: () => void;
}

/** Why a visit counts as it does, what it was thought to be before, and a way to say what it was. */
export function ReasonsSheet({ visit, isOpen, onClose }: ReasonsSheetProps) {
  const reasons = useQuery({ ...visitReasonsQuery(visit.visitId), enabled: isOpen });
  return (
    <Sheet
      isOpen={isOpen}
      onClose={onClose}
      title="Why we think so"
      footer={reasons.data && <Overrule reasons={reasons.data} />}
    >
      <div className={classes.body}>
        <p className={classes.about}>{visit.about}</p>
        {reasons.error && <ProblemNote error={reasons.error} onRetry={() => void reasons.refetch()} />}
        {reasons.isPending && <SkeletonText lines={6} />}
        {reasons.data && <Reasons reasons={reasons.data} />}
      </div>
    </Sheet>
  );
}

function Reasons({ reasons: { current, byRules, observed, history } }: { reasons: VisitReasons }) {
  const isOverruled = current.judgedBy !== null;
  return (
    <>
      <p className={classes.verdict}>
        {classWords[current.class].name}
        {isOverruled ? '.' : `: ${formatPercent(current.probability)} likely somebody’s visit.`}
      </p>
      {isOverruled && (
        <p className={classes.quiet}>
          {current.judgedBy} said so on {formatMinute(current.judgedAt)}, and it stands above the rules.
        </p>
      )}
      {byRules && (
        <>
          <h3 className={classes.heading}>{isOverruled ? 'What the rules would say' : 'Signs'}</h3>
          {isOverruled && (
            <p className={classes.quiet}>
              {classWords[byRules.class].name}, {formatPercent(byRules.probability)} likely a person.
            </p>
          )}
          <Signs judgement={byRules} />
          <p className={classes.quiet}>
            By rule set {byRules.ruleVersion}, {formatMinute(byRules.judgedAt)}. A lone sign never decides,
            except what a visitor declares of itself and what proves a person.
          </p>
        </>
      )}
      {observed && (
        <p className={classes.quiet}>
          Of {formatNumber(observed.humanCount + observed.otherCount)} confirmed visits with the same signs,{' '}
          {formatNumber(observed.humanCount)} were people’s; between {formatPercent(observed.low)} and{' '}
          {formatPercent(observed.high)} is likely.
        </p>
      )}
      {history.length > 0 && <History judgements={history} />}
    </>
  );
}

function Signs({ judgement }: { judgement: MadeJudgement }) {
  return (
    <ul className={classes.signs}>
      {judgement.reasons.map(({ rule, sentence, weight }) => (
        <li key={rule || sentence} className={classes.sign}>
          <span>{sentence}</span>
          {rule !== 'nothing' && rule !== '' && (
            <span className={classes.weight} data-for={weight >= 0 ? 'person' : 'machine'}>
              {weightWords(weight)}
            </span>
          )}
        </li>
      ))}
    </ul>
  );
}

function History({ judgements }: { judgements: MadeJudgement[] }) {
  return (
    <>
      <h3 className={classes.heading}>Before</h3>
      <ol className={classes.history}>
        {judgements.map((judgement) => (
          <li key={judgement.judgedAt.toISOString() + judgement.class} className={classes.moment}>
            <time dateTime={judgement.judgedAt.toISOString()}>{formatMinute(judgement.judgedAt)}</time>
            <StatusBadge tone={classWords[judgement.class].tone}>
              {classWords[judgement.class].name}
            </StatusBadge>
            <span className={classes.by}>
              {judgement.judgedBy
                ? `${judgement.judgedBy}${judgement.isUndone ? ', taken back' : ''}`
                : `${formatPercent(judgement.probability)} a person, rule set ${judgement.ruleVersion.toString()}`}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

const choices: { said: Overruling; label: string; done: string }[] = [
  { said: 'person', label: 'This was a person', done: 'Counts as a person’s visit' },
  { said: 'own', label: 'This was one of us', done: 'Counts as our own visit' },
  { said: 'machine', label: 'This was a machine', done: 'Counts as a machine’s visit' },
];

function Overrule({ reasons: { visitId, current } }: { reasons: VisitReasons }) {
  const undo = useMutation({ mutationFn: () => undoOverruling(visitId), onError: notifyProblem });
  const say = useMutation({
    mutationFn: ({ said }: (typeof choices)[number]) => overrule(visitId, said),
    onSuccess: (_answer, { done }) => notifyUndo(done, () => undo.mutate()),
    onError: notifyProblem,
  });
  if (current.judgedBy !== null)
    return (
      <Button variant="default" loading={undo.isPending} onClick={() => undo.mutate()}>
        Let the rules decide
      </Button>
    );
  return (
    <fieldset className={classes.choices}>
      <legend className={classes.ask}>Do you know better?</legend>
      {choices.map((choice) => (
        <Button
          key={choice.said}
          size="xs"
          variant="default"
          loading={say.isPending && say.variables.said === choice.said}
          disabled={say.isPending}
          onClick={() => say.mutate(choice)}
        >
          {choice.label}
        </Button>
      ))}
    </fieldset>
  );
}
