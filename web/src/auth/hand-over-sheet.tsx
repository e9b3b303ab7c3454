import { Select } from '@mantine/core';
import type { User } from '@offshelf/server/contract/auth';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { transferAllShareLinks } from '../shares/api.ts';
import { Form } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { usersQuery } from './api.ts';

/** All share links of somebody, who may have left, go to a colleague who looks after them from then on. */
export function HandOverSheet({ user, onClose }: { user: User; onClose: () => void }) {
  const colleagues = (useQuery(usersQuery).data?.items ?? []).filter(
    ({ id, state }) => id !== user.id && state !== 'deactivated',
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const colleague = colleagues.find(({ id }) => id === chosen);
  const transfer = useMutation({
    mutationFn: (toUserId: string) => transferAllShareLinks(user.id, toUserId),
    onSuccess: ({ count }) => {
      notifyDone(
        count === 0
          ? `${user.name} had no share links to hand over`
          : `${plural(count, 'share link')} of ${user.name} handed over to ${colleague?.name ?? 'a colleague'}`,
      );
      onClose();
    },
  });
  return (
    <Sheet isOpen onClose={onClose} title={`Share links of ${user.name}`}>
      <Form
        onSubmit={(event) => {
          event.preventDefault();
          if (colleague) transfer.mutate(colleague.id);
        }}
        submitLabel="Hand over all"
        notYet={colleague ? undefined : 'Choose who takes them.'}
        isSubmitting={transfer.isPending}
        problem={transfer.error}
      >
        <Select
          label="To whom"
          description="They are named on every page, see what was read, and are told who reads from now on."
          placeholder="Choose a colleague"
          searchable
          data-autofocus
          nothingFoundMessage="Nobody of that name"
          data={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
          value={chosen}
          onChange={setChosen}
        />
      </Form>
    </Sheet>
  );
}
