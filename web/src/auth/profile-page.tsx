import { PasswordInput, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { updateMe } from '@offshelf/server/contract/auth';
import { useMutation } from '@tanstack/react-query';
import { call, fieldErrors, problemBeside } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import { Form, FormSection } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { roleWords, type SignedInUser, sessionQuery, useUser } from './api.ts';
import { NewPasswordInput, newPasswordFault } from './new-password-input.tsx';

export function ProfilePage() {
  const user = useUser();
  return (
    <>
      <PageHeader
        title="Your profile"
        lead={`${user.email} · ${roleWords[user.role].name}${user.team ? ` · ${user.team}` : ''}`}
      />
      <FormSection title="Name" lead="Colleagues and the recipients of your share links see it.">
        <NameForm user={user} />
      </FormSection>
      <FormSection title="Password" lead="A new password signs you out everywhere else.">
        <PasswordForm />
      </FormSection>
    </>
  );
}

function keepUser(user: SignedInUser): void {
  queryClient.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, user });
}

function NameForm({ user }: { user: SignedInUser }) {
  const form = useForm({
    initialValues: { name: user.name },
    validate: { name: (value) => (value.trim() ? null : 'Enter your name.') },
  });
  const mutation = useMutation({
    mutationFn: ({ name }: typeof form.values) => call(updateMe, { body: { name: name.trim() } }),
    onSuccess: (updated) => {
      keepUser(updated);
      form.resetDirty();
      notifyDone('Name saved');
    },
  });
  return (
    <Form
      onSubmit={form.onSubmit((values) => mutation.mutate(values))}
      submitLabel="Save name"
      isSubmitting={mutation.isPending}
      problem={mutation.error}
    >
      <TextInput label="Your name" autoComplete="name" {...form.getInputProps('name')} />
    </Form>
  );
}

function PasswordForm() {
  const user = useUser();
  const form = useForm({
    initialValues: { currentPassword: '', newPassword: '' },
    validate: {
      currentPassword: (value) => (value ? null : 'Enter the password that you have now.'),
      newPassword: newPasswordFault,
    },
  });
  const mutation = useMutation({
    mutationFn: (values: typeof form.values) => call(updateMe, { body: values }),
    onSuccess: (updated) => {
      keepUser(updated);
      form.reset();
      notifyDone('Password changed');
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Form
      onSubmit={form.onSubmit((values) => mutation.mutate(values))}
      submitLabel="Change password"
      isSubmitting={mutation.isPending}
      problem={problemBeside(mutation.error, form.values)}
    >
      <input type="email" autoComplete="username" value={user.email} readOnly hidden />
      <PasswordInput
        label="Password now"
        autoComplete="current-password"
        {...form.getInputProps('currentPassword')}
      />
      <NewPasswordInput label="New password" {...form.getInputProps('newPassword')} />
    </Form>
  );
}
