import { Button, Select } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { usersQuery, useUser } from '../auth/api.ts';
import { plural } from '../lib/format.ts';
import { ChosenBar, ChosenBarStep } from '../ui/chosen-bar.tsx';
import type { ShareLink } from './api.ts';
import { handOver, restore, revoke } from './link-changes.ts';

/** What can be done with the chosen share links at once. */
export function LinksBar({ shareLinks, onClear }: { shareLinks: readonly ShareLink[]; onClear: () => void }) {
  const open = shareLinks.filter(({ state }) => state !== 'revoked');
  const revoked = shareLinks.filter(({ state }) => state === 'revoked');
  return (
    <ChosenBar
      label="Change the chosen share links"
      count={shareLinks.length}
      counted={plural(shareLinks.length, 'share link')}
      onClear={onClear}
    >
      <Button
        size="xs"
        variant="default"
        disabled={open.length === 0}
        onClick={() => {
          void revoke(open);
          onClear();
        }}
      >
        Revoke
      </Button>
      {revoked.length > 0 && (
        <Button
          size="xs"
          variant="default"
          onClick={() => {
            void restore(revoked);
            onClear();
          }}
        >
          Restore
        </Button>
      )}
      <ChosenBarStep label="Hand over">
        {(close) => (
          <HandOver
            onChoose={(colleague) => {
              close();
              void handOver(shareLinks, colleague);
              onClear();
            }}
          />
        )}
      </ChosenBarStep>
    </ChosenBar>
  );
}

/** Choosing who looks after them from now on. */
function HandOver({ onChoose }: { onChoose: (colleague: { id: string; name: string }) => void }) {
  const user = useUser();
  const colleagues = (useQuery(usersQuery).data?.items ?? []).filter(
    ({ id, state }) => id !== user.id && state !== 'deactivated',
  );
  const [chosen, setChosen] = useState<string | null>(null);
  const colleague = colleagues.find(({ id }) => id === chosen);
  return (
    <>
      <Select
        label="To whom"
        description="They are named on the page, and told who reads. You see these links no more."
        placeholder="Choose a colleague"
        searchable
        data-autofocus
        comboboxProps={{ withinPortal: false }}
        nothingFoundMessage="Nobody of that name"
        data={colleagues.map(({ id, name }) => ({ value: id, label: name }))}
        value={chosen}
        onChange={setChosen}
      />
      <Button size="xs" mt="sm" disabled={!colleague} onClick={() => colleague && onChoose(colleague)}>
        Hand over
      </Button>
    </>
  );
}
