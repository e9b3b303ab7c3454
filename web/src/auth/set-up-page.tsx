import { TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { setUp } from '@offshelf/server/contract/auth';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call, fieldErrors, problemBeside } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Form } from '../ui/form.tsx';
import { renewSession, useSession } from './api.ts';
import { Door } from './door.tsx';
import { NewPasswordInput, newPasswordFault } from './new-password-input.tsx';

export function SetUpPage() {
  const navigate = useNavigate();
  const { isSetUp } = useSession();
  const form = useForm({
    initialValues: { name: '', email: '', password: '' },
    validate: {
      name: (value) => (value.trim() ? null : 'Enter your name.'),
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'This must be an e-mail address.'),
      password: newPasswordFault,
    },
  });
  const mutation = useMutation({
    mutationFn: (values: typeof form.values) =>
      call(setUp, { body: { ...values, email: values.email.trim() } }),
    onSuccess: async () => {
      await renewSession();
      await navigate({ to: paths.importLibrary });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  if (isSetUp && !mutation.isPending && !mutation.isSuccess)
    return (
      <Door
        title="This instance is already set up"
        lead="Its admin can invite you. If you have a password, sign in."
        after={<AppLink to={paths.signIn}>Sign in</AppLink>}
      >
        {null}
      </Door>
    );
  return (
    <Door
      title="Welcome to Offshelf"
      lead="This instance is empty. You are its first admin; you invite everybody else afterwards."
    >
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Create the first admin"
        isSubmitting={mutation.isPending || mutation.isSuccess}
        problem={problemBeside(mutation.error, form.values)}
        isWide
      >
        <TextInput label="Your name" autoComplete="name" autoFocus {...form.getInputProps('name')} />
        <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps('email')} />
        <NewPasswordInput label="Password" {...form.getInputProps('password')} />
      </Form>
    </Door>
  );
}
