import { Button, Checkbox, Menu, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconBookmark, IconBookmarkFilled, IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useLocation } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { parseSearch } from '../lib/url-state.ts';
import { AppLink } from '../ui/app-link.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { changeView, deleteView, restoreView, type SavedView, savedViewsQuery, saveView } from './api.ts';
import classes from './slice-bar.module.css';

/** The views that were named, and a form that names this one. */
export function SavedViews({ suggestedName }: { suggestedName: string }) {
  const { pathname, searchStr } = useLocation();
  const views = useQuery(savedViewsQuery).data?.items ?? [];
  const [isOpen, setIsOpen] = useState(false);
  const [renamed, setRenamed] = useState<SavedView>();
  const here = views.find((view) => view.path === pathname && isSameQuery(view.query, searchStr));
  const Mark = here ? IconBookmarkFilled : IconBookmark;
  const toggle = () => {
    setRenamed(undefined);
    setIsOpen((was) => !was);
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position="bottom-end"
      width={320}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <Button
          variant="subtle"
          color="gray"
          size="xs"
          className={classes.views}
          leftSection={<Mark size={15} stroke={1.5} aria-hidden />}
          aria-expanded={isOpen}
          onClick={toggle}
        >
          {here ? here.name : 'Views'}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        {views.length > 0 && (
          <ul className={classes.viewList}>
            {views.map((view) => (
              <li key={view.id} className={classes.view} data-here={view === here || undefined}>
                <AppLink
                  to={view.path}
                  search={parseSearch(view.query)}
                  className={classes.viewLink}
                  onClick={() => setIsOpen(false)}
                >
                  {view.name}
                  <span className={classes.viewFacts}>{whose(view)}</span>
                </AppLink>
                {view.mayChange && (
                  <ViewMenu
                    view={view}
                    onRename={() => setRenamed(view)}
                    onGone={() => setRenamed(undefined)}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
        {renamed ? (
          <NameForm
            key={renamed.id}
            heading="Rename this view"
            name={renamed.name}
            isForTeam={renamed.isForTeam}
            submitLabel="Save"
            save={(input) => changeView(renamed.id, input)}
            onDone={() => setRenamed(undefined)}
          />
        ) : here ? (
          <p className={classes.saved}>You are looking at “{here.name}”.</p>
        ) : (
          <NameForm
            key={`${pathname}${searchStr}`}
            heading="Save what you see"
            name={suggestedName}
            isForTeam={false}
            submitLabel="Save this view"
            save={(input) => saveView({ ...input, path: pathname, query: searchStr })}
            onDone={() => {
              setIsOpen(false);
              notifyDone('View saved');
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function whose({ isForTeam, isOwn, userName }: SavedView): string {
  if (!isForTeam) return 'Only you';
  return isOwn ? 'For the team' : `For the team, by ${userName}`;
}

interface ViewMenuProps {
  view: SavedView;
  onRename: () => void;
  onGone: () => void;
}

function ViewMenu({ view, onRename, onGone }: ViewMenuProps) {
  const remove = async () => {
    try {
      await deleteView(view.id);
      onGone();
      notifyUndo(`“${view.name}” is deleted`, () => restoreView(view.id).catch(notifyProblem));
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Menu position="bottom-end" width={170} withinPortal={false}>
      <Menu.Target>
        <UnstyledButton className={classes.more} aria-label={`Change ${view.name}`}>
          <IconDots size={16} stroke={1.5} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item leftSection={<IconPencil size={16} stroke={1.5} />} onClick={onRename}>
          Rename
        </Menu.Item>
        <Menu.Item leftSection={<IconTrash size={16} stroke={1.5} />} onClick={() => void remove()}>
          Delete
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

interface NameFormProps {
  heading: string;
  name: string;
  isForTeam: boolean;
  submitLabel: string;
  save: (input: { name: string; isForTeam: boolean }) => Promise<unknown>;
  onDone: () => void;
}

function NameForm({ heading, submitLabel, save, onDone, ...first }: NameFormProps) {
  const [name, setName] = useState(first.name);
  const [isForTeam, setIsForTeam] = useState(first.isForTeam);
  const saving = useMutation({ mutationFn: () => save({ name, isForTeam }), onSuccess: onDone });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    saving.mutate();
  };
  return (
    <form onSubmit={submit} className={classes.nameForm}>
      <TextInput
        size="xs"
        label={heading}
        maxLength={80}
        data-autofocus
        value={name}
        error={fieldErrors(saving.error).name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Checkbox
        size="xs"
        label="For the team, too"
        checked={isForTeam}
        onChange={(event) => setIsForTeam(event.currentTarget.checked)}
      />
      {problemBeside(saving.error, { name }) ? <ProblemNote error={saving.error} /> : null}
      <div>
        <Button type="submit" size="xs" loading={saving.isPending} disabled={name.trim() === ''}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}

/** The same names with the same values, in whatever order they stand. */
function isSameQuery(one: string, other: string): boolean {
  const inOrder = (text: string) => {
    const params = new URLSearchParams(text);
    params.sort();
    return params.toString();
  };
  return inOrder(one) === inOrder(other);
}
