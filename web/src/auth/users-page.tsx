import { ActionIcon, Button, Menu } from '@mantine/core';
import type { User } from '@offshelf/server/contract/auth';
import { updateUser } from '@offshelf/server/contract/auth';
import { IconDots, IconPlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../lib/api.ts';
import { useCommands } from '../lib/commands.ts';
import { plural } from '../lib/format.ts';
import { queryClient, showEarly } from '../lib/query-client.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText, UserName } from '../ui/words.tsx';
import { roleWords, usersQuery, useUser } from './api.ts';
import { HandOverSheet } from './hand-over-sheet.tsx';
import { EditUserSheet, InviteSheet, TicketSheet } from './user-sheets.tsx';

type Opened = { sheet: 'invite' } | { sheet: 'edit' | 'ticket' | 'hand-over'; user: User };

/** Invite, change roles and teams, deactivate, make reset links. */
export function UsersPage() {
  const me = useUser();
  const users = useQuery(usersQuery);
  const [opened, setOpened] = useState<Opened>();
  const setActive = useSetActive();
  useCommands([
    {
      id: 'invite',
      label: 'Invite somebody',
      group: 'Actions',
      keywords: 'user add',
      run: () => setOpened({ sheet: 'invite' }),
    },
  ]);

  const columns: Column<User>[] = [
    {
      key: 'name',
      header: 'Name',
      cell: (user) => <UserName name={user.name} detail={user.email} size="large" />,
    },
    { key: 'role', header: 'Role', width: '96px', cell: (user) => roleWords[user.role].name },
    {
      key: 'team',
      header: 'Team',
      width: '18%',
      hideBelow: 'tablet',
      cell: (user) => user.team ?? <span className="quiet">–</span>,
    },
    {
      key: 'state',
      header: 'State',
      width: '14%',
      hideBelow: 'phone',
      cell: (user) => <UserState user={user} />,
    },
    {
      key: 'since',
      header: 'Since',
      width: '14%',
      hideBelow: 'tablet',
      cell: (user) => <DateText date={user.createdAt} />,
    },
    {
      key: 'more',
      header: <span className="only-heard">Actions</span>,
      width: '44px',
      align: 'end',
      cell: (user) => (
        <UserMenu
          user={user}
          isMe={user.id === me.id}
          onEdit={() => setOpened({ sheet: 'edit', user })}
          onTicket={() => setOpened({ sheet: 'ticket', user })}
          onHandOver={() => setOpened({ sheet: 'hand-over', user })}
          onSetActive={(isActive) => setActive.mutate({ user, isActive })}
        />
      ),
    },
  ];

  const items = users.data?.items ?? [];
  const activeCount = items.filter((user) => user.state === 'active').length;
  return (
    <>
      <PageHeader
        title="Users"
        lead={
          users.data
            ? `${plural(activeCount, 'person', 'people')} can sign in.`
            : 'Who can sign in, and what they may do.'
        }
        actions={
          <Button
            leftSection={<IconPlus size={16} stroke={1.75} />}
            onClick={() => setOpened({ sheet: 'invite' })}
          >
            Invite somebody
          </Button>
        }
      />
      {users.error && <ProblemNote error={users.error} onRetry={() => void users.refetch()} />}
      {users.isPending && <SkeletonRows rows={6} widths={['34%', '12%', '14%', '12%']} />}
      {users.data && (
        <DataTable
          label="Users"
          rows={items}
          rowKey={(user) => user.id}
          columns={columns}
          onOpen={(user) => setOpened({ sheet: 'edit', user })}
        />
      )}
      <InviteSheet isOpen={opened?.sheet === 'invite'} onClose={() => setOpened(undefined)} />
      {opened?.sheet === 'edit' && <EditUserSheet user={opened.user} onClose={() => setOpened(undefined)} />}
      {opened?.sheet === 'ticket' && <TicketSheet user={opened.user} onClose={() => setOpened(undefined)} />}
      {opened?.sheet === 'hand-over' && (
        <HandOverSheet user={opened.user} onClose={() => setOpened(undefined)} />
      )}
    </>
  );
}

function UserState({ user }: { user: User }) {
  if (user.state === 'deactivated') return <StatusBadge tone="quiet">Deactivated</StatusBadge>;
  if (user.state === 'invited')
    return (
      <StatusBadge tone="look" hint="Has not opened the invitation yet.">
        Invited
      </StatusBadge>
    );
  return <StatusBadge tone="good">Active</StatusBadge>;
}

interface UserMenuProps {
  user: User;
  isMe: boolean;
  onEdit: () => void;
  onTicket: () => void;
  onHandOver: () => void;
  onSetActive: (isActive: boolean) => void;
}

function UserMenu({ user, isMe, onEdit, onTicket, onHandOver, onSetActive }: UserMenuProps) {
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${user.name}`}>
          <IconDots size={18} stroke={1.5} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onEdit}>Change role or team</Menu.Item>
        {user.state !== 'deactivated' && (
          <Menu.Item onClick={onTicket}>
            {user.state === 'invited' ? 'New invitation link' : 'Password reset link'}
          </Menu.Item>
        )}
        <Menu.Item onClick={onHandOver}>Hand over share links</Menu.Item>
        <Menu.Divider />
        {user.state === 'deactivated' ? (
          <Menu.Item onClick={() => onSetActive(true)}>Let sign in again</Menu.Item>
        ) : (
          <Menu.Item color={isMe ? 'gray' : 'red'} disabled={isMe} onClick={() => onSetActive(false)}>
            {isMe ? 'You cannot deactivate yourself' : 'Deactivate'}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Shown at once and taken back when the server refuses; deactivating offers an undo. */
function useSetActive() {
  const mutation = useMutation({
    mutationFn: ({ user, isActive }: { user: User; isActive: boolean }) =>
      call(updateUser, { params: { userId: user.id }, body: { isActive } }),
    onMutate: ({ user, isActive }) =>
      showEarly<{ items: User[] }>(usersQuery.queryKey, ({ items }) => ({
        items: items.map((other) =>
          other.id === user.id ? { ...other, state: isActive ? 'active' : 'deactivated' } : other,
        ),
      })),
    onSuccess: (updated, { user, isActive }) => {
      if (!isActive)
        notifyUndo(`${updated.name} is signed out and cannot sign in`, () =>
          mutation.mutate({ user, isActive: true }),
        );
    },
    onError: (error, _input, takeBack) => {
      takeBack?.();
      notifyProblem(error);
    },
    onSettled: () => queryClient.invalidateQueries(usersQuery),
  });
  return mutation;
}
