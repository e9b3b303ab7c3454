import { Autocomplete, Checkbox, Select, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { Form, FormSection } from '../ui/form.tsx';
import {
  checkDealImport,
  type DealField,
  type DealImport,
  type DealImportSettings,
  dealFields,
  dealImportQuery,
  neededDealFields,
} from './api.ts';
import classes from './deals-form.module.css';

const labels: Record<DealField, string> = {
  external_id: 'Id in the CRM',
  name: 'Name of the deal',
  account: 'Account',
  industry: 'Industry',
  region: 'Region',
  segment: 'Segment',
  contact_name: 'Name of the contact',
  contact_email: 'E-mail of the contact',
  amount: 'Amount',
  currency: 'Currency',
  owner_email: 'E-mail of the owner',
  created_at: 'Created on',
  stage: 'Stage',
  stage_history: 'Stage history',
  outcome: 'Outcome',
  closed_at: 'Closed on',
  loss_reason: 'Reason of the loss',
};

/** What each column is and how values are read. */
export function MappingForm({ run }: { run: DealImport }) {
  const client = useQueryClient();
  const dimensions = useQuery(dimensionsQuery).data?.items;
  const stages = (dimensions?.find(({ key }) => key === 'stage')?.terms ?? [])
    .filter(({ isRetired }) => !isRetired)
    .map(({ name }) => name);
  const form = useForm({ initialValues: toForm(run) });
  const check = useMutation({
    mutationFn: (values: FormValues) => checkDealImport(run.id, toSettings(values)),
    onSuccess: (next) => client.setQueryData(dealImportQuery(run.id).queryKey, next),
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const columns = run.header.map((name, index) => ({
    value: String(index),
    label: name || `Column ${index + 1}`,
  }));
  const missing = neededDealFields.filter((field) => !form.values.columns[field]);
  return (
    <Form
      onSubmit={form.onSubmit((values) => check.mutate(values))}
      submitLabel={run.state === 'checked' ? 'Check again' : 'Check the file'}
      isSubmitting={check.isPending}
      notYet={
        missing.length > 0
          ? `Still to choose: ${missing.map((field) => labels[field]).join(', ')}.`
          : undefined
      }
      problem={problemBeside(check.error, form.values)}
    >
      <FormSection
        title="Columns"
        lead="Which column of the file holds what. It is remembered for files like this one."
      >
        <div className={classes.fields}>
          {dealFields.map((field) => {
            const column = form.values.columns[field];
            const samples = column ? run.samples[Number(column)] : undefined;
            return (
              <Select
                key={field}
                label={labels[field]}
                description={
                  samples && samples.length > 0 ? `Such as ${samples.map(shorten).join(' · ')}` : undefined
                }
                placeholder="Not in the file"
                data={columns}
                clearable
                searchable
                withAsterisk={(neededDealFields as readonly DealField[]).includes(field)}
                {...form.getInputProps(`columns.${field}`)}
              />
            );
          })}
        </div>
      </FormSection>
      <FormSection title="Values" lead="What could be read in two ways is refused until you say which.">
        <div className={classes.fields}>
          <Select
            label="Decimals"
            allowDeselect={false}
            data={[
              { value: 'auto', label: 'As each amount shows' },
              { value: 'point', label: '1,234.56' },
              { value: 'comma', label: '1.234,56' },
            ]}
            {...form.getInputProps('numberFormat')}
          />
          <Select
            label="Dates"
            description="A time that names no zone is one of the time zone that is set under Counting."
            allowDeselect={false}
            data={[
              { value: 'iso', label: '2026-03-31' },
              { value: 'dmy', label: '31.3.2026, the day first' },
              { value: 'mdy', label: '3/31/2026, the month first' },
            ]}
            {...form.getInputProps('dateFormat')}
          />
          <TextInput
            label="Currency of rows without one"
            placeholder="EUR"
            maxLength={3}
            {...form.getInputProps('defaultCurrency')}
          />
          {run.notes.unknownStages.slice(0, 20).map(({ name }) => (
            <Autocomplete
              key={name}
              label={`Stage “${name}” is kept as`}
              placeholder={name}
              data={stages}
              maxLength={300}
              value={form.values.stageNames[name] ?? ''}
              onChange={(kept) =>
                form.setFieldValue('stageNames', { ...form.values.stageNames, [name]: kept })
              }
            />
          ))}
          <Checkbox
            label="This file holds all deals: mark those that it lacks as removed"
            {...form.getInputProps('isComplete', { type: 'checkbox' })}
          />
        </div>
      </FormSection>
    </Form>
  );
}

/** A whole history says no more than how it begins. */
function shorten(sample: string): string {
  return sample.length > 40 ? `${sample.slice(0, 40)}…` : sample;
}

interface FormValues extends Omit<DealImportSettings, 'columns' | 'defaultCurrency'> {
  columns: Partial<Record<DealField, string | null>>;
  defaultCurrency: string;
}

function toForm({ settings }: DealImport): FormValues {
  const columns = Object.fromEntries(
    dealFields.map((field) => [field, settings.columns[field]?.toString() ?? null]),
  );
  return { ...settings, columns, defaultCurrency: settings.defaultCurrency ?? '' };
}

function toSettings({ columns, defaultCurrency, stageNames, ...rest }: FormValues): DealImportSettings {
  const chosen = Object.entries(columns).filter(([, column]) => column !== null && column !== undefined);
  const named = Object.entries(stageNames).filter(([, name]) => name.trim() !== '');
  return {
    ...rest,
    columns: Object.fromEntries(chosen.map(([field, column]) => [field, Number(column)])),
    stageNames: Object.fromEntries(named),
    defaultCurrency: defaultCurrency.trim().toUpperCase() || null,
  };
}
