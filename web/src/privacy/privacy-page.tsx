import { Button, NumberInput, Radio } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { formatMinute, formatRelative, plural } from '../lib/format.ts';
import { Form, FormSection } from '../ui/form.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { useMinute } from '../ui/words.tsx';
import {
  changeSettings,
  type KeptKind,
  type PrivacyMode,
  type PrivacyRequest,
  privacyQuery,
  type Settings,
  saveAsFile,
  settingsQuery,
  sweepNow,
} from './api.ts';
import { PersonForm } from './person-form.tsx';
import classes from './privacy-page.module.css';
import { countsSentence, fixedWords, isClean, keptWords, modeWords, proofSentence } from './privacy-words.ts';

/** What is kept of prospects and for how long, and what somebody may ask to be told or forgotten. */
export function PrivacyPage() {
  const settings = useQuery(settingsQuery);
  const privacy = useQuery(privacyQuery);
  const error = settings.error ?? privacy.error;
  return (
    <>
      <PageHeader
        title="Privacy"
        lead="What Offshelf keeps of the people who open your share links, for how long, and what they can ask for."
      />
      {error && (
        <ProblemNote
          error={error}
          onRetry={() => {
            void settings.refetch();
            void privacy.refetch();
          }}
        />
      )}
      {settings.data && privacy.data ? (
        <>
          <FormSection
            title="Privacy mode"
            lead="It holds for every share link, from the next page that is opened."
          >
            <ModeForm settings={settings.data} />
          </FormSection>
          <FormSection title="How long it is kept" lead="What is older goes every night, for good.">
            <KeptForm settings={settings.data} sweeps={privacy.data.sweeps} />
          </FormSection>
          <FormSection
            title="A person"
            lead="What somebody may ask of you: to be told what is known of them, and to be forgotten."
          >
            <PersonForm />
          </FormSection>
          <FormSection
            title="What was asked"
            lead="Without the address: a hash of it proves whom it was about."
          >
            <Requests requests={privacy.data.requests} />
          </FormSection>
        </>
      ) : (
        !error && <SkeletonText lines={12} />
      )}
    </>
  );
}

function ModeForm({ settings }: { settings: Settings }) {
  // Chosen shows at once: a mutation tells of itself only a moment after the click.
  const [chosen, setChosen] = useState<PrivacyMode>();
  const save = useMutation({
    mutationFn: (privacyMode: PrivacyMode) => changeSettings({ privacyMode }),
    onMutate: setChosen,
    onSuccess: () => notifyDone('Privacy mode changed'),
    onError: notifyProblem,
    onSettled: () => setChosen(undefined),
  });
  return (
    <Radio.Group
      aria-label="Privacy mode"
      value={chosen ?? settings.privacyMode}
      onChange={(value) => save.mutate(value as PrivacyMode)}
    >
      <div className={classes.modes}>
        {(['standard', 'strict'] as const).map((mode) => (
          <Radio
            key={mode}
            value={mode}
            label={modeWords[mode].name}
            description={modeWords[mode].says}
            disabled={chosen !== undefined}
          />
        ))}
      </div>
    </Radio.Group>
  );
}

interface Sweep {
  kind: KeptKind;
  sweptAt: Date;
  deletedCount: number;
}

function KeptForm({ settings, sweeps }: { settings: Settings; sweeps: Sweep[] }) {
  const { privacyMode: _mode, timeZone: _zone, ...days } = settings;
  const form = useForm<Record<keyof typeof days, number | string>>({
    initialValues: days,
    validate: (values) =>
      Object.fromEntries(
        Object.entries(values)
          .filter(([, value]) => typeof value !== 'number' || value < 1 || value > 3_650)
          .map(([key]) => [key, 'Choose between 1 and 3,650 days.']),
      ),
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => changeSettings(values as typeof days),
    onSuccess: () => {
      form.resetDirty();
      notifyDone('Saved. What is older goes tonight');
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const sweep = useMutation({
    mutationFn: sweepNow,
    onSuccess: () => notifyDone('Everything is being looked through'),
    onError: notifyProblem,
  });
  return (
    <Form
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      submitLabel="Save days"
      isSubmitting={save.isPending}
      notYet={form.isDirty() ? undefined : 'Nothing is changed.'}
      problem={problemBeside(save.error, form.values)}
      more={
        <Button
          variant="default"
          loading={sweep.isPending}
          disabled={form.isDirty()}
          onClick={() => sweep.mutate()}
        >
          Look through now
        </Button>
      }
    >
      {keptWords.map(({ key, kind, name, says }) => (
        <div key={key}>
          <NumberInput
            label={name}
            description={says}
            inputWrapperOrder={['label', 'description', 'input', 'error']}
            min={1}
            max={3_650}
            clampBehavior="none"
            allowDecimal={false}
            hideControls
            suffix=" days"
            className={classes.days}
            {...form.getInputProps(key)}
          />
          <LastSweep sweep={sweeps.find((each) => each.kind === kind)} />
        </div>
      ))}
      {fixedWords.map(({ kind, name, says }) => (
        <div key={kind}>
          <p className={classes.name}>{name}</p>
          <p className={classes.quiet}>{says}</p>
          <LastSweep sweep={sweeps.find((each) => each.kind === kind)} />
        </div>
      ))}
      {sweeps.length === 0 && (
        <p className={classes.quiet}>Nothing has been looked through yet. It happens the next night.</p>
      )}
    </Form>
  );
}

function LastSweep({ sweep }: { sweep: Sweep | undefined }) {
  const now = useMinute();
  if (!sweep) return null;
  const outcome =
    sweep.deletedCount === 0 ? 'nothing was too old' : `${plural(sweep.deletedCount, 'row')} went`;
  return (
    <p className={classes.quiet}>
      Looked through {formatRelative(sweep.sweptAt, now)}: {outcome}.
    </p>
  );
}

function Requests({ requests }: { requests: PrivacyRequest[] }) {
  if (requests.length === 0) return <p className={classes.quiet}>Nobody has asked for anything yet.</p>;
  return (
    <ul className={classes.requests}>
      {requests.map((request) => (
        <li key={request.id}>
          <div className={classes.request}>
            <p>
              <strong>{request.kind === 'erase' ? 'Erased' : 'Exported'}</strong> by{' '}
              {request.requestedBy ?? 'a command'}, {formatMinute(request.requestedAt)}
            </p>
            {request.kind === 'erase' && (
              <Button
                variant="default"
                size="xs"
                onClick={() => saveAsFile(`erasure-${request.id}.json`, request)}
              >
                Save proof
              </Button>
            )}
          </div>
          {request.kind === 'erase' && <p className={classes.quiet}>{countsSentence(request.counts)}.</p>}
          {request.proof && (
            <p className={isClean(request.proof) ? classes.clean : classes.left}>
              {proofSentence(request.proof)}
            </p>
          )}
        </li>
      ))}
    </ul>
  );
}
