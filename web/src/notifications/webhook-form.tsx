import { Checkbox, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Form } from '../ui/form.tsx';
import { Sheet } from '../ui/panels.tsx';
import { createWebhook, type WebhookEvent } from './api.ts';
import { eventWords } from './notification-words.ts';
import classes from './webhooks.module.css';

const everyEvent = Object.keys(eventWords) as WebhookEvent[];

interface WebhookValues {
  url: string;
  events: WebhookEvent[];
}

interface WebhookFormProps {
  initial: WebhookValues;
  submitLabel: string;
  save: (values: WebhookValues) => Promise<unknown>;
}

/** Where to and of what; an address that is refused says so at its field. */
export function WebhookForm({ initial, submitLabel, save }: WebhookFormProps) {
  const form = useForm<WebhookValues>({
    initialValues: initial,
    validate: {
      url: (value) => (value.trim() ? null : 'Enter the address that takes the messages.'),
      events: (value) => (value.length > 0 ? null : 'Choose at least one event.'),
    },
  });
  const mutation = useMutation({
    mutationFn: ({ url, events }: WebhookValues) => save({ url: url.trim(), events }),
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Form
      onSubmit={form.onSubmit((values) => mutation.mutate(values))}
      submitLabel={submitLabel}
      isSubmitting={mutation.isPending}
      problem={problemBeside(mutation.error, form.values)}
    >
      <TextInput
        label="Address"
        type="url"
        placeholder="https://example.com/hooks/offshelf"
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        {...form.getInputProps('url')}
      />
      <Checkbox.Group label="What it is told of" {...form.getInputProps('events')}>
        <div className={classes.choices}>
          {everyEvent.map((event) => (
            <Checkbox
              key={event}
              value={event}
              label={eventWords[event].name}
              description={eventWords[event].says}
            />
          ))}
        </div>
      </Checkbox.Group>
    </Form>
  );
}

/** Ends with the secret, which is shown this once. */
export function AddWebhookSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const create = useMutation({ mutationFn: createWebhook });
  const close = () => {
    onClose();
    create.reset();
  };
  return (
    <Sheet isOpen={isOpen} onClose={close} title={create.data ? 'The webhook is on' : 'Add a webhook'}>
      {create.data ? (
        <SecretNote secret={create.data} />
      ) : (
        <WebhookForm
          initial={{ url: '', events: ['visit.read', 'visit.updated'] }}
          submitLabel="Add webhook"
          save={create.mutateAsync}
        />
      )}
    </Sheet>
  );
}

export function SecretNote({ secret }: { secret: string }) {
  return (
    <section className={classes.secretNote} aria-label="Secret">
      <p>
        This is its secret. The other side checks the signatures with it. Copy it now, because Offshelf
        doesn’t show it again; you can make a new one at any time.
      </p>
      <code className={classes.secret}>{secret}</code>
      <CopyButton variant="filled" value={secret} label="Copy secret" />
    </section>
  );
}
