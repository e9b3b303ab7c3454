import { useForm } from '@mantine/form';
import { readTicket, redeemTicket } from '@offshelf/server/contract/auth';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { ApiProblem, call, fieldErrors, problemBeside } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Form } from '../ui/form.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { renewSession } from './api.ts';
import { Door } from './door.tsx';
import { NewPasswordInput, newPasswordFault } from './new-password-input.tsx';

/** Where invitations and password resets lead. The token is in the fragment, so that no server logs it. */
export function JoinPage() {
  const [token] = useState(() => window.location.hash.slice(1));
  const ticket = useQuery({
    queryKey: ['ticket', token],
    queryFn: ({ signal }) => call(readTicket, { body: { token }, signal }),
    enabled: token.length >= 20,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const signInInstead = <AppLink to={paths.signIn}>Sign in</AppLink>;
  if (token.length < 20)
    return (
      <Door
        title="This link is not complete"
        lead="A part of it was lost on the way. Copy the whole link from the message and open it again, or ask an admin for a new one."
        after={signInInstead}
      >
        {null}
      </Door>
    );
  if (ticket.error)
    return (
      <Door title="This link does not work" after={signInInstead}>
        <ProblemNote
          error={ticket.error}
          {...(isWorthARetry(ticket.error) && { onRetry: () => void ticket.refetch() })}
        />
      </Door>
    );
  if (!ticket.data)
    return (
      <Door title="One moment" lead="Your link is being checked.">
        <SkeletonText />
      </Door>
    );
  return <ChoosePassword token={token} {...ticket.data} />;
}

/** A link that was used stays used; a broken connection may come back. */
function isWorthARetry(error: Error): boolean {
  return error instanceof ApiProblem && (error.status === 0 || error.status >= 500);
}

interface ChoosePasswordProps {
  token: string;
  kind: 'invite' | 'reset';
  name: string;
  email: string;
}

function ChoosePassword({ token, kind, name, email }: ChoosePasswordProps) {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { password: '' }, validate: { password: newPasswordFault } });
  const mutation = useMutation({
    mutationFn: ({ password }: typeof form.values) => call(redeemTicket, { body: { token, password } }),
    onSuccess: async () => {
      await renewSession();
      await navigate({ to: paths.find, replace: true });
    },
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const isInvite = kind === 'invite';
  return (
    <Door
      title={isInvite ? `Welcome, ${name}` : 'Choose a new password'}
      lead={
        isInvite
          ? `You were invited as ${email}. Choose a password to begin.`
          : `For ${email}. You are signed out everywhere else.`
      }
    >
      <Form
        onSubmit={form.onSubmit((values) => mutation.mutate(values))}
        submitLabel={isInvite ? 'Join' : 'Save and sign in'}
        isSubmitting={mutation.isPending || mutation.isSuccess}
        problem={problemBeside(mutation.error, form.values)}
        isWide
      >
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <NewPasswordInput label="Password" autoFocus {...form.getInputProps('password')} />
      </Form>
    </Door>
  );
}
