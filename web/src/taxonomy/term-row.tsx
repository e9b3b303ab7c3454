import { ActionIcon, Button, Menu, TagsInput, Textarea, TextInput } from '@mantine/core';
import { IconDots } from '@tabler/icons-react';
import { useState } from 'react';
import { fieldErrors } from '../lib/api.ts';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { DragHandle } from '../ui/drag-handle.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import type { HandleProps } from '../ui/use-reordering.ts';
import { editTerm, type Term, type TermEdit } from './api.ts';
import classes from './taxonomy-page.module.css';

interface TermRowProps {
  term: Term;
  onMerge: (term: Term) => void;
  /** Left out where the order means nothing. */
  handle?: HandleProps;
  isDragged?: boolean;
}

/** A term as one line; opened, its words are edited in place. */
export function TermRow({ term, onMerge, handle, isDragged = false }: TermRowProps) {
  const [isEditing, setIsEditing] = useState(false);
  return (
    <li className={classes.term} data-row={term.id} data-dragged={isDragged || undefined}>
      {handle ? <DragHandle name={term.name} {...handle} /> : <span className={classes.noHandle} />}
      {isEditing ? (
        <TermForm term={term} onClose={() => setIsEditing(false)} />
      ) : (
        <TermLine term={term} onEdit={() => setIsEditing(true)} onMerge={() => onMerge(term)} />
      )}
    </li>
  );
}

function TermLine({ term, onEdit, onMerge }: { term: Term; onEdit: () => void; onMerge: () => void }) {
  const { id, name, description, synonyms, assetCount, isRetired } = term;
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the name in it is the button. */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the name in it is the button. */}
      <div className={classes.words} onClick={onEdit}>
        <button type="button" className={classes.name}>
          <span className="only-heard">Edit </span>
          {name}
        </button>{' '}
        {isRetired && <StatusBadge tone="quiet">Retired</StatusBadge>}
        {description && <p className={classes.description}>{description}</p>}
        {synonyms.length > 0 && (
          <p className={classes.synonyms}>
            <span className="only-heard">Synonyms: </span>
            {synonyms.slice(0, 6).join(', ')}
            {synonyms.length > 6 && ` and ${(synonyms.length - 6).toString()} more`}
          </p>
        )}
      </div>
      <span className={classes.assets}>
        {assetCount > 0 ? (
          <AppLink to={paths.library} search={{ term: [id] }}>
            {plural(assetCount, 'asset')}
          </AppLink>
        ) : (
          <span className="quiet">No assets</span>
        )}
      </span>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${name}`}>
            <IconDots size={18} stroke={1.5} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={onEdit}>Edit</Menu.Item>
          <Menu.Item onClick={onMerge}>Merge into another term</Menu.Item>
          <Menu.Divider />
          {isRetired ? (
            <Menu.Item onClick={() => void setRetired(term, false)}>Bring back</Menu.Item>
          ) : (
            <Menu.Item onClick={() => void setRetired(term, true)}>Retire</Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
    </>
  );
}

/** A retired term stays on the assets that have it and is offered for no others. */
async function setRetired(term: Term, isRetired: boolean): Promise<void> {
  try {
    await editTerm(term.id, { isRetired });
    if (isRetired)
      notifyUndo(`${term.name} is retired: its assets keep it, nobody can choose it`, () =>
        setRetired(term, false),
      );
  } catch (error) {
    notifyProblem(error);
  }
}

function TermForm({ term, onClose }: { term: Term; onClose: () => void }) {
  const [name, setName] = useState(term.name);
  const [description, setDescription] = useState(term.description);
  const [synonyms, setSynonyms] = useState<string[]>(term.synonyms);
  const [problem, setProblem] = useState<unknown>();
  const [isSaving, setIsSaving] = useState(false);
  const faults = fieldErrors(problem);
  const save = async () => {
    const edit: TermEdit = {
      ...(name.trim() !== term.name && { name: name.trim() }),
      ...(description.trim() !== term.description && { description: description.trim() }),
      ...(synonyms.join('\u0000') !== term.synonyms.join('\u0000') && { synonyms }),
    };
    if (Object.keys(edit).length === 0) return onClose();
    setIsSaving(true);
    try {
      await editTerm(term.id, edit);
      onClose();
      const { name: oldName, description: oldDescription, synonyms: oldSynonyms } = term;
      const before = { name: oldName, description: oldDescription, synonyms: oldSynonyms };
      notifyUndo(`${name.trim()} saved`, () => editTerm(term.id, before).catch(notifyProblem));
    } catch (error) {
      setProblem(error);
      setIsSaving(false);
    }
  };
  return (
    <form
      className={classes.form}
      aria-label={`Edit ${term.name}`}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose();
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) event.currentTarget.requestSubmit();
      }}
    >
      <TextInput
        label="Name"
        autoFocus
        maxLength={80}
        value={name}
        error={faults.name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label="Description"
        autosize
        minRows={1}
        maxLength={500}
        value={description}
        error={faults.description}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <TagsInput
        label="Synonyms"
        description="What reps and buyers say for it. Enter or a comma ends each."
        maxTags={60}
        splitChars={[',', ';']}
        acceptValueOnBlur
        value={synonyms}
        error={faults.synonyms}
        onChange={setSynonyms}
      />
      {problem !== undefined && Object.keys(faults).length === 0 && <ProblemNote error={problem} />}
      <div className={classes.formEnd}>
        <Button type="submit" size="xs" loading={isSaving} disabled={name.trim() === ''}>
          Save
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
