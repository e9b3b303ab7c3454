import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { isCurator, usersQuery, useUser } from '../auth/api.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { ChosenBarStep } from '../ui/chosen-bar.tsx';
import type { DecideActionsProps } from '../ui/deciding.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import { type DecisionAction, decide, undoDecision } from './api.ts';
import { decisionWords } from './decision-words.ts';

/** What can be decided about the chosen assets: each is one decision, which can be taken back and whose effect is kept. */
export function DecideActions({ assetIds, onDone }: DecideActionsProps) {
  const user = useUser();
  const mutation = useMutation({
    mutationFn: (decided: { action: DecisionAction; note: string }) => decide({ ...decided, assetIds }),
    onSuccess: (decision) => {
      if (!decision) return notifyDone('Nothing to change: all of them were like that already');
      notifyUndo(decisionWords(decision), () => undoDecision(decision.id).then(sayUndone, notifyProblem));
      onDone();
    },
    onError: notifyProblem,
  });
  if (!isCurator(user)) return null;
  const steps = { run: (action: DecisionAction, note: string) => mutation.mutate({ action, note }) };
  return (
    <>
      <Archive {...steps} />
      <Assign {...steps} />
      <Review {...steps} />
      <AddTags {...steps} />
      <Promote {...steps} />
    </>
  );
}

function sayUndone(): void {
  notifyDone('Taken back');
}

interface StepProps {
  run: (action: DecisionAction, note: string) => void;
}

interface DecisionStepProps {
  label: string;
  /** What it comes to, before it is done. */
  lead?: string;
  /** The button that does it. */
  verb: string;
  action: DecisionAction | null;
  run: StepProps['run'];
  children?: ReactNode;
}

/** A small form: what the decision needs, why it is made, and the button. */
function DecisionStep({ label, lead, verb, action, run, children }: DecisionStepProps) {
  const [note, setNote] = useState('');
  return (
    <ChosenBarStep label={label}>
      {(close) => (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (!action) return;
            close();
            run(action, note.trim());
          }}
        >
          {lead && <p className="quiet">{lead}</p>}
          {children}
          <Textarea
            label="Why"
            description="Optional. It stands with the decision."
            mt="xs"
            autosize
            minRows={1}
            maxRows={4}
            maxLength={500}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" size="xs" mt="sm" disabled={!action}>
            {verb}
          </Button>
        </form>
      )}
    </ChosenBarStep>
  );
}

function Archive({ run }: StepProps) {
  return (
    <DecisionStep
      label="Archive"
      lead="They leave Find and the shelf. Share links that are out keep working."
      verb="Archive them"
      action={{ kind: 'archive' }}
      run={run}
    />
  );
}

function Assign({ run }: StepProps) {
  const users = useQuery(usersQuery).data?.items ?? [];
  const [owner, setOwner] = useState<string | null>(null);
  return (
    <DecisionStep
      label="Owner"
      verb="Set owner"
      action={owner === null ? null : { kind: 'assign', ownerUserId: owner === 'none' ? null : owner }}
      run={run}
    >
      <Select
        label="New owner"
        placeholder="Choose a person"
        searchable
        data-autofocus
        comboboxProps={{ withinPortal: false }}
        data={[
          { value: 'none', label: 'Nobody' },
          ...users
            .filter((user) => user.state !== 'deactivated')
            .map((user) => ({ value: user.id, label: user.name })),
        ]}
        value={owner}
        onChange={setOwner}
      />
    </DecisionStep>
  );
}

function Review({ run }: StepProps) {
  const [day, setDay] = useState('');
  const [isNone, setIsNone] = useState(false);
  return (
    <DecisionStep
      label="Review date"
      lead="After that day they count as stale until somebody has looked at them."
      verb={isNone ? 'Take the date off' : 'Ask for a review'}
      action={isNone || day !== '' ? { kind: 'request_review', reviewOn: isNone ? null : day } : null}
      run={run}
    >
      <TextInput
        type="date"
        label="Review by"
        data-autofocus
        disabled={isNone}
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
      <Checkbox
        label="No review date"
        size="xs"
        mt="xs"
        checked={isNone}
        onChange={(event) => setIsNone(event.currentTarget.checked)}
      />
    </DecisionStep>
  );
}

function AddTags({ run }: StepProps) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const [termIds, setTermIds] = useState<string[]>([]);
  return (
    <DecisionStep
      label="Add tags"
      verb="Add tags"
      action={termIds.length === 0 ? null : { kind: 'add_tags', termIds }}
      run={run}
    >
      <TermSelect
        label="Tags to add"
        placeholder={termIds.length === 0 ? 'Choose terms' : ''}
        data-autofocus
        comboboxProps={{ withinPortal: false }}
        maxDropdownHeight={220}
        dimensions={dimensions}
        value={termIds}
        onChange={setTermIds}
      />
    </DecisionStep>
  );
}

const promotedDays = 30;

function Promote({ run }: StepProps) {
  const [day, setDay] = useState(() =>
    new Date(Date.now() + promotedDays * 86_400_000).toISOString().slice(0, 10),
  );
  return (
    <DecisionStep
      label="Recommend"
      lead="Reps see them on Find under “Marketing recommends”, with your reason."
      verb="Recommend them"
      action={day === '' ? null : { kind: 'promote', untilOn: day }}
      run={run}
    >
      <TextInput
        type="date"
        label="Until"
        data-autofocus
        value={day}
        onChange={(event) => setDay(event.currentTarget.value)}
      />
    </DecisionStep>
  );
}
