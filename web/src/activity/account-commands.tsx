import { useNavigate } from '@tanstack/react-router';
import { useMemo } from 'react';
import { type CommandSource, useCommandSource } from '../lib/commands.ts';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { findAccountsByName } from './api.ts';

const mostAccounts = 4;

/** Lets the palette go to accounts by their name. */
export function AccountCommands() {
  const navigate = useNavigate();
  const source = useMemo(
    (): CommandSource => ({
      id: 'accounts',
      find: async (query, signal) => {
        if (query.length < 2) return [];
        const accounts = await findAccountsByName(query, signal);
        return accounts.slice(0, mostAccounts).map((account) => ({
          id: `account:${account.id}`,
          label: account.name,
          group: 'Accounts',
          hint:
            account.openDealCount > 0 ? plural(account.openDealCount, 'open deal') : 'What was sent to them',
          run: () => void navigate({ to: paths.account(account.id) }),
        }));
      },
    }),
    [navigate],
  );
  useCommandSource(source);
  return null;
}
