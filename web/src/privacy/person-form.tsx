import { Button, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { formatDay } from '../lib/format.ts';
import { Form } from '../ui/form.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { erasePerson, exportPerson, type LookUp, lookUpPerson, saveAsFile } from './api.ts';
import classes from './privacy-page.module.css';
import { countsSentence } from './privacy-words.ts';

/** An address is looked up first, so that nobody erases without having seen what. */
export function PersonForm() {
  const form = useForm({ initialValues: { email: '' } });
  const lookUp = useMutation({
    mutationFn: async ({ email }: typeof form.values) => ({
      email: email.trim(),
      ...(await lookUpPerson(email)),
    }),
    onError: (error) => form.setErrors(fieldErrors(error)),
  });
  const found = lookUp.data;
  return (
    <div className={classes.person}>
      <Form
        onSubmit={form.onSubmit((values) => lookUp.mutate(values))}
        submitLabel="Look it up"
        isSubmitting={lookUp.isPending}
        notYet={form.values.email.trim() === '' ? 'Enter an address.' : undefined}
        problem={problemBeside(lookUp.error, form.values)}
      >
        <TextInput
          label="E-mail address"
          type="email"
          autoComplete="off"
          spellCheck={false}
          {...form.getInputProps('email')}
        />
      </Form>
      {found && found.email === form.values.email.trim() && (
        <Found
          key={found.email}
          found={found}
          onErased={() => {
            lookUp.reset();
            form.reset();
          }}
        />
      )}
    </div>
  );
}

function sentenceOf({ counts, userName, erasedAt }: LookUp): string {
  const isKnown = Object.keys(counts).length > 0;
  if (userName)
    return `${userName} signs in with this address, so it can’t be erased. Deactivate them under Users instead; you can export what is known.`;
  if (isKnown) return `Known of this address: ${countsSentence(counts)}.`;
  return erasedAt
    ? `Nothing is known of this address. It was erased on ${formatDay(erasedAt)}.`
    : 'Nothing is known of this address. Check how it is written.';
}

function Found({ found, onErased }: { found: LookUp & { email: string }; onErased: () => void }) {
  const [isErasing, setIsErasing] = useState(false);
  const save = useMutation({
    mutationFn: async () => saveAsFile(`what-is-known.json`, await exportPerson(found.email)),
    onSuccess: () => notifyDone('Export saved'),
  });
  const isKnown = Object.keys(found.counts).length > 0;
  return (
    <section className={classes.found} aria-label="What is known" aria-live="polite">
      <p>{sentenceOf(found)}</p>
      {save.error && <ProblemNote error={save.error} />}
      {(isKnown || found.userName) && (
        <div className={classes.choices}>
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
            Export as file
          </Button>
          {isKnown && !found.userName && (
            <Button variant="default" color="red" onClick={() => setIsErasing(true)}>
              Erase
            </Button>
          )}
        </div>
      )}
      <EraseSheet
        isOpen={isErasing}
        found={found}
        onClose={() => setIsErasing(false)}
        onErased={() => {
          setIsErasing(false);
          onErased();
        }}
      />
    </section>
  );
}

interface EraseSheetProps {
  isOpen: boolean;
  found: LookUp & { email: string };
  onClose: () => void;
  onErased: () => void;
}

function EraseSheet({ isOpen, found, onClose, onErased }: EraseSheetProps) {
  const [typed, setTyped] = useState('');
  const erase = useMutation({
    mutationFn: () => erasePerson(found.email),
    onSuccess: () => {
      notifyDone('Erased. The proof is listed below');
      onErased();
    },
  });
  const isSame = typed.trim().toLowerCase() === found.email.toLowerCase();
  return (
    <Sheet isOpen={isOpen} onClose={onClose} title="Erase a person">
      <div className={classes.sheet}>
        <p>{sentenceOf(found)}</p>
        <ul className={classes.consequences}>
          <li>Names, addresses, questions and the words that were written to them go for good.</li>
          <li>Share links that were made for them end, and count on as an “Erased recipient”.</li>
          <li>
            Visits count on without browser, network and country. Nobody is recognised by them any more.
          </li>
          <li>What your company published stays. The proof says where the address stands in it.</li>
        </ul>
        <Form
          onSubmit={(event) => {
            event.preventDefault();
            if (isSame) erase.mutate();
          }}
          submitLabel="Erase for good"
          isSubmitting={erase.isPending}
          notYet={isSame ? undefined : 'Type the address first.'}
          problem={erase.error}
        >
          <TextInput
            label="Type the address to confirm"
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
            data-autofocus
          />
        </Form>
      </div>
    </Sheet>
  );
}
