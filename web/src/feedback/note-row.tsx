import { Button } from '@mantine/core';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { DateText } from '../ui/words.tsx';
import { noteObjection, type ObjectionNote, takeNoteBack } from './api.ts';
import classes from './objections-page.module.css';

interface NoteRowProps {
  note: ObjectionNote;
  mayEdit: boolean;
  onEdit: () => void;
}

/** What somebody heard, with where and from whom. */
export function NoteRow({ note, mayEdit, onEdit }: NoteRowProps) {
  const tags = [note.objection, note.persona, note.stage].filter((tag) => tag !== null);
  return (
    <li className={classes.note}>
      <div>
        <p className={classes.text}>{note.text}</p>
        <p className={classes.about}>
          {note.notedByName}, <DateText date={note.notedAt} />
          {note.deal && (
            <>
              {' · '}
              <AppLink to={paths.deal(note.deal.id)}>{note.deal.accountName}</AppLink>
            </>
          )}
          {note.asset && (
            <>
              {' · about '}
              <AppLink to={paths.asset(note.asset.id)}>{note.asset.title}</AppLink>
            </>
          )}
          {tags.length > 0 ? ` · ${tags.map(({ name }) => name).join(', ')}` : ' · not sorted yet'}
        </p>
      </div>
      {mayEdit && (
        <div className={classes.actions}>
          <Button size="compact-sm" variant="subtle" color="gray" onClick={onEdit}>
            {note.isOwn ? 'Change' : 'Sort'}
          </Button>
          {note.isOwn && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={() => void takeBack(note)}>
              Delete
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

async function takeBack(note: ObjectionNote): Promise<void> {
  try {
    await takeNoteBack(note.id);
  } catch (error) {
    return notifyProblem(error);
  }
  notifyUndo('Note deleted', () =>
    noteObjection({
      text: note.text,
      objectionTermId: note.objection?.id ?? null,
      personaTermId: note.persona?.id ?? null,
      stageTermId: note.stage?.id ?? null,
      dealId: note.deal?.id ?? null,
      assetId: note.asset?.id ?? null,
    }).catch(notifyProblem),
  );
}
