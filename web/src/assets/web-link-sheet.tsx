import { SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createAsset } from '@offshelf/server/contract/assets';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ApiProblem, call, fieldErrors } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { Form } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { type Audience, refreshAssets } from './api.ts';

/** A page on the web becomes an asset: it is found, shared and counted like a file. */
export function WebLinkSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { url: '', title: '', useWhen: '', audience: 'external' as Audience, status: 'draft' },
    validate: {
      url: (value) =>
        /^https?:\/\/\S+\.\S+/.test(withScheme(value))
          ? null
          : 'Enter a web address, such as https://example.com/page.',
    },
  });
  const mutation = useMutation({
    mutationFn: ({ url, title, useWhen, audience, status }: typeof form.values) =>
      call(createAsset, {
        body: {
          url: withScheme(url),
          title: title.trim() || undefined,
          useWhen,
          audience,
          status: status as 'draft' | 'published',
        },
      }),
    onSuccess: (asset) => {
      refreshAssets();
      notifyDone(`“${asset.title}” is in the library`);
      close();
      void navigate({ to: paths.asset(asset.id) });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const close = () => {
    onClose();
    form.reset();
    mutation.reset();
  };
  const isField = mutation.error instanceof ApiProblem && mutation.error.errors.length > 0;
  return (
    <Sheet isOpen={isOpen} onClose={close} title="Add a web link">
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Add web link"
        isSubmitting={mutation.isPending}
        problem={isField ? undefined : mutation.error}
      >
        <TextInput
          label="Web address"
          type="url"
          inputMode="url"
          autoComplete="off"
          data-autofocus
          {...form.getInputProps('url')}
        />
        <TextInput
          label="Title"
          description="Left empty, the address is the title."
          {...form.getInputProps('title')}
        />
        <Textarea
          label="Use when"
          description="The situation in which a rep should send it, in one sentence."
          autosize
          minRows={2}
          {...form.getInputProps('useWhen')}
        />
        <SegmentedControl
          aria-label="Audience"
          data={[
            { value: 'external', label: 'For buyers' },
            { value: 'internal', label: 'Internal only' },
          ]}
          {...form.getInputProps('audience')}
        />
        <SegmentedControl
          aria-label="Status"
          data={[
            { value: 'draft', label: 'Keep as draft' },
            { value: 'published', label: 'Publish now' },
          ]}
          {...form.getInputProps('status')}
        />
      </Form>
    </Sheet>
  );
}

function withScheme(url: string): string {
  const text = url.trim();
  return /^[a-z][a-z0-9+.-]*:/i.test(text) || text === '' ? text : `https://${text}`;
}
