import { NumberInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { formatMinute, formatMoney, plural } from '../lib/format.ts';
import { Form, FormSection } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { changeCurrencies, currenciesQuery } from './api.ts';
import classes from './deals-form.module.css';

/** In which currency reports add up, and what the others are worth in it. */
export function CurrenciesPage() {
  const currencies = useQuery(currenciesQuery);
  return (
    <>
      <PageHeader
        title="Currencies"
        lead="Reports add deals up in one currency. Amounts without a rate are named beside each sum and never guessed."
      />
      {currencies.error && <ProblemNote error={currencies.error} onRetry={() => void currencies.refetch()} />}
      {currencies.data ? (
        <RatesForm key={currencies.data.asOf.getTime()} answer={currencies.data} />
      ) : (
        !currencies.error && <SkeletonText lines={6} />
      )}
    </>
  );
}

type Answer = Awaited<ReturnType<typeof changeCurrencies>>;

function RatesForm({ answer: { base, items, unconverted } }: { answer: Answer }) {
  const client = useQueryClient();
  const form = useForm({
    initialValues: {
      base: base ?? '',
      rates: Object.fromEntries(items.map((row) => [row.currency, row.rate ?? ''])) as Record<
        string,
        number | string
      >,
    },
  });
  const save = useMutation({
    mutationFn: (values: typeof form.values) => {
      const chosen = values.base.trim().toUpperCase();
      return changeCurrencies({
        base: chosen,
        rates: Object.entries(values.rates)
          .filter(([currency, rate]) => currency !== chosen && Number(rate) > 0)
          .map(([currency, rate]) => ({ currency, rate: Number(rate) })),
      });
    },
    onSuccess: (next) => {
      client.setQueryData(currenciesQuery.queryKey, next);
      notifyDone('Saved. Reports convert by these rates from now on');
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const chosen = form.values.base.trim().toUpperCase();
  return (
    <Form
      onSubmit={form.onSubmit((values) => save.mutate(values))}
      submitLabel="Save currencies"
      isSubmitting={save.isPending}
      notYet={
        /^[A-Z]{3}$/.test(chosen)
          ? form.isDirty()
            ? undefined
            : 'Nothing is changed.'
          : 'Name a currency by three letters, such as EUR.'
      }
      problem={problemBeside(save.error, form.values)}
    >
      <FormSection title="Base" lead="The currency of every sum. If you change it, look at each rate again.">
        <TextInput label="Base currency" maxLength={3} placeholder="EUR" {...form.getInputProps('base')} />
      </FormSection>
      <FormSection
        title="Rates"
        lead="What one unit is worth in the base currency. Leave a rate empty if you don't know it."
      >
        <div className={classes.fields}>
          {unconverted.map((row) => (
            <p key={row.currency}>
              {plural(row.dealCount, 'deal')}, {formatMoney(row.amount, row.currency)},{' '}
              {row.dealCount === 1 ? 'is' : 'are'} not converted.
            </p>
          ))}
          {items.length === 0 && (
            <p className="quiet">There are no deals yet. Their currencies will stand here.</p>
          )}
          {items
            .filter((row) => row.currency !== chosen)
            .map((row) => (
              <NumberInput
                key={row.currency}
                label={`1 ${row.currency} is worth`}
                description={
                  row.changedAt
                    ? `${plural(row.dealCount, 'deal')}. As of ${formatMinute(row.changedAt)}${row.changedByName ? ` by ${row.changedByName}` : ''}`
                    : `${plural(row.dealCount, 'deal')}. No rate yet`
                }
                suffix={chosen ? ` ${chosen}` : ''}
                min={0}
                decimalScale={8}
                hideControls
                {...form.getInputProps(`rates.${row.currency}`)}
              />
            ))}
        </div>
      </FormSection>
    </Form>
  );
}
