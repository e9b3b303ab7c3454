import { Button, Select, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { Form } from '../ui/form.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import type { ObjectionDraft } from '../ui/noting-objection.tsx';
import { Sheet } from '../ui/panels.tsx';
import { TermSelect, withoutRivals } from '../ui/term-select.tsx';
import {
  changeNote,
  notableDealsQuery,
  noteObjection,
  type ObjectionNote,
  suggestTerms,
  takeNoteBack,
} from './api.ts';

interface NoteSheetProps {
  draft: ObjectionDraft;
  /** One that is there already, to change it. */
  note?: ObjectionNote;
  onClose: () => void;
}

const situation = ['objection', 'persona', 'stage'] as const;

/** What a buyer said, in three fields; the words alone are enough. */
export function NoteSheet({ draft, note, onClose }: NoteSheetProps) {
  const dimensions = (useQuery(dimensionsQuery).data?.items ?? [])
    .filter(({ key }) => situation.some((one) => one === key))
    // Somebody says one thing at a time.
    .map((dimension) => ({ ...dimension, isMultiple: false }));
  const form = useForm({
    initialValues: {
      text: note?.text ?? '',
      termIds: note ? situation.flatMap((key) => note[key]?.id ?? []) : [...(draft.termIds ?? [])],
      dealId: note ? (note.deal?.id ?? null) : (draft.dealId ?? null),
    },
    validate: { text: (value) => (value.trim() === '' ? 'Write down what they said.' : null) },
  });
  const suggested = useSuggested(form.values.text, form.values.termIds, dimensions);
  const choose = (termIds: string[]) => form.setFieldValue('termIds', termIds);
  const mutation = useMutation({
    mutationFn: ({ text, termIds, dealId }: typeof form.values) => {
      const termOf = (key: string) =>
        dimensions.find((one) => one.key === key)?.terms.find(({ id }) => termIds.includes(id))?.id ?? null;
      const body = {
        text,
        dealId,
        objectionTermId: termOf('objection'),
        personaTermId: termOf('persona'),
        stageTermId: termOf('stage'),
      };
      return note
        ? changeNote(note.id, body)
        : noteObjection({ ...body, assetId: draft.assetId ?? null, shareLinkId: draft.shareLinkId ?? null });
    },
    onSuccess: (noted) => {
      if (!note)
        notifyUndo(
          'Objection noted. Marketing sees it.',
          () => void takeNoteBack(noted.id).catch(notifyProblem),
        );
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Sheet isOpen onClose={onClose} title={note ? 'Change the note' : 'Note an objection'}>
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel={note ? 'Save' : 'Note it'}
        isSubmitting={mutation.isPending}
        problem={problemBeside(mutation.error, form.values)}
      >
        <Textarea
          label="What did they say?"
          description="In their words. Leave names out where you can."
          placeholder="“We could build this ourselves in a quarter.”"
          autosize
          minRows={3}
          maxRows={10}
          maxLength={2000}
          data-autofocus
          {...form.getInputProps('text')}
        />
        <TermSelect
          label="Which objection is it, and whose?"
          description={
            suggested.length > 0 ? (
              <>
                It may be{' '}
                {suggested.map(({ id, name }) => (
                  <Button
                    key={id}
                    size="compact-xs"
                    variant="light"
                    mr={6}
                    onClick={() => choose(withoutRivals([...form.values.termIds, id], [id], dimensions))}
                  >
                    {name}
                  </Button>
                ))}
              </>
            ) : (
              'Objection, persona, stage. Leave it open if you are not sure.'
            )
          }
          dimensions={dimensions}
          comboboxProps={{ withinPortal: false }}
          value={form.values.termIds}
          error={form.errors.objectionTermId ?? form.errors.personaTermId ?? form.errors.stageTermId}
          onChange={choose}
        />
        <DealSelect
          value={form.values.dealId}
          error={form.errors.dealId}
          onChange={(dealId) => form.setFieldValue('dealId', dealId)}
        />
      </Form>
    </Sheet>
  );
}

/** Terms that the words speak of and that are not chosen, at most one of each dimension. */
function useSuggested(
  text: string,
  chosenIds: readonly string[],
  dimensions: readonly { terms: { id: string }[] }[],
) {
  const [settled] = useDebouncedValue(text.trim(), 300);
  const { data = [] } = useQuery({
    queryKey: ['objection-notes', 'suggested', settled],
    queryFn: () => suggestTerms(settled),
    enabled: settled.length > 3,
  });
  const isTaken = (termId: string) =>
    dimensions.some(
      ({ terms }) => terms.some(({ id }) => id === termId) && terms.some(({ id }) => chosenIds.includes(id)),
    );
  return data
    .filter(({ id }) => !isTaken(id))
    .filter((term, index, all) => all.findIndex((one) => one.dimensionKey === term.dimensionKey) === index);
}

interface DealSelectProps {
  value: string | null;
  error?: React.ReactNode;
  onChange: (dealId: string | null) => void;
}

function DealSelect({ value, error, onChange }: DealSelectProps) {
  const [typed, setTyped] = useState('');
  const [asked] = useDebouncedValue(typed.trim(), 200);
  const deals = useQuery(notableDealsQuery(asked, value)).data?.items ?? [];
  return (
    <Select
      label="In which deal?"
      description="Its stage comes along."
      placeholder="Account or deal"
      searchable
      clearable
      comboboxProps={{ withinPortal: false }}
      maxDropdownHeight={240}
      nothingFoundMessage="No open deal is called like this."
      data={deals.map(({ id, name, accountName, stage }) => ({
        value: id,
        label: `${name === accountName ? name : `${accountName}: ${name}`} · ${stage}`,
      }))}
      filter={({ options }) => options}
      value={value}
      error={error}
      onSearchChange={setTyped}
      onChange={onChange}
    />
  );
}
