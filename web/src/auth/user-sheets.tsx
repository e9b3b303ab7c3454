import { Button, Radio, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { createTicket, inviteUser, type Role, type User, updateUser } from '@offshelf/server/contract/auth';
import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { call, fieldErrors, problemBeside } from '../lib/api.ts';
import { formatMinute } from '../lib/format.ts';
import { queryClient } from '../lib/query-client.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import { Form } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { roleWords, usersQuery, useUser } from './api.ts';
import classes from './user-sheets.module.css';

type TicketLink = (typeof createTicket)['response']['_output'];

const roleOrder: readonly Role[] = ['rep', 'manager', 'marketing', 'admin'];

export function InviteSheet({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const form = useForm({
    initialValues: { name: '', email: '', role: 'rep' as Role, team: '' },
    validate: {
      name: (value) => (value.trim() ? null : 'Enter a name.'),
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : 'This must be an e-mail address.'),
    },
  });
  const mutation = useMutation({
    mutationFn: ({ name, email, role, team }: typeof form.values) =>
      call(inviteUser, { body: { name: name.trim(), email: email.trim(), role, team: team.trim() || null } }),
    onSuccess: () => queryClient.invalidateQueries(usersQuery),
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const startOver = () => {
    form.reset();
    mutation.reset();
  };
  const close = () => {
    onClose();
    startOver();
  };
  return (
    <Sheet
      isOpen={isOpen}
      onClose={close}
      title={mutation.data ? `${mutation.data.user.name} is invited` : 'Invite somebody'}
    >
      {mutation.data ? (
        <>
          <TicketNote link={mutation.data.invite} name={mutation.data.user.name} />
          <Button variant="subtle" mt="md" onClick={startOver}>
            Invite somebody else
          </Button>
        </>
      ) : (
        <Form
          onSubmit={form.onSubmit((values) => mutation.mutate(values))}
          submitLabel="Invite"
          isSubmitting={mutation.isPending}
          problem={problemBeside(mutation.error, form.values)}
        >
          <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps('name')} />
          <TextInput label="E-mail" type="email" autoComplete="off" {...form.getInputProps('email')} />
          <RoleChoice {...form.getInputProps('role')} />
          <TextInput
            label="Team"
            description="Optional. Such as a region or a segment."
            {...form.getInputProps('team')}
          />
        </Form>
      )}
    </Sheet>
  );
}

export function EditUserSheet({ user, onClose }: { user: User; onClose: () => void }) {
  const me = useUser();
  const form = useForm({
    initialValues: { name: user.name, role: user.role, team: user.team ?? '' },
    validate: { name: (value) => (value.trim() ? null : 'Enter a name.') },
  });
  const mutation = useMutation({
    mutationFn: ({ name, role, team }: typeof form.values) =>
      call(updateUser, {
        params: { userId: user.id },
        body: { name: name.trim(), role, team: team.trim() || null },
      }),
    onSuccess: async (updated) => {
      await queryClient.invalidateQueries(usersQuery);
      if (updated.id === me.id) await queryClient.invalidateQueries({ queryKey: ['session'] });
      notifyDone(`${updated.name} saved`);
      onClose();
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  return (
    <Sheet isOpen onClose={onClose} title={user.name}>
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel="Save"
        isSubmitting={mutation.isPending}
        problem={problemBeside(mutation.error, form.values)}
      >
        <TextInput label="Name" {...form.getInputProps('name')} />
        <RoleChoice {...form.getInputProps('role')} />
        <TextInput
          label="Team"
          description="Optional. Such as a region or a segment."
          {...form.getInputProps('team')}
        />
      </Form>
    </Sheet>
  );
}

/** Makes the link as soon as it opens; it is shown this once. */
export function TicketSheet({ user, onClose }: { user: User; onClose: () => void }) {
  const isInvite = user.state === 'invited';
  const { mutate, data, error } = useMutation({
    mutationFn: () => call(createTicket, { params: { userId: user.id } }),
  });
  useEffect(() => mutate(), [mutate]);
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={isInvite ? `Invitation for ${user.name}` : `Password reset for ${user.name}`}
    >
      {error && <ProblemNote error={error} onRetry={() => mutate()} />}
      {!data && !error && <SkeletonText />}
      {data && <TicketNote link={data} name={user.name} />}
    </Sheet>
  );
}

function TicketNote({ link, name }: { link: TicketLink; name: string }) {
  return (
    <div className={classes.ticket}>
      <p>
        {link.isMailed
          ? `The link was mailed to ${name}. You can also copy it.`
          : `Send this link to ${name} yourself, in a way that only they can read.`}{' '}
        It works once, until {formatMinute(link.expiresAt)}, and is shown only now.
      </p>
      <output className={classes.url}>{link.url}</output>
      <CopyButton value={link.url} label="Copy link" variant="filled" />
    </div>
  );
}

function RoleChoice(props: { value?: Role; onChange?: (value: string) => void; error?: React.ReactNode }) {
  return (
    <Radio.Group label="Role" {...props}>
      <div className={classes.roles}>
        {roleOrder.map((role) => (
          <Radio key={role} value={role} label={roleWords[role].name} description={roleWords[role].may} />
        ))}
      </div>
    </Radio.Group>
  );
}
