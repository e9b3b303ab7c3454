import { Combobox, useCombobox } from '@mantine/core';
import { IconBuilding, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { accountsQuery } from '../shares/api.ts';
import type { Understanding } from './api.ts';
import type { Asking } from './question.ts';
import classes from './situation.module.css';

/** As many as fit without scrolling; whoever looks for another types its name. */
const mostAccounts = 6;

interface AccountChipProps {
  accountId: string | null;
  onChange: Asking['change'];
  account: Understanding['account'];
}

/** The account that it is about: the results say then what was sent there already. */
export function AccountChip({ accountId, onChange, account }: AccountChipProps) {
  const [typed, setTyped] = useState('');
  const box = useCombobox({
    onDropdownOpen: () => box.focusSearchInput(),
    onDropdownClose: () => setTyped(''),
  });
  const found = useQuery({
    ...accountsQuery(typed.trim()),
    enabled: box.dropdownOpened || accountId !== null,
  });
  const accounts = (found.data?.items ?? []).slice(0, mostAccounts);
  const isSet = accountId !== null;
  const name =
    account && account.id === accountId
      ? account.name
      : (accounts.find(({ id }) => id === accountId)?.name ?? 'chosen');
  return (
    <span className={classes.pair} data-set={isSet || undefined}>
      <Combobox
        store={box}
        width={280}
        position="bottom-start"
        withinPortal={false}
        onOptionSubmit={(id) => {
          onChange({ accountId: id });
          box.closeDropdown();
        }}
      >
        <Combobox.Target targetType="button">
          <button
            type="button"
            className={classes.chip}
            data-set={isSet || undefined}
            aria-label={isSet ? `Account: ${name}` : 'Account'}
            onClick={() => box.toggleDropdown()}
          >
            <IconBuilding size={14} stroke={1.75} aria-hidden />
            <span className={classes.chipName}>Account</span>
            {isSet && <span className={classes.chipValue}>{name}</span>}
          </button>
        </Combobox.Target>
        <Combobox.Dropdown>
          <Combobox.Search
            aria-label="Find an account"
            placeholder="Which account is it about?"
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          <Combobox.Options aria-label="Accounts">
            {accounts.map((each) => (
              <Combobox.Option key={each.id} value={each.id}>
                <span className={classes.accountName}>{each.name}</span>
                <span className={classes.accountFacts}>
                  {[each.industry, each.region].filter(Boolean).join(', ')}
                </span>
              </Combobox.Option>
            ))}
            {accounts.length === 0 && !found.isPending && (
              <Combobox.Empty>
                {typed.trim() === ''
                  ? 'No accounts yet. They come with an import of deals, or with a share link.'
                  : `No account is called “${typed.trim()}”.`}
              </Combobox.Empty>
            )}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      {isSet && (
        <button
          type="button"
          className={classes.unset}
          aria-label={`Not about ${name}`}
          onClick={() => onChange({ accountId: null })}
        >
          <IconX size={14} stroke={1.75} aria-hidden />
        </button>
      )}
    </span>
  );
}
