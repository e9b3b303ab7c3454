import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Door } from '../auth/door.tsx';
import { paths } from '../lib/paths.ts';
import { unsubscribeByToken } from '../report/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';

/** Where the foot of the weekly brief leads. Opening it changes nothing, because mail scanners open every link. */
export function UnsubscribePage() {
  const [token] = useState(readToken);
  const mutation = useMutation({ mutationFn: () => unsubscribeByToken(token) });
  if (mutation.data)
    return (
      <Door
        title="The brief is not sent any more"
        lead={`Nothing goes to ${mutation.data.email} from now on. You can ask for it again on its page.`}
        after={<AppLink to={paths.brief}>Open the brief</AppLink>}
      >
        {null}
      </Door>
    );
  return (
    <Door title="Stop the weekly brief" lead="It is then not mailed to you any more.">
      <Button loading={mutation.isPending} onClick={() => mutation.mutate()}>
        Stop it
      </Button>
      {mutation.error && <ProblemNote error={mutation.error} />}
    </Door>
  );
}

/** In the mail it stands in the fragment; mail programs that open the address of their own button bring it as a parameter. */
function readToken(): string {
  const { hash, search } = window.location;
  return hash.slice(1) || (new URLSearchParams(search).get('token') ?? '');
}
