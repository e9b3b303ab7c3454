import { Button, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { plural } from '../lib/format.ts';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { describeProblem } from '../ui/problem-note.tsx';
import { useReordering } from '../ui/use-reordering.ts';
import { addTerm, type Dimension, type DimensionKey, moveTerms, type Term } from './api.ts';
import classes from './taxonomy-page.module.css';
import { TermRow } from './term-row.tsx';

const examples: Record<DimensionKey, string> = {
  persona: 'such as “Security lead” or “Head of finance”',
  stage: 'such as “Discovery” or “Evaluation”',
  objection: 'such as “Too expensive” or “We build it ourselves”',
  industry: 'such as “Insurance”',
  region: 'such as “Nordics”',
  product: 'such as the names on your price list',
  language: 'such as “English”',
  content_type: 'such as “Case study” or “Battlecard”',
};

interface DimensionSectionProps {
  dimension: Dimension;
  onMerge: (term: Term) => void;
}

/** One dimension: what it is for, its terms in order, and a line to add one. */
export function DimensionSection({ dimension, onMerge }: DimensionSectionProps) {
  const { key, name, description, isMultiple } = dimension;
  const terms = dimension.terms.filter((term) => !term.isRetired);
  const retired = dimension.terms.filter((term) => term.isRetired);
  const [isShowingRetired, setIsShowingRetired] = useState(false);
  return (
    <section id={key} aria-labelledby={`${key}-heading`} className={classes.section}>
      <header className={classes.sectionHead}>
        <h2 id={`${key}-heading`} className={classes.heading}>
          {name}
        </h2>
        <p className={classes.lead}>
          {description} {isMultiple ? '' : 'An asset has one.'}
        </p>
      </header>
      {terms.length === 0 ? (
        <p className={classes.none}>No terms yet, {examples[key]}.</p>
      ) : (
        <OrderedTerms dimension={dimension} terms={terms} onMerge={onMerge} />
      )}
      <AddTerm dimension={dimension} />
      {retired.length > 0 && (
        <>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            aria-expanded={isShowingRetired}
            onClick={() => setIsShowingRetired((was) => !was)}
          >
            {isShowingRetired ? 'Hide retired terms' : `${plural(retired.length, 'retired term')}`}
          </Button>
          {isShowingRetired && (
            <ul className={classes.list} aria-label={`Retired terms of ${name}`}>
              {retired.map((term) => (
                <TermRow key={term.id} term={term} onMerge={onMerge} />
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

interface OrderedTermsProps extends DimensionSectionProps {
  terms: readonly Term[];
}

/** A handle moves its row by dragging, or by the arrow keys while it has the focus. */
function OrderedTerms({ dimension, terms, onMerge }: OrderedTermsProps) {
  const move = async (moved: readonly Term[], term: Term, canUndo: boolean) => {
    const before = dimension.terms.map(({ id }) => id);
    const retiredIds = dimension.terms.filter(({ isRetired }) => isRetired).map(({ id }) => id);
    try {
      await moveTerms(dimension.key, [...moved.map(({ id }) => id), ...retiredIds]);
      if (canUndo)
        notifyUndo(`${term.name} moved`, () => moveTerms(dimension.key, before).catch(notifyProblem));
    } catch (error) {
      notifyProblem(error);
    }
  };
  const { list, shown, draggedKey, said, handleOf } = useReordering({
    items: terms,
    keyOf: ({ id }) => id,
    nameOf: ({ name }) => name,
    onMove: (moved, term, how) => move(moved, term, how === 'dragged'),
  });
  return (
    <>
      <ul ref={list} className={classes.list} aria-label={`Terms of ${dimension.name}`}>
        {shown.map((term, index) => (
          <TermRow
            key={term.id}
            term={term}
            onMerge={onMerge}
            isDragged={draggedKey === term.id}
            handle={handleOf(term, index)}
          />
        ))}
      </ul>
      <span role="status" className="only-heard">
        {said}
      </span>
    </>
  );
}

function AddTerm({ dimension }: { dimension: Dimension }) {
  const [name, setName] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const mutation = useMutation({
    mutationFn: (wanted: string) => addTerm(dimension.key, { name: wanted }),
    onSuccess: () => {
      setName('');
      input.current?.focus();
    },
  });
  return (
    <form
      className={classes.add}
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim()) mutation.mutate(name.trim());
      }}
    >
      <TextInput
        ref={input}
        aria-label={`New ${dimension.name.toLowerCase()}`}
        placeholder={`Add a term to ${dimension.name.toLowerCase()}`}
        maxLength={80}
        size="xs"
        className={classes.addInput}
        leftSection={<IconPlus size={15} stroke={1.5} aria-hidden />}
        value={name}
        error={mutation.error ? describeProblem(mutation.error).detail : undefined}
        onChange={(event) => {
          setName(event.currentTarget.value);
          if (mutation.error) mutation.reset();
        }}
      />
      {name.trim() !== '' && (
        <Button type="submit" size="xs" loading={mutation.isPending}>
          Add
        </Button>
      )}
    </form>
  );
}
