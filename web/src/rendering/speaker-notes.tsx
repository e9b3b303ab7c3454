import { CloseButton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { Wanted } from '../lib/marks.ts';
import { pageTextQuery } from '../lib/page-text.ts';
import { MarkedText } from '../ui/marked-text.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import classes from './reading-page.module.css';

interface SpeakerNotesProps {
  assetVersionId: string;
  pageNumber: number;
  wanted: Wanted;
  onClose: () => void;
}

/** What the speaker says to the page that is read; prospects never see it. */
export function SpeakerNotes({ assetVersionId, pageNumber, wanted, onClose }: SpeakerNotesProps) {
  const text = useQuery(pageTextQuery(assetVersionId, pageNumber));
  return (
    <aside className={classes.notes} aria-label="Speaker notes">
      <div className={classes.notesHead}>
        <h2>Speaker notes, page {pageNumber}</h2>
        <CloseButton size="sm" aria-label="Close the speaker notes" onClick={onClose} />
      </div>
      {text.error && <ProblemNote error={text.error} onRetry={() => void text.refetch()} />}
      {text.isPending && <SkeletonText lines={4} />}
      {text.data && (
        <p className={text.data.notes.trim() ? classes.notesText : 'quiet'}>
          {text.data.notes.trim() ? (
            <MarkedText text={text.data.notes} wanted={wanted} />
          ) : (
            'There are no notes to this page.'
          )}
        </p>
      )}
      <p className={classes.notesHint}>For you, never for prospects.</p>
    </aside>
  );
}
