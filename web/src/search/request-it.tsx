import { Button, Textarea, TextInput } from '@mantine/core';
import { IconMessagePlus } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useState } from 'react';
import { fieldErrors, problemBeside } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { TermChips } from '../ui/badges.tsx';
import { Sheet } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { dimensionsQuery, type Question, type SearchAnswer } from './api.ts';
import { requestAsset } from './find-api.ts';
import { describeQuestion } from './question-words.ts';
import classes from './results.module.css';

interface RequestItProps {
  first: SearchAnswer;
  asked: Question;
  /** A word in a sentence rather than the thing to do. */
  isQuiet?: boolean;
}

/** Asks marketing for what is missing, filled in from the question. */
export function RequestIt({ first, asked, isQuiet = false }: RequestItProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      {isQuiet ? (
        <button type="button" className={classes.asLink} onClick={() => setIsOpen(true)}>
          Request it from marketing
        </button>
      ) : (
        <Button
          leftSection={<IconMessagePlus size={16} stroke={1.5} aria-hidden />}
          onClick={() => setIsOpen(true)}
        >
          Request it
        </Button>
      )}
      {isOpen && <RequestSheet first={first} asked={asked} onClose={() => setIsOpen(false)} />}
    </>
  );
}

const longestTitle = 200;

function RequestSheet({ first, asked, onClose }: RequestItProps & { onClose: () => void }) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const known = dimensions.flatMap((dimension) => dimension.terms);
  const termIds = [
    ...new Set([...asked.filters.termIds, ...first.understanding.terms.map(({ term }) => term.id)]),
  ];
  const terms = known.filter(({ id }) => termIds.includes(id));
  const isMessage = asked.query.includes('\n') || asked.query.length > longestTitle;
  const [title, setTitle] = useState(
    isMessage
      ? terms.map(({ name }) => name).join(', ')
      : asked.query || describeQuestion(asked, dimensions, longestTitle),
  );
  const [details, setDetails] = useState(isMessage ? asked.query.slice(0, 4000) : '');
  const [dueOn, setDueOn] = useState('');
  const formId = useId();
  const ask = useMutation({
    mutationFn: () =>
      requestAsset({
        title,
        details,
        termIds: terms.map(({ id }) => id).slice(0, 50),
        dueOn: dueOn || null,
        searchId: first.searchId,
      }),
  });
  const errors = fieldErrors(ask.error);
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={ask.data ? 'Marketing has your request' : 'Request it from marketing'}
      footer={
        ask.data ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <>
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" form={formId} loading={ask.isPending} disabled={title.trim() === ''}>
              Request it
            </Button>
          </>
        )
      }
    >
      {ask.data ? (
        <p>
          “{ask.data.title}” stands among <AppLink to={paths.requests}>the requests</AppLink>. Others can add
          their vote, and you see the answer there and on Find.
        </p>
      ) : (
        <form
          id={formId}
          className={classes.request}
          onSubmit={(event) => {
            event.preventDefault();
            ask.mutate();
          }}
        >
          <TextInput
            label="What is missing"
            maxLength={longestTitle}
            data-autofocus
            value={title}
            error={errors.title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Textarea
            label="What would it have to say"
            description="Their words help most. Optional."
            autosize
            minRows={3}
            maxRows={10}
            maxLength={4000}
            value={details}
            error={errors.details}
            onChange={(event) => setDetails(event.currentTarget.value)}
          />
          <TextInput
            type="date"
            label="When you need it"
            description="Optional."
            value={dueOn}
            error={errors.dueOn}
            onChange={(event) => setDueOn(event.currentTarget.value)}
          />
          {terms.length > 0 && (
            <div>
              <p className={classes.requestFor}>For this situation</p>
              <TermChips terms={terms} limit={12} />
            </div>
          )}
          {problemBeside(ask.error, { title, details, dueOn }) ? <ProblemNote error={ask.error} /> : null}
        </form>
      )}
    </Sheet>
  );
}
