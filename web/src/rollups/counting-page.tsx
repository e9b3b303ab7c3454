import { Select } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { formatMinute, plural } from '../lib/format.ts';
import { changeSettings, settingsQuery } from '../privacy/api.ts';
import { Form, FormSection } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { countingQuery } from './api.ts';

/** By whose clock the days of reports begin, and how far they are counted. */
export function CountingPage() {
  const settings = useQuery(settingsQuery);
  const counting = useQuery(countingQuery);
  const error = settings.error ?? counting.error;
  return (
    <>
      <PageHeader
        title="Counting"
        lead="The shelf report is counted from what happened, a few seconds after it did, in whole days."
      />
      {error && (
        <ProblemNote
          error={error}
          onRetry={() => {
            void settings.refetch();
            void counting.refetch();
          }}
        />
      )}
      {settings.data && counting.data ? (
        <>
          <FormSection
            title="Time zone"
            lead="A day of a report begins and ends by this clock, for everybody. What was counted before is counted anew."
          >
            <ZoneForm timeZone={settings.data.timeZone} />
          </FormSection>
          <FormSection title="How far" lead="Every page of the report says the same beside its numbers.">
            <p>{sentenceOf(counting.data, settings.data.timeZone)}</p>
          </FormSection>
        </>
      ) : (
        !error && <SkeletonText lines={6} />
      )}
    </>
  );
}

interface Counting {
  countedAt: Date;
  waitingCount: number;
  timeZone: string | null;
  asOf: Date;
}

const lateMs = 60_000;

function sentenceOf({ countedAt, waitingCount, timeZone, asOf }: Counting, chosenZone: string): string {
  if (timeZone !== chosenZone)
    return 'Everything is being counted anew. Until that is done, reports show what was counted before.';
  const until = `Everything that happened before ${formatMinute(countedAt)} is counted`;
  if (asOf.getTime() - countedAt.getTime() > lateMs)
    return `${until}; ${plural(waitingCount, 'change')} wait${waitingCount === 1 ? 's' : ''}. It should be less than a minute ago: see whether a worker runs.`;
  return waitingCount > 0
    ? `${until}, and ${plural(waitingCount, 'change')} will be within seconds.`
    : `${until}. Nothing waits.`;
}

const zones = [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone')])];

function ZoneForm({ timeZone }: { timeZone: string }) {
  const client = useQueryClient();
  const form = useForm({ initialValues: { timeZone } });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => changeSettings(values),
    onSuccess: async () => {
      form.resetDirty();
      notifyDone('Saved. Everything is counted anew');
      await client.invalidateQueries({ queryKey: countingQuery.queryKey });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Form
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      submitLabel="Save time zone"
      isSubmitting={save.isPending}
      notYet={form.isDirty() ? undefined : 'Nothing is changed.'}
      problem={problemBeside(save.error, form.values)}
    >
      <Select
        label="Time zone"
        data={zones.includes(timeZone) ? zones : [timeZone, ...zones]}
        searchable
        allowDeselect={false}
        nothingFoundMessage="No such time zone"
        {...form.getInputProps('timeZone')}
      />
    </Form>
  );
}
