import { Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { Form } from '../ui/form.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { type Collection, editCollection, makeCollection } from './api.ts';

interface CollectionFormProps {
  /** The one to rename or describe; without it a new one is made. */
  collection?: Collection;
  onClose: (saved?: Collection) => void;
}

export function CollectionForm({ collection, onClose }: CollectionFormProps) {
  const before = { name: collection?.name ?? '', description: collection?.description ?? '' };
  const form = useForm({
    initialValues: before,
    validate: { name: (value) => (value.trim() === '' ? 'Give the collection a name.' : null) },
  });
  const mutation = useMutation({
    mutationFn: (values: typeof before) =>
      collection ? editCollection(collection.id, values) : makeCollection(values),
    onSuccess: (saved) => {
      if (collection)
        notifyUndo(`“${saved.name}” saved`, () => editCollection(saved.id, before).catch(notifyProblem));
      onClose(saved);
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Sheet isOpen onClose={() => onClose()} title={collection ? 'Edit collection' : 'New collection'}>
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel={collection ? 'Save' : 'Make collection'}
        isSubmitting={mutation.isPending}
        problem={problemBeside(mutation.error, form.values)}
      >
        <TextInput
          label="Name"
          description="The situation it is for, such as “CFO at a bank, late stage”."
          maxLength={120}
          data-autofocus
          {...form.getInputProps('name')}
        />
        <Textarea
          label="Description"
          description="When to reach for it, and how it is meant to be used."
          autosize
          minRows={3}
          maxRows={10}
          maxLength={1000}
          {...form.getInputProps('description')}
        />
      </Form>
    </Sheet>
  );
}
