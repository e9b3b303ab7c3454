import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { signIn } from '@offshelf/server/contract/auth';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { call } from '../lib/api.ts';
import { paths, safeReturnPath } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Form } from '../ui/form.tsx';
import { type Role, renewSession, sessionQuery } from './api.ts';
import { Door } from './door.tsx';

/** Where somebody starts who was not on the way to a place of their own. */
function homeOf(role: Role | undefined): string {
  return role === 'marketing' ? paths.shelf : paths.find;
}

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
      const wanted = safeReturnPath(to);
      const role = queryClient.getQueryData(sessionQuery.queryKey)?.user?.role;
      await navigate({ href: wanted === paths.find ? homeOf(role) : wanted } as never);
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
