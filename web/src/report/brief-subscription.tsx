import { Button, Select } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { stringifySearch } from '../lib/url-state.ts';
import { type SliceState, savedViewsQuery, sliceQuery } from '../slices/api.ts';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { type BriefSubscription as Subscription, subscribe, subscriptionQuery, unsubscribe } from './api.ts';
import classes from './brief-page.module.css';

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const hours = Array.from({ length: 24 }, (_, hour) => ({
  value: hour.toString(),
  label: `${hour.toString().padStart(2, '0')}:00`,
}));

/** The brief by mail, once a week, on a day and at an hour of one's own. */
export function BriefSubscription({ slice }: { slice: SliceState }) {
  const { data } = useQuery(subscriptionQuery);
  if (!data) return null;
  return (
    <section className={classes.subscription} aria-label="Brief by mail">
      <h2>Once a week by mail</h2>
      {data.canSend ? (
        <SubscriptionForm
          key={JSON.stringify(data.subscription)}
          current={data.subscription}
          email={data.email}
          timeZone={data.timeZone}
          slice={slice}
        />
      ) : (
        <p className="quiet">
          This instance has no mail server, so nothing is sent. An admin can set SMTP_URL and MAIL_FROM.
        </p>
      )}
    </section>
  );
}

interface FormProps {
  current: Subscription | null;
  email: string;
  timeZone: string;
  slice: SliceState;
}

function SubscriptionForm({ current, email, timeZone, slice }: FormProps) {
  const shown = stringifySearch(sliceQuery(slice)).replace(/^\?/, '');
  const views = (useQuery(savedViewsQuery).data?.items ?? []).filter(({ path }) => path.startsWith('/shelf'));
  const [weekday, setWeekday] = useState((current?.weekday ?? 1).toString());
  const [hour, setHour] = useState((current?.hour ?? 8).toString());
  const [query, setQuery] = useState(current?.query ?? shown);
  const about = [
    { value: shown, label: 'What this page shows' },
    ...views.map((view) => ({ value: view.query.replace(/^\?/, ''), label: view.name })),
    ...(current ? [{ value: current.query, label: 'As until now' }] : []),
  ].filter((option, place, all) => all.findIndex(({ value }) => value === option.value) === place);
  const save = useMutation({
    mutationFn: () =>
      subscribe({ weekday: Number(weekday), hour: Number(hour), locale: navigator.language, query }),
    onSuccess: () => notifyDone(`It goes to ${email} each ${weekdays[Number(weekday) - 1] ?? 'week'}`),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <p className="quiet">
        {current
          ? `It goes to ${email} each ${weekdays[current.weekday - 1] ?? 'week'} at ${current.hour.toString().padStart(2, '0')}:00.`
          : `The same sentences, to ${email}, with a link to stop it.`}{' '}
        Times are those of {timeZone}; numbers are written as your browser does ({navigator.language}).
      </p>
      <div className={classes.fields}>
        <Select
          label="Day"
          size="xs"
          w={130}
          allowDeselect={false}
          data={weekdays.map((label, place) => ({ value: (place + 1).toString(), label }))}
          value={weekday}
          onChange={(value) => setWeekday(value ?? '1')}
        />
        <Select
          label="Hour"
          size="xs"
          w={90}
          allowDeselect={false}
          data={hours}
          value={hour}
          onChange={(value) => setHour(value ?? '8')}
        />
        <Select
          label="About"
          size="xs"
          w={220}
          allowDeselect={false}
          data={about}
          value={query}
          onChange={(value) => setQuery(value ?? shown)}
        />
        <Button type="submit" size="xs" variant={current ? 'default' : 'filled'} loading={save.isPending}>
          {current ? 'Change' : 'Send it each week'}
        </Button>
        {current && (
          <Button
            size="xs"
            variant="subtle"
            color="gray"
            onClick={() =>
              void unsubscribe().then(() => notifyDone('It is not sent any more'), notifyProblem)
            }
          >
            Stop it
          </Button>
        )}
      </div>
      {save.error && <ProblemNote error={save.error} />}
    </form>
  );
}
