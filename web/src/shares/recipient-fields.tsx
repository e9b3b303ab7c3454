import { Autocomplete, Combobox, Pill, PillsInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBuilding, IconSpeakerphone, IconUser } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ClipboardEvent, type KeyboardEvent, useId } from 'react';
import { accountsQuery, contactsQuery } from './api.ts';
import { addRecipients, asText, keyOf, type PickedRecipient, readPeople } from './recipients.ts';
import type { ShareFormState } from './share-form.ts';
import classes from './share-sheet.module.css';

const pauseMs = 120;
const icons = { person: IconUser, account: IconBuilding, channel: IconSpeakerphone };

interface Choice {
  value: string;
  recipient: PickedRecipient;
  title: string;
  under: string;
}

/** Who it is for: people as chips, a whole account, or a channel; names complete from contacts and accounts. */
export function RecipientFields({ form }: { form: ShareFormState }) {
  const { typed, recipients } = form.values;
  const [asked] = useDebouncedValue(typed.trim(), pauseMs);
  const contacts = useQuery(contactsQuery(asked)).data?.items ?? [];
  const accounts = useQuery(accountsQuery(asked)).data?.items ?? [];
  const id = useId();
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });

  const choices: Choice[] = [
    ...contacts.map((contact) => ({
      value: contact.id,
      recipient: {
        kind: 'person' as const,
        name: contact.name,
        email: contact.email,
        accountName: contact.accountName ?? '',
      },
      title: contact.name,
      under: [contact.accountName, contact.email].filter(Boolean).join(', '),
    })),
    ...(asked ? accounts.slice(0, 3) : []).map((account) => ({
      value: account.id,
      recipient: { kind: 'account' as const, name: account.name, email: '', accountName: '' },
      title: account.name,
      under: 'The whole account, whoever opens it there',
    })),
    ...listTyped(typed),
  ].filter(({ recipient }) => !recipients.some((other) => keyOf(other) === keyOf(recipient)));

  const add = (more: PickedRecipient[]) => {
    form.setValues({ recipients: addRecipients(form.values.recipients, more), typed: '' });
    form.clearFieldError('typed');
  };
  const takeTyped = () => {
    const people = readPeople(form.values.typed);
    if (people.length > 0) add(people);
  };
  const remove = (recipient: PickedRecipient) =>
    form.setFieldValue(
      'recipients',
      form.values.recipients.filter((other) => keyOf(other) !== keyOf(recipient)),
    );
  const correct = (recipient: PickedRecipient) => {
    remove(recipient);
    form.setFieldValue('typed', asText(recipient));
    document.getElementById(id)?.focus();
  };

  const handleKey = (event: KeyboardEvent<HTMLInputElement>) => {
    const last = recipients.at(-1);
    if (event.key === 'Backspace' && typed === '' && last) {
      event.preventDefault();
      remove(last);
    } else if ((event.key === ',' || event.key === ';') && readPeople(typed).length > 0) {
      event.preventDefault();
      takeTyped();
    } else if (event.key === 'Enter' && !event.metaKey && !event.ctrlKey) {
      // An option that is marked takes it; else what was typed is somebody.
      if (combobox.dropdownOpened && combobox.getSelectedOptionIndex() >= 0) return;
      event.preventDefault();
      takeTyped();
      combobox.closeDropdown();
    }
  };
  const handlePaste = (event: ClipboardEvent<HTMLInputElement>) => {
    const people = readPeople(event.clipboardData.getData('text'));
    if (people.length < 2) return;
    event.preventDefault();
    add(people);
  };

  return (
    <div className={classes.recipient}>
      <Combobox
        store={combobox}
        position="bottom-start"
        floatingStrategy="fixed"
        onOptionSubmit={(value) => {
          const choice = choices.find((other) => other.value === value);
          if (choice) add([choice.recipient]);
          combobox.closeDropdown();
        }}
      >
        <Combobox.DropdownTarget>
          <PillsInput
            id={id}
            label="Who is it for"
            description="Each gets a link of their own, so that you can tell them apart."
            required
            error={form.errors.typed}
          >
            <Pill.Group>
              {recipients.map((recipient) => (
                <Chip
                  key={keyOf(recipient)}
                  recipient={recipient}
                  onCorrect={() => correct(recipient)}
                  onRemove={() => remove(recipient)}
                />
              ))}
              <Combobox.EventsTarget>
                <PillsInput.Field
                  data-autofocus
                  autoComplete="off"
                  autoCapitalize="words"
                  spellCheck={false}
                  placeholder={recipients.length === 0 ? 'Name, e-mail or account' : ''}
                  value={typed}
                  onChange={(event) => {
                    form.setFieldValue('typed', event.currentTarget.value);
                    if (event.currentTarget.value) combobox.openDropdown();
                    combobox.resetSelectedOption();
                  }}
                  onKeyDown={handleKey}
                  onPaste={handlePaste}
                  onBlur={() => {
                    combobox.closeDropdown();
                    takeTyped();
                  }}
                />
              </Combobox.EventsTarget>
            </Pill.Group>
          </PillsInput>
        </Combobox.DropdownTarget>
        <Combobox.Dropdown hidden={typed.trim() === '' || choices.length === 0}>
          <Combobox.Options mah={300} style={{ overflowY: 'auto' }}>
            {choices.map((choice) => (
              <Combobox.Option key={choice.value} value={choice.value}>
                <ChoiceLine choice={choice} />
              </Combobox.Option>
            ))}
          </Combobox.Options>
        </Combobox.Dropdown>
      </Combobox>
      <AccountField form={form} />
    </div>
  );
}

/** What was typed itself: somebody new, or a channel. */
function listTyped(typed: string): Choice[] {
  const people = readPeople(typed);
  const [person] = people;
  if (!person || people.length > 1) return [];
  const channel = { kind: 'channel' as const, name: typed.trim(), email: '', accountName: '' };
  return [
    {
      value: 'typed-person',
      recipient: person,
      title: person.name,
      under: person.email && person.email !== person.name ? person.email : 'A person',
    },
    ...(person.email
      ? []
      : [
          {
            value: 'typed-channel',
            recipient: channel,
            title: channel.name,
            under: 'A channel: a post, a newsletter, a fair',
          },
        ]),
  ];
}

function ChoiceLine({ choice: { recipient, title, under } }: { choice: Choice }) {
  const Icon = icons[recipient.kind];
  return (
    <span className={classes.choice}>
      <Icon size={16} stroke={1.5} aria-hidden />
      <span className={classes.option}>
        <span>{title}</span>
        <span className="quiet">{under}</span>
      </span>
    </span>
  );
}

interface ChipProps {
  recipient: PickedRecipient;
  onCorrect: () => void;
  onRemove: () => void;
}

function Chip({ recipient, onCorrect, onRemove }: ChipProps) {
  const Icon = icons[recipient.kind];
  const facts = [recipient.accountName, recipient.email].filter(Boolean).join(', ');
  return (
    <Pill
      size="md"
      withRemoveButton
      onRemove={onRemove}
      removeButtonProps={{ 'aria-label': `Remove ${recipient.name}`, 'aria-hidden': false, tabIndex: 0 }}
      className={classes.chip}
    >
      <button type="button" className={classes.chipName} title={facts || 'Correct'} onClick={onCorrect}>
        {recipient.kind !== 'person' && <Icon size={13} stroke={1.5} aria-hidden />}
        {recipient.name}
        <span className="only-heard">, correct</span>
      </button>
    </Pill>
  );
}

/** Where they work, for all who bring no account along. */
function AccountField({ form }: { form: ShareFormState }) {
  const { recipients, typed, accountName } = form.values;
  const [asked] = useDebouncedValue(accountName.trim(), pauseMs);
  const accounts = useQuery(accountsQuery(asked)).data?.items ?? [];
  const isKnown =
    recipients.length > 0 &&
    typed.trim() === '' &&
    recipients.every(({ kind, accountName: own }) => kind !== 'person' || own !== '');
  if (isKnown) return null;
  return (
    <Autocomplete
      label="Account"
      autoComplete="off"
      placeholder="Optional: where they work"
      data={[...new Set(accounts.map((account) => account.name))]}
      filter={({ options }) => options}
      openOnFocus={false}
      {...(accounts.length === 0 && { dropdownOpened: false })}
      {...form.getInputProps('accountName')}
    />
  );
}
