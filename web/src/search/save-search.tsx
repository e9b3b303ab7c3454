import { Button, Popover, TextInput } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { notifyDone } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { dimensionsQuery, type Question } from './api.ts';
import { savedSearchesQuery, saveSearch } from './find-api.ts';
import { describeQuestion, isSameQuestion } from './question-words.ts';
import classes from './results.module.css';
import { SavedMenu } from './saved-menu.tsx';

/** Keeps the question under a name, so that Find can say what is new for it. */
export function SaveSearch({ asked }: { asked: Question }) {
  const saved = useQuery(savedSearchesQuery).data?.items ?? [];
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState('');
  const save = useMutation({
    mutationFn: () => saveSearch(asked, name),
    onSuccess: () => {
      setIsOpen(false);
      notifyDone('Search saved. Find lists it and says what is new.');
    },
  });
  const same = saved.find((each) => isSameQuestion(each, asked));
  if (same)
    return (
      <SavedMenu saved={same}>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconBookmarkFilled size={16} aria-hidden />}
          aria-label={`Saved as ${same.name}`}
        >
          Saved
        </Button>
      </SavedMenu>
    );
  const open = () => {
    save.reset();
    setName(describeQuestion(asked, dimensions));
    setIsOpen(true);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const errors = fieldErrors(save.error);
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={300}
      trapFocus
      withinPortal={false}
    >
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          leftSection={<IconBookmark size={16} stroke={1.5} aria-hidden />}
          onClick={() => (isOpen ? setIsOpen(false) : open())}
        >
          Save search
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Save this search">
        <form onSubmit={submit} className={classes.save}>
          <TextInput
            label="Name"
            maxLength={120}
            data-autofocus
            value={name}
            error={errors.name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          {problemBeside(save.error, { name }) ? <ProblemNote error={save.error} /> : null}
          <Button type="submit" size="xs" loading={save.isPending} disabled={name.trim() === ''}>
            Save
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
