import { Button, SegmentedControl, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { formatMinute } from '../lib/format.ts';
import { Form } from '../ui/form.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { editRoom, type NextStep, type NextStepInput, type Room } from './api.ts';
import classes from './next-step.module.css';

/** The one thing that whoever reads the room should do next. */
export function NextStepEditor({ room: { id, nextStep } }: { room: Room }) {
  const [isEditing, setIsEditing] = useState(false);
  const remove = async () => {
    try {
      await editRoom(id, { nextStep: null });
      notifyUndo('Next step removed', () =>
        editRoom(id, { nextStep: toInput(nextStep) }).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <section className={classes.step} aria-labelledby="next-step">
      <div className={classes.words}>
        <h2 id="next-step" className={classes.label}>
          Next step
        </h2>
        {nextStep ? (
          <p className={classes.what}>
            {nextStep.label}
            <span className={classes.where}>
              {nextStep.at ? formatMinute(nextStep.at) : (nextStep.url ?? '').replace(/^https:\/\//, '')}
            </span>
          </p>
        ) : (
          <p className="quiet">None yet. A room with one clear next step leads somewhere.</p>
        )}
      </div>
      <div className={classes.actions}>
        {nextStep && (
          <Button size="xs" variant="subtle" color="gray" onClick={() => void remove()}>
            Remove
          </Button>
        )}
        <Button size="xs" variant="default" onClick={() => setIsEditing(true)}>
          {nextStep ? 'Change' : 'Add a next step'}
        </Button>
      </div>
      {isEditing && <StepSheet roomId={id} nextStep={nextStep} onClose={() => setIsEditing(false)} />}
    </section>
  );
}

function toInput(nextStep: NextStep | null): NextStepInput {
  if (!nextStep) return null;
  const { label, url, at } = nextStep;
  return url !== null ? { label, url } : at !== null ? { label, at } : null;
}

interface StepForm {
  kind: 'link' | 'date';
  label: string;
  url: string;
  /** `2026-12-03T14:00`, where the sender is. */
  at: string;
}

function StepSheet({
  roomId,
  nextStep,
  onClose,
}: {
  roomId: string;
  nextStep: NextStep | null;
  onClose: () => void;
}) {
  const form = useForm<StepForm>({
    initialValues: {
      kind: nextStep?.at ? 'date' : 'link',
      label: nextStep?.label ?? '',
      url: nextStep?.url ?? '',
      at: nextStep?.at ? toLocal(nextStep.at) : '',
    },
    validate: {
      label: (value) => (value.trim() === '' ? 'Say what the next step is.' : null),
      url: (value, { kind }) =>
        kind === 'date' || /^https:\/\/\S+\.\S+$/.test(value.trim())
          ? null
          : 'This must be an address that starts with https://.',
      at: (value, { kind }) =>
        kind === 'link' || !Number.isNaN(Date.parse(value)) ? null : 'Choose a day and a time.',
    },
  });
  const save = useMutation({
    mutationFn: ({ kind, label, url, at }: StepForm) =>
      editRoom(roomId, {
        nextStep: kind === 'link' ? { label, url: url.trim() } : { label, at: new Date(at) },
      }),
    onSuccess: onClose,
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const { kind } = form.values;
  return (
    <Sheet isOpen onClose={onClose} title="Next step">
      <Form
        onSubmit={form.onSubmit((values) => save.mutate(values))}
        submitLabel="Save"
        isSubmitting={save.isPending}
        problem={problemBeside(save.error, form.values)}
      >
        <SegmentedControl
          aria-label="Kind of next step"
          data={[
            { value: 'link', label: 'A link' },
            { value: 'date', label: 'A date' },
          ]}
          {...form.getInputProps('kind')}
        />
        <TextInput
          label="What they do"
          description={
            kind === 'link' ? 'Such as “Choose a time for a call”.' : 'Such as “We go through your numbers”.'
          }
          maxLength={80}
          data-autofocus
          {...form.getInputProps('label')}
        />
        {kind === 'link' ? (
          <TextInput
            label="Where it leads"
            description="It opens in a tab of its own."
            placeholder="https://"
            type="url"
            maxLength={1000}
            {...form.getInputProps('url')}
          />
        ) : (
          <TextInput
            label="When"
            description="In your time; they see it in theirs and can put it into their calendar."
            type="datetime-local"
            {...form.getInputProps('at')}
          />
        )}
      </Form>
    </Sheet>
  );
}

function toLocal(date: Date): string {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
