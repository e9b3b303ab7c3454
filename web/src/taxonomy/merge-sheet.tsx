import { Button, Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { notifyDone } from '../ui/notify.tsx';
import { Sheet } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { type Dimension, mergeTerms, type Term } from './api.ts';
import classes from './taxonomy-page.module.css';

interface MergeSheetProps {
  term: Term;
  /** Chosen already, when two terms were found to say the same. */
  into?: Term | undefined;
  dimension: Dimension | undefined;
  onClose: () => void;
}

/** Two terms for the same thing become one; what will happen is said before it does. */
export function MergeSheet({ term, into: proposed, dimension, onClose }: MergeSheetProps) {
  const [intoId, setIntoId] = useState<string | null>(proposed?.id ?? null);
  const targets = (dimension?.terms ?? []).filter((other) => other.id !== term.id && !other.isRetired);
  const into = targets.find((other) => other.id === intoId);
  const mutation = useMutation({
    mutationFn: (target: Term) => mergeTerms(term.id, target.id),
    onSuccess: ({ term: kept, movedCount }) => {
      notifyDone(`${term.name} is now part of ${kept.name}, with ${plural(movedCount, 'asset')}`);
      onClose();
    },
  });
  return (
    <Sheet
      isOpen
      onClose={onClose}
      title={`Merge ${term.name}`}
      footer={
        <>
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button disabled={!into} loading={mutation.isPending} onClick={() => into && mutation.mutate(into)}>
            {into ? `Merge into ${into.name}` : 'Merge'}
          </Button>
        </>
      }
    >
      <div className={classes.merge}>
        <Select
          label="Merge into"
          placeholder="Choose the term that stays"
          searchable
          data-autofocus
          comboboxProps={{ withinPortal: false }}
          nothingFoundMessage="No other term to merge into."
          data={targets.map((other) => ({
            value: other.id,
            label: `${other.name}, ${plural(other.assetCount, 'asset')}`,
          }))}
          value={intoId}
          onChange={setIntoId}
        />
        {into && (
          <div className={classes.consequence} role="status">
            <p className={classes.consequenceTitle}>This is what happens</p>
            <ul>
              <li>
                {term.assetCount === 0
                  ? `No asset has ${term.name}, so no asset changes.`
                  : `${plural(term.assetCount, 'asset')} ${term.assetCount === 1 ? 'gets' : 'get'} ${into.name} instead of ${term.name}.`}
              </li>
              <li>
                {term.synonyms.length === 0
                  ? `${term.name} becomes a synonym of ${into.name}`
                  : `${term.name} and its ${plural(term.synonyms.length, 'synonym')} become synonyms of ${into.name}`}
                , so searches still find what they found.
              </li>
              <li>{term.name} is gone. This cannot be taken back.</li>
            </ul>
          </div>
        )}
        {mutation.error && <ProblemNote error={mutation.error} />}
      </div>
    </Sheet>
  );
}
