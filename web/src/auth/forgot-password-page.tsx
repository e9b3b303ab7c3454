import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { requestReset } from '@offshelf/server/contract/auth';
import { useMutation } from '@tanstack/react-query';
import { call } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Form } from '../ui/form.tsx';
import { useSession } from './api.ts';
import { Door } from './door.tsx';

export function ForgotPasswordPage() {
  const { canMail } = useSession();
  const back = <AppLink to={paths.signIn}>Back to sign in</AppLink>;
  const form = useForm({
    initialValues: { email: '' },
    validate: { email: (value) => (value.trim() ? null : 'Enter your e-mail address.') },
  });
  const mutation = useMutation({
    mutationFn: ({ email }: typeof form.values) => call(requestReset, { body: { email: email.trim() } }),
  });
  if (!canMail)
    return (
      <Door
        title="Ask an admin for a reset link"
        lead="This instance sends no mail. An admin makes a reset link for you under Settings, Users; it works once."
        after={back}
      >
        {null}
      </Door>
    );
  if (mutation.isSuccess)
    return (
      <Door
        title="Look into your mail"
        lead="If there is an account with this address, a reset link is on its way. It works once and for a short time."
        after={back}
      >
        {null}
      </Door>
    );
  return (
    <Door title="Reset your password" lead="We mail you a link with which you choose a new one." after={back}>
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Mail me a reset link"
        isSubmitting={mutation.isPending}
        problem={mutation.error}
        isWide
      >
        <TextInput
          label="E-mail"
          type="email"
          autoComplete="username"
          autoFocus
          {...form.getInputProps('email')}
        />
      </Form>
    </Door>
  );
}
