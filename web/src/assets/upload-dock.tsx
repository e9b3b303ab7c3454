import { CloseButton, UnstyledButton } from '@mantine/core';
import { formatPercent, plural } from '../lib/format.ts';
import classes from './upload-dock.module.css';
import { UploadPanel } from './upload-panel.tsx';
import {
  clearFinished,
  isUnfinished,
  needsDecision,
  openUploads,
  type Upload,
  useUploads,
} from './upload-queue.ts';

/** Uploads go on while somebody looks at other pages; this says how far they are and leads back to them. */
export function UploadDock() {
  const { uploads, isOpen } = useUploads();
  if (uploads.length === 0 && !isOpen) return null;
  if (isOpen) return <UploadPanel />;
  const { words, tone, share } = describe(uploads);
  return (
    <aside className={classes.dock} aria-label="Uploads" data-tone={tone}>
      <UnstyledButton className={classes.open} onClick={openUploads}>
        <span className={classes.words} role="status">
          {words}
        </span>
        <span className={classes.track} aria-hidden="true">
          <span style={{ width: `${(share * 100).toString()}%` }} />
        </span>
      </UnstyledButton>
      {!uploads.some(isUnfinished) && (
        <CloseButton
          size="sm"
          aria-label="Clear the uploads"
          onClick={clearFinished}
          className={classes.close}
        />
      )}
    </aside>
  );
}

function describe(uploads: readonly Upload[]): {
  words: string;
  tone: 'plain' | 'look' | 'broken';
  share: number;
} {
  const counted = uploads.filter((upload) => upload.state !== 'cancelled');
  const bytes = counted.reduce((sum, upload) => sum + upload.file.size, 0);
  const sent = counted.reduce((sum, upload) => sum + upload.file.size * upload.progress, 0);
  const share = bytes > 0 ? sent / bytes : 1;
  const many = (state: (upload: Upload) => boolean) => counted.filter(state).length;
  const moving = many((upload) => upload.state === 'waiting' || upload.state === 'sending');
  if (moving > 0)
    return { words: `Uploading ${plural(moving, 'file')}, ${formatPercent(share)}`, tone: 'plain', share };
  const failed = many((upload) => upload.state === 'failed');
  if (failed > 0) return { words: `${plural(failed, 'file')} failed`, tone: 'broken', share };
  const undecided = many(needsDecision);
  if (undecided > 0)
    return {
      words: `${plural(undecided, 'file')} ${undecided === 1 ? 'is' : 'are'} here already`,
      tone: 'look',
      share,
    };
  const waiting = many((upload) => upload.state === 'sent');
  if (waiting > 0) return { words: `${plural(waiting, 'file')} to add`, tone: 'look', share };
  return {
    words: `${plural(
      many((upload) => upload.state === 'added'),
      'file',
    )} added`,
    tone: 'plain',
    share: 1,
  };
}
