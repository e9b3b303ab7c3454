import { Button, Select, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { PopoverButton } from '../ui/popover-button.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import classes from './aging.module.css';
import { answerFlags, type FlagAnswerKind, type FlaggedAsset, takeAnswerBack } from './api.ts';

const kinds: { value: FlagAnswerKind; label: string }[] = [
  { value: 'fixed', label: 'It is fixed' },
  { value: 'still_right', label: 'It is still right' },
  { value: 'answered', label: 'Another answer' },
];

/** One sentence for everybody who said that it is wrong or outdated. */
export function AnswerButton({ asset }: { asset: FlaggedAsset }) {
  return (
    <PopoverButton
      label="Answer"
      aria-label={`Answer about ${asset.title}`}
      about={`Answer about ${asset.title}`}
      size="compact-sm"
      width={320}
    >
      {(close) => <AnswerForm asset={asset} onDone={close} />}
    </PopoverButton>
  );
}

function AnswerForm({ asset, onDone }: { asset: FlaggedAsset; onDone: () => void }) {
  const [kind, setKind] = useState<FlagAnswerKind>('fixed');
  const [sentence, setSentence] = useState('');
  const mutation = useMutation({
    mutationFn: () => answerFlags(asset.assetId, kind, sentence.trim()),
    onSuccess: (answer) => {
      onDone();
      notifyUndo('Answered', () => takeAnswerBack(answer.id).catch(notifyProblem));
    },
  });
  return (
    <form
      className={classes.field}
      onSubmit={(event) => {
        event.preventDefault();
        if (sentence.trim() !== '') mutation.mutate();
      }}
    >
      <Select
        label="What became of it"
        size="xs"
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        data={kinds}
        value={kind}
        onChange={(value) => setKind(value ?? 'fixed')}
      />
      <Textarea
        label="In a sentence"
        description="Stands on the page of the asset for whoever said it."
        size="xs"
        autosize
        minRows={2}
        maxRows={5}
        maxLength={500}
        data-autofocus
        value={sentence}
        onChange={(event) => setSentence(event.currentTarget.value)}
      />
      {mutation.error && <ProblemNote error={mutation.error} />}
      <Button type="submit" size="xs" loading={mutation.isPending} disabled={sentence.trim() === ''}>
        Answer
      </Button>
    </form>
  );
}
