import { Button, NativeSelect, Select, Switch, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { Form, FormSection } from '../ui/form.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import {
  changePreferences,
  hereZone,
  type Kind,
  type Preferences,
  preferencesQuery,
  testChannel,
} from './api.ts';
import { desktopState, turnOffDesktop, turnOnDesktop } from './desktop.ts';
import { MutedLinks } from './muted-links.tsx';
import { formatMinuteOfDay, kindWords, parseMinuteOfDay, timingWords } from './notification-words.ts';
import classes from './preferences-page.module.css';

/** When somebody is told, of what and by which way; each change of a choice holds at once. */
export function PreferencesPage() {
  const { data, error, refetch } = useQuery(preferencesQuery);
  return (
    <>
      <PageHeader
        title="Notifications"
        lead="Offshelf tells you of people and of nothing else: no scanners, no previews, none of your own visits."
      />
      {error && !data && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <SkeletonText lines={12} />}
      {data && (
        <>
          <FormSection title="What you are told of" lead="Changes hold at once, also for what waits.">
            <Kinds preferences={data} />
          </FormSection>
          <FormSection
            title="Quiet hours"
            lead="Mail and Slack wait until they end. The bell in Offshelf never makes a sound."
          >
            <HoursForm preferences={data} />
          </FormSection>
          <FormSection title="E-mail" lead="Somebody who reads on is mailed of four times an hour at most.">
            <Mail preferences={data} />
          </FormSection>
          <FormSection title="Slack" lead="To a channel or to yourself, as you choose it in Slack.">
            <Slack preferences={data} />
          </FormSection>
          <FormSection title="On this computer" lead="While an Offshelf tab is open and you look elsewhere.">
            <Desktop />
          </FormSection>
          <FormSection
            title="Muted share links"
            lead="They go on being read and counted; you are just not told."
          >
            <MutedLinks />
          </FormSection>
        </>
      )}
    </>
  );
}

type Kinds = Preferences['kinds'];

function Kinds({ preferences }: { preferences: Preferences }) {
  const { kinds, hasMail, hasSlack } = preferences;
  const choose = (kind: Kind, choice: Partial<Kinds[Kind]>) =>
    void changePreferences({ kinds: { ...kinds, [kind]: { ...kinds[kind], ...choice } } }).catch(
      notifyProblem,
    );
  return (
    <div className={classes.kinds}>
      {(['reading', 'question'] as const).map((kind) => (
        <fieldset key={kind} className={classes.kind}>
          <legend className={classes.name}>{kindWords[kind].name}</legend>
          <p className={classes.quiet}>{kindWords[kind].says}</p>
          <div className={classes.channels}>
            <NativeSelect
              label="In the app"
              value={kinds[kind].isInApp ? 'bell' : 'list'}
              data={[
                { value: 'bell', label: 'As unread' },
                { value: 'list', label: 'Quietly' },
              ]}
              onChange={({ currentTarget }) => choose(kind, { isInApp: currentTarget.value === 'bell' })}
            />
            <TimingSelect
              label="E-mail"
              value={hasMail ? kinds[kind].email : 'off'}
              isPossible={hasMail}
              onChange={(email) => choose(kind, { email })}
            />
            <TimingSelect
              label="Slack"
              value={kinds[kind].slack}
              isPossible={hasSlack}
              onChange={(slack) => choose(kind, { slack })}
            />
          </div>
        </fieldset>
      ))}
      {!hasSlack && <p className={classes.quiet}>For Slack, connect it below first.</p>}
    </div>
  );
}

type Timing = Kinds[Kind]['email'];

function TimingSelect({
  label,
  value,
  isPossible,
  onChange,
}: {
  label: string;
  value: Timing;
  isPossible: boolean;
  onChange: (timing: Timing) => void;
}) {
  return (
    <NativeSelect
      label={label}
      value={value}
      disabled={!isPossible}
      data={(['at_once', 'digest', 'off'] as const).map((timing) => ({
        value: timing,
        label: timingWords[timing],
      }))}
      onChange={({ currentTarget }) => onChange(currentTarget.value as Timing)}
    />
  );
}

const zones = [...new Set(['UTC', hereZone, ...Intl.supportedValuesOf('timeZone')])];

function HoursForm({ preferences }: { preferences: Preferences }) {
  const { quiet, digestHour, isChosen } = preferences;
  const form = useForm({
    initialValues: {
      isQuiet: quiet !== null,
      from: formatMinuteOfDay(quiet?.from ?? 19 * 60),
      until: formatMinuteOfDay(quiet?.until ?? 7 * 60),
      digestHour: digestHour.toString(),
      // Until something is chosen the server knows of no place.
      timeZone: isChosen ? preferences.timeZone : hereZone,
    },
    validate: {
      from: (value) => faultOfTime(value),
      until: (value, { from, isQuiet }) =>
        faultOfTime(value) ?? (isQuiet && value === from ? 'It has to end at another time.' : null),
    },
  });
  const save = useMutation({
    mutationFn: ({ isQuiet, from, until, ...rest }: typeof form.values) =>
      changePreferences({
        quiet: isQuiet ? { from: parseMinuteOfDay(from) ?? 0, until: parseMinuteOfDay(until) ?? 0 } : null,
        digestHour: Number(rest.digestHour),
        timeZone: rest.timeZone,
      }),
    onSuccess: () => {
      form.resetDirty();
      notifyDone('Hours saved');
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const { isQuiet } = form.values;
  return (
    <Form
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      submitLabel="Save hours"
      isSubmitting={save.isPending}
      notYet={form.isDirty() ? undefined : 'Nothing is changed.'}
      problem={problemBeside(save.error, form.values)}
    >
      <Switch label="Keep quiet hours" {...form.getInputProps('isQuiet', { type: 'checkbox' })} />
      {isQuiet && (
        <div className={classes.hours}>
          <TextInput label="From" type="time" {...form.getInputProps('from')} />
          <TextInput label="Until" type="time" {...form.getInputProps('until')} />
        </div>
      )}
      <NativeSelect
        label="Daily digest at"
        className={classes.narrow}
        data={Array.from({ length: 24 }, (_, hour) => ({
          value: hour.toString(),
          label: formatMinuteOfDay(hour * 60),
        }))}
        {...form.getInputProps('digestHour')}
      />
      <Select
        label="Time zone"
        data={zones}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No such time zone"
        {...form.getInputProps('timeZone')}
      />
    </Form>
  );
}

function faultOfTime(text: string): string | null {
  return parseMinuteOfDay(text) === undefined ? 'Write it like 19:30.' : null;
}

function TestButton({ channel }: { channel: 'email' | 'slack' }) {
  const test = useMutation({
    mutationFn: () => testChannel(channel),
    onSuccess: () => notifyDone(channel === 'email' ? 'Test mail sent' : 'Test sent to Slack'),
    onError: notifyProblem,
  });
  return (
    <Button variant="default" size="xs" loading={test.isPending} onClick={() => test.mutate()}>
      Send a test
    </Button>
  );
}

function Mail({ preferences: { hasMail, emailAddress } }: { preferences: Preferences }) {
  if (!hasMail)
    return (
      <p className={classes.quiet}>
        This instance has no mail server yet. Whoever runs it can set SMTP_URL and MAIL_FROM.
      </p>
    );
  return (
    <div className={classes.way}>
      <p>
        Mails go to <strong>{emailAddress}</strong>.
      </p>
      <TestButton channel="email" />
    </div>
  );
}

function Slack({ preferences: { hasSlack, kinds } }: { preferences: Preferences }) {
  const form = useForm({
    initialValues: { slackUrl: '' },
    validate: { slackUrl: (value) => (value.trim() ? null : 'Paste the address of an incoming webhook.') },
  });
  const save = useMutation({
    mutationFn: ({ slackUrl }: { slackUrl: string | null }) => {
      const slack = slackUrl === null ? 'off' : 'at_once';
      const { reading, question } = kinds;
      return changePreferences({
        slackUrl,
        kinds: { reading: { ...reading, slack }, question: { ...question, slack } },
      });
    },
    onSuccess: (_, { slackUrl }) => {
      form.reset();
      notifyDone(slackUrl === null ? 'Slack disconnected' : 'Slack connected');
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  if (hasSlack)
    return (
      <div className={classes.way}>
        <p>Slack is connected. Its address is kept sealed and not shown again.</p>
        <TestButton channel="slack" />
        <ConfirmButton
          size="xs"
          question="Nothing more goes to Slack. To connect it again you need its address."
          confirmLabel="Disconnect"
          loading={save.isPending}
          onConfirm={() => save.mutate({ slackUrl: null })}
        >
          Disconnect
        </ConfirmButton>
      </div>
    );
  return (
    <Form
      onSubmit={form.onSubmit((values) => save.mutate({ slackUrl: values.slackUrl.trim() }))}
      submitLabel="Connect Slack"
      isSubmitting={save.isPending}
      problem={problemBeside(save.error, form.values)}
    >
      <TextInput
        label="Incoming webhook"
        description="In Slack: Apps, Incoming Webhooks, Add to Slack. Paste the address it gives you."
        placeholder="https://hooks.slack.com/services/…"
        autoComplete="off"
        spellCheck={false}
        {...form.getInputProps('slackUrl')}
      />
    </Form>
  );
}

const desktopWords = {
  on: 'This browser shows them.',
  off: 'A small window beside your other programs says who read.',
  denied: 'This browser was told not to show them. Allow notifications for this site in its settings.',
  impossible: 'This browser can’t show them here. It needs an address that begins with https://.',
};

function Desktop() {
  const [state, setState] = useState(desktopState);
  const toggle = (isOn: boolean) => (isOn ? void turnOnDesktop().then(setState) : setState(turnOffDesktop()));
  return (
    <Switch
      label="Show notifications outside the window"
      description={desktopWords[state]}
      checked={state === 'on'}
      disabled={state === 'denied' || state === 'impossible'}
      onChange={({ currentTarget }) => toggle(currentTarget.checked)}
    />
  );
}
