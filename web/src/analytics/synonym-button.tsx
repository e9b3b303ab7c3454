import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { notifyUndo } from '../ui/notify.tsx';
import { PopoverButton } from '../ui/popover-button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { OneTermSelect } from '../ui/term-select.tsx';
import { addSynonymForGap, type Gap } from './api.ts';
import classes from './gaps-page.module.css';

const longestWord = 80;

/** Teaches search what a word means: it becomes a synonym of a term. */
export function SynonymButton({ gap, onUndo }: { gap: Gap; onUndo: () => void }) {
  return (
    <PopoverButton
      label="Add as a synonym"
      aria-label={`Add as a synonym: ${gap.query}`}
      size="compact-sm"
      width={340}
    >
      {(close) => <SynonymForm gap={gap} onUndo={onUndo} onClose={close} />}
    </PopoverButton>
  );
}

interface SynonymFormProps {
  gap: Gap;
  onUndo: () => void;
  onClose: () => void;
}

function SynonymForm({ gap, onUndo, onClose }: SynonymFormProps) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const [word, setWord] = useState((gap.unknownWords[0] ?? gap.query).slice(0, longestWord));
  const [termId, setTermId] = useState<string | null>(gap.suggestedTerms[0]?.id ?? null);
  const mutation = useMutation({
    mutationFn: (chosen: string) => addSynonymForGap(gap.clusterKey, chosen, word.trim()),
    onSuccess: ({ synonym }) => {
      onClose();
      notifyUndo(`“${word.trim()}” means ${synonym?.term.name ?? 'the term'} from now on`, onUndo);
    },
  });
  return (
    <form
      className={classes.synonym}
      onSubmit={(event) => {
        event.preventDefault();
        if (termId && word.trim()) mutation.mutate(termId);
      }}
    >
      <TextInput
        label="When somebody types"
        data-autofocus
        value={word}
        maxLength={longestWord}
        onChange={(event) => setWord(event.currentTarget.value)}
      />
      <OneTermSelect
        label="they mean"
        dimensions={dimensions}
        suggested={gap.suggestedTerms}
        value={termId}
        onChange={setTermId}
      />
      {mutation.error && <ProblemNote error={mutation.error} />}
      <Button type="submit" size="sm" disabled={!termId || word.trim() === ''} loading={mutation.isPending}>
        Add the synonym
      </Button>
    </form>
  );
}
