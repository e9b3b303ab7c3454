import { Button, Menu, TextInput } from '@mantine/core';
import { IconThumbDown } from '@tabler/icons-react';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { paths } from '../lib/paths.ts';
import { notRightWords } from '../ui/not-right-words.ts';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import type { NotRightReason, SearchHit } from './api.ts';
import { markNotRight, sayNotRight, takeNotRightBack } from './find-api.ts';
import classes from './hit-card.module.css';

const reasons: readonly { value: NotRightReason; label: string }[] = [
  { value: 'off_topic', label: 'It is about something else' },
  { value: 'wrong_audience', label: 'Not for this kind of buyer' },
  { value: 'outdated', label: 'Out of date' },
  { value: 'wrong', label: 'Something in it is wrong' },
  { value: 'other', label: 'Another reason' },
];

interface NotRightMenuProps {
  title: string;
  isOpen: boolean;
  onOpen: (isOpen: boolean) => void;
  onChoose: (reason: NotRightReason) => void;
  tabIndex: number;
}

/** Says why a result is not right. It steps back at once, and marketing hears of it. */
export function NotRightMenu({ title, isOpen, onOpen, onChoose, tabIndex }: NotRightMenuProps) {
  const label = `${title} is not right`;
  const button = (
    <button
      type="button"
      className={classes.icon}
      title="Not right (n)"
      aria-label={label}
      aria-haspopup="menu"
      tabIndex={tabIndex}
      onClick={() => onOpen(!isOpen)}
    >
      <IconThumbDown size={18} stroke={1.5} aria-hidden />
    </button>
  );
  // A list of results has many of these and at most one that is open.
  if (!isOpen) return button;
  return (
    <Menu opened onChange={onOpen} position="bottom-end" width={250}>
      <Menu.Target>{button}</Menu.Target>
      <Menu.Dropdown aria-label={label}>
        <Menu.Label>What is not right?</Menu.Label>
        {reasons.map(({ value, label: words }) => (
          <Menu.Item key={value} onClick={() => onChoose(value)}>
            {words}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** The menu goes with its card, so the line that takes the card's place takes the focus, too. */
let justPutAside: string | undefined;
const closeNotice = new Map<string, () => void>();

/** Says of a result of this search that it is not right. */
export async function putAside(
  searchId: string,
  { asset }: SearchHit,
  reason: NotRightReason,
): Promise<void> {
  justPutAside = asset.id;
  markNotRight(searchId, asset.id, reason);
  try {
    await sayNotRight(asset.id, reason);
    const close = notifyUndo(`“${asset.title}” is put aside`, () => takeBack(searchId, asset.id));
    closeNotice.set(asset.id, close);
  } catch (error) {
    markNotRight(searchId, asset.id, null);
    notifyProblem(error);
  }
}

export async function takeBack(searchId: string, assetId: string): Promise<void> {
  try {
    await takeNotRightBack(assetId);
    markNotRight(searchId, assetId, null);
    closeNotice.get(assetId)?.();
    closeNotice.delete(assetId);
  } catch (error) {
    notifyProblem(error);
  }
}

interface AsideProps {
  asset: SearchHit['asset'];
  reason: NotRightReason;
  tabIndex: number;
  hitKey: string;
  onFocus: () => void;
  onTakeBack: () => void;
}

/** A result that somebody put aside: one line, with the way back and room for a note. */
export function Aside({ asset, reason, tabIndex, hitKey, onFocus, onTakeBack }: AsideProps) {
  const { id, title } = asset;
  const [wantsNote, setWantsNote] = useState(false);
  const [note, setNote] = useState('');
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (justPutAside !== id) return;
    justPutAside = undefined;
    link.current?.focus({ preventScroll: true });
  }, [id]);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    try {
      await sayNotRight(id, reason, note);
      setWantsNote(false);
      notifyDone('Marketing can read your note');
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <li className={classes.aside} onFocus={onFocus}>
      <span className={classes.asideWords}>
        <a
          href={paths.asset(id)}
          data-hit={hitKey}
          ref={link}
          tabIndex={tabIndex}
          className={classes.asideTitle}
        >
          {title}
        </a>
        <span>You said: {notRightWords[reason]}</span>
      </span>
      <span className={classes.asideActs}>
        {!wantsNote && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setWantsNote(true)}>
            Add a note
          </Button>
        )}
        <Button size="compact-sm" variant="subtle" color="gray" onClick={onTakeBack}>
          Undo
          <span className="only-heard"> for {title}</span>
        </Button>
      </span>
      {wantsNote && (
        <form className={classes.note} onSubmit={(event) => void send(event)}>
          <TextInput
            aria-label={`What is not right with ${title}`}
            placeholder="What should marketing know?"
            maxLength={500}
            autoFocus
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={note.trim() === ''}>
            Send
          </Button>
        </form>
      )}
    </li>
  );
}
