import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { signIn } from '@offshelf/server/contract/auth';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { call } from '../lib/api.ts';
import { paths, safeReturnPath } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Form } from '../ui/form.tsx';
import { renewSession } from './api.ts';
import { Door } from './door.tsx';

export function SignInPage() {
  const navigate = useNavigate();
  const { to }: { to?: unknown } = useSearch({ strict: false });
  const form = useForm({
    initialValues: { email: '', password: '' },
    validate: {
      email: (value) => (value.trim() ? null : 'Enter your e-mail address.'),
      password: (value) => (value ? null : 'Enter your password.'),
    },
  });
  const mutation = useMutation({
    mutationFn: ({ email, password }: typeof form.values) =>
      call(signIn, { body: { email: email.trim(), password } }),
    onSuccess: async () => {
      await renewSession();
      await navigate({ href: safeReturnPath(to) } as never);
    },
  });
  return (
    <Door title="Sign in" after={<AppLink to={paths.forgotPassword}>Forgot your password?</AppLink>}>
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Sign in"
        isSubmitting={mutation.isPending || mutation.isSuccess}
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
        <PasswordInput label="Password" autoComplete="current-password" {...form.getInputProps('password')} />
      </Form>
    </Door>
  );
}
