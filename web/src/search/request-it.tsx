import { Button } from '@mantine/core';
import { IconMessagePlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRequesting } from '../ui/requesting.tsx';
import { dimensionsQuery, type Question, type SearchAnswer } from './api.ts';
import { describeQuestion } from './question-words.ts';
import classes from './results.module.css';

interface RequestItProps {
  first: SearchAnswer;
  asked: Question;
  /** A word in a sentence rather than the thing to do. */
  isQuiet?: boolean;
}

const longestTitle = 200;
const longestDetails = 4000;
const mostTerms = 50;

/** Asks marketing for what is missing, filled in from the question. */
export function RequestIt({ first, asked, isQuiet = false }: RequestItProps) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const requesting = useRequesting();
  const ask = () => {
    const wanted = new Set([
      ...asked.filters.termIds,
      ...first.understanding.terms.map(({ term }) => term.id),
    ]);
    const terms = dimensions.flatMap((dimension) => dimension.terms).filter(({ id }) => wanted.has(id));
    const isMessage = asked.query.includes('\n') || asked.query.length > longestTitle;
    const title = isMessage
      ? terms.map(({ name }) => name).join(', ')
      : asked.query || describeQuestion(asked, dimensions, longestTitle);
    requesting.open({
      title: title.slice(0, longestTitle),
      details: isMessage ? asked.query.slice(0, longestDetails) : '',
      termIds: terms.map(({ id }) => id).slice(0, mostTerms),
      searchId: first.searchId,
    });
  };
  return isQuiet ? (
    <button type="button" className={classes.asLink} onClick={ask}>
      Request it from marketing
    </button>
  ) : (
    <Button leftSection={<IconMessagePlus size={16} stroke={1.5} aria-hidden />} onClick={ask}>
      Request it
    </Button>
  );
}
