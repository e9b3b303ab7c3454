import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { Form } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import type { RequestDraft } from '../ui/requesting.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import { type AssetRequest, makeRequest } from './api.ts';

interface RequestSheetProps {
  draft: RequestDraft;
  onClose: (made?: AssetRequest) => void;
}

/** Asks marketing for an asset. */
export function RequestSheet({ draft, onClose }: RequestSheetProps) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const form = useForm({
    initialValues: { title: draft.title, details: draft.details, termIds: [...draft.termIds], dueOn: '' },
    validate: { title: (value) => (value.trim() === '' ? 'Say in a few words what is missing.' : null) },
  });
  const mutation = useMutation({
    mutationFn: ({ dueOn, ...values }: typeof form.values) =>
      makeRequest({ ...values, dueOn: dueOn || null, searchId: draft.searchId }),
    onSuccess: (made) => {
      notifyDone(
        made.isOwn
          ? 'Marketing sees your request'
          : `Others asked for this already, so you voted for “${made.title}”`,
      );
      onClose(made);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Sheet isOpen onClose={() => onClose()} title="Ask for something">
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Send the request"
        isSubmitting={mutation.isPending}
        problem={problemBeside(mutation.error, form.values)}
      >
        <TextInput
          label="What is missing?"
          placeholder="A one-pager on …"
          maxLength={200}
          data-autofocus
          {...form.getInputProps('title')}
        />
        <Textarea
          label="What would it have to say?"
          description="Who it is for, and what the buyer said. Their own words help most."
          autosize
          minRows={4}
          maxRows={12}
          maxLength={4000}
          {...form.getInputProps('details')}
        />
        <TermSelect
          label="Situation"
          description="Who it is for, when in a deal, against which objection."
          dimensions={dimensions}
          allowsSeveral
          comboboxProps={{ withinPortal: false }}
          value={form.values.termIds}
          error={form.errors.termIds}
          onChange={(chosen) => form.setFieldValue('termIds', chosen)}
        />
        <TextInput label="Needed by" type="date" maw={200} {...form.getInputProps('dueOn')} />
      </Form>
    </Sheet>
  );
}
