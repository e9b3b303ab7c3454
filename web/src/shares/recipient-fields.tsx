import { Autocomplete, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { accountsQuery, contactsQuery } from './api.ts';
import type { ShareFormState } from './share-form.ts';
import classes from './share-sheet.module.css';

const pauseMs = 120;

/** A list that has nothing to show is closed, or it would take the Escape that is meant for the sheet. */
function listOf(count: number): { openOnFocus: false; dropdownOpened?: false } {
  return count > 0 ? { openOnFocus: false } : { openOnFocus: false, dropdownOpened: false };
}

/** Who it is for: a contact fills all three fields, anybody else is typed. */
export function RecipientFields({ form }: { form: ShareFormState }) {
  const { name, accountName } = form.values.recipient;
  const [nameAsked] = useDebouncedValue(name.trim(), pauseMs);
  const [accountAsked] = useDebouncedValue(accountName.trim(), pauseMs);
  const contacts = useQuery(contactsQuery(nameAsked)).data?.items ?? [];
  const accounts = useQuery(accountsQuery(accountAsked)).data?.items ?? [];

  const take = (contactId: string) => {
    const contact = contacts.find((other) => other.id === contactId);
    if (!contact) return;
    form.setFieldValue('recipient', {
      name: contact.name,
      email: contact.email,
      accountName: contact.accountName ?? accountName,
    });
  };
  return (
    <div className={classes.recipient}>
      <Autocomplete
        label="Who is it for"
        description="Then you can tell their visits from everybody else’s."
        autoComplete="off"
        data-autofocus
        required
        data={contacts.map((contact) => ({ value: contact.id, label: contact.name }))}
        filter={({ options }) => options}
        renderOption={({ option }) => {
          const contact = contacts.find((other) => other.id === option.value);
          return (
            <span className={classes.option}>
              <span>{contact?.name}</span>
              <span className="quiet">
                {[contact?.accountName, contact?.email].filter(Boolean).join(', ')}
              </span>
            </span>
          );
        }}
        onOptionSubmit={take}
        {...listOf(contacts.length)}
        {...form.getInputProps('recipient.name')}
      />
      <div className={classes.pair}>
        <TextInput
          label="E-mail"
          type="email"
          inputMode="email"
          autoComplete="off"
          placeholder="Optional"
          {...form.getInputProps('recipient.email')}
        />
        <Autocomplete
          label="Account"
          autoComplete="off"
          placeholder="Optional"
          data={[...new Set(accounts.map((account) => account.name))]}
          filter={({ options }) => options}
          {...listOf(accounts.length)}
          {...form.getInputProps('recipient.accountName')}
        />
      </div>
    </div>
  );
}
