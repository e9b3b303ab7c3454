import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { IconPencil, IconTrash } from '@tabler/icons-react';
import { type FormEvent, type ReactNode, useState } from 'react';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import type { SavedSearch } from './api.ts';
import { changeSavedSearch, forgetSavedSearch, saveSearch } from './find-api.ts';
import classes from './results.module.css';

/** What can be done with a saved search, behind the button that is given. */
export function SavedMenu({ saved, children }: { saved: SavedSearch; children: ReactNode }) {
  const [name, setName] = useState<string>();
  const rename = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await changeSavedSearch(saved.id, { name: name ?? saved.name });
      setName(undefined);
    } catch (error) {
      notifyProblem(error);
    }
  };
  const forget = async () => {
    try {
      await forgetSavedSearch(saved.id);
      notifyUndo(`“${saved.name}” is no longer saved`, () =>
        saveSearch(saved, saved.name).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <>
      <Menu position="bottom-end" width={190}>
        <Menu.Target>{children as never}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={() => setName(saved.name)}>
            Rename
          </Menu.Item>
          <Menu.Item leftSection={<IconTrash size={16} stroke={1.5} />} onClick={() => void forget()}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal
        opened={name !== undefined}
        onClose={() => setName(undefined)}
        title="Rename this search"
        size={400}
      >
        <form onSubmit={(event) => void rename(event)} className={classes.save}>
          <TextInput
            label="Name"
            maxLength={120}
            data-autofocus
            value={name ?? ''}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" disabled={!name?.trim()}>
            Rename
          </Button>
        </form>
      </Modal>
    </>
  );
}
