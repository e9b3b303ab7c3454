import { Button, Checkbox, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { DateText } from '../ui/words.tsx';
import { editQuestion, type RoomQuestion } from './api.ts';
import classes from './question-list.module.css';

interface QuestionListProps {
  questions: readonly RoomQuestion[];
  label: string;
  /** They come from several rooms, so each says from which. */
  isAcrossRooms?: boolean;
}

/** What prospects asked, each with its answer or the form for one. */
export function QuestionList({ questions, label, isAcrossRooms = false }: QuestionListProps) {
  return (
    <ul className={classes.list} aria-label={label}>
      {questions.map((question) => (
        <Question key={question.id} question={question} isAcrossRooms={isAcrossRooms} />
      ))}
    </ul>
  );
}

function Question({ question, isAcrossRooms }: { question: RoomQuestion; isAcrossRooms: boolean }) {
  const { text, answer, isHidden } = question;
  const [isEditing, setIsEditing] = useState(false);
  return (
    <li className={classes.question} data-hidden={isHidden || undefined}>
      <p className={classes.facts}>
        <Asker question={question} />
        {isAcrossRooms && (
          <span>
            in <AppLink to={paths.room(question.roomId)}>{question.roomName}</AppLink>
          </span>
        )}
        {question.asset && <span>about “{question.asset.title}”</span>}
        <DateText date={question.askedAt} />
        {isHidden && <span>hidden in the room</span>}
      </p>
      <p className={classes.text}>{text}</p>
      {answer !== null && !isEditing ? (
        <Answer question={question} onEdit={() => setIsEditing(true)} />
      ) : (
        !isHidden && <AnswerForm question={question} onDone={() => setIsEditing(false)} />
      )}
      <Hiding question={question} />
    </li>
  );
}

/** The name that was given is only what somebody typed; whose share link it was is sure. */
function Asker({ question: { askedByName, askedByEmail, recipientName } }: { question: RoomQuestion }) {
  const name = askedByName || askedByEmail;
  if (!name) return <b>Somebody with {recipientName}’s link</b>;
  return (
    <b title={askedByEmail ?? undefined}>
      {name}
      {name !== recipientName && <span className={classes.by}> with {recipientName}’s link</span>}
    </b>
  );
}

function Answer({
  question: { id, answer, answeredByName, answeredAt, isForAll },
  onEdit,
}: {
  question: RoomQuestion;
  onEdit: () => void;
}) {
  const share = (next: boolean) => void editQuestion(id, { isForAll: next }).catch(notifyProblem);
  return (
    <div className={classes.answer}>
      <p className={classes.text}>{answer}</p>
      <p className={classes.facts}>
        <span title={answeredAt ? formatMinute(answeredAt) : undefined}>
          {answeredByName ?? 'A colleague'}
        </span>
        <DateText date={answeredAt} />
        <button type="button" className={classes.action} onClick={onEdit}>
          Edit the answer
        </button>
        <Checkbox
          size="xs"
          label="Everybody with this room can read it"
          checked={isForAll}
          onChange={({ currentTarget }) => share(currentTarget.checked)}
        />
      </p>
    </div>
  );
}

function AnswerForm({ question, onDone }: { question: RoomQuestion; onDone: () => void }) {
  const [answer, setAnswer] = useState(question.answer ?? '');
  const [isForAll, setIsForAll] = useState(question.isForAll);
  const [isMissing, setIsMissing] = useState(false);
  const save = useMutation({
    mutationFn: () => editQuestion(question.id, { answer, isForAll }),
    onSuccess: () => {
      notifyDone('Answered. It stands in the room now');
      onDone();
    },
  });
  const submit = () => {
    setIsMissing(answer.trim() === '');
    if (answer.trim() !== '' && !save.isPending) save.mutate();
  };
  return (
    <form
      noValidate
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Textarea
        label={question.answer === null ? 'Your answer' : 'Answer'}
        description="They read it in the room. Nothing is sent."
        autosize
        minRows={2}
        maxRows={12}
        maxLength={4000}
        value={answer}
        error={isMissing && 'Write an answer first.'}
        onChange={({ currentTarget }) => setAnswer(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          submit();
        }}
      />
      <Checkbox
        size="xs"
        label="Show it to everybody with this room, without their name"
        mt="xs"
        checked={isForAll}
        onChange={({ currentTarget }) => setIsForAll(currentTarget.checked)}
      />
      {save.error ? <ProblemNote error={save.error} /> : null}
      <div className={classes.end}>
        <Button type="submit" size="xs" loading={save.isPending}>
          {question.answer === null ? 'Answer' : 'Save'}
        </Button>
        {question.answer !== null && (
          <Button size="xs" variant="default" onClick={onDone}>
            Cancel
          </Button>
        )}
      </div>
    </form>
  );
}

function Hiding({ question: { id, isHidden } }: { question: RoomQuestion }) {
  const hide = async (next: boolean) => {
    try {
      await editQuestion(id, { isHidden: next });
      if (next) notifyUndo('Nobody sees this question in the room', () => hide(false));
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <button type="button" className={classes.action} onClick={() => void hide(!isHidden)}>
      {isHidden ? 'Show it in the room again' : 'Hide it from the room'}
    </button>
  );
}
