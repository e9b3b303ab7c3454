import { Button, SegmentedControl } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { useSession } from '../auth/api.ts';
import { formatBytes, formatList, plural } from '../lib/format.ts';
import { type Dimension, dimensionsQuery } from '../taxonomy/api.ts';
import { Sheet } from '../ui/panels.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import type { Audience } from './api.ts';
import { readChosen } from './file-drop.tsx';
import classes from './upload-panel.module.css';
import {
  addAll,
  addFiles,
  type BatchFields,
  clearFinished,
  closeUploads,
  editBatch,
  isUnfinished,
  needsDecision,
  type Upload,
  useUploads,
} from './upload-queue.ts';
import { UploadRow } from './upload-row.tsx';

const noDimensions: Dimension[] = [];

/** The files of this batch, what all of them get, and the one button that adds them. */
export function UploadPanel() {
  const { uploads, batch } = useUploads();
  const { maxUploadBytes } = useSession();
  const dimensions = useQuery(dimensionsQuery).data?.items ?? noDimensions;
  const chooser = useRef<HTMLInputElement>(null);
  const isDone =
    uploads.length > 0 && !uploads.some((upload) => isUnfinished(upload) || upload.state === 'failed');
  return (
    <Sheet
      isOpen
      onClose={closeUploads}
      title={isDone ? 'Uploaded' : 'Upload files'}
      size={600}
      footer={<Footer uploads={uploads} status={batch.status} />}
    >
      <input
        ref={chooser}
        type="file"
        multiple
        hidden
        onChange={(event) => {
          addFiles(readChosen(event.currentTarget.files).map(({ file }) => file));
          event.currentTarget.value = '';
        }}
      />
      {!isDone && (
        <div className={classes.batch}>
          <Choice
            label="When they have arrived"
            data={[
              { value: 'draft', label: 'Keep as drafts' },
              { value: 'published', label: 'Publish now' },
            ]}
            value={batch.status}
            onChange={(status) => editBatch({ status: status as BatchFields['status'] })}
          />
          <Choice
            label="Audience"
            data={[
              { value: 'internal', label: 'Internal only' },
              { value: 'external', label: 'For buyers' },
            ]}
            value={batch.audience}
            onChange={(audience) => editBatch({ audience: audience as Audience })}
          />
          <TermSelect
            label="Tags for all of them"
            className={classes.terms}
            placeholder={batch.termIds.length === 0 ? 'Persona, stage, content type …' : ''}
            dimensions={dimensions}
            value={batch.termIds}
            onChange={(termIds) => editBatch({ termIds })}
          />
        </div>
      )}
      <ul className={classes.list} aria-label="Files">
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} dimensions={dimensions} batchTermIds={batch.termIds} />
        ))}
      </ul>
      <div className={classes.more}>
        <Button
          variant="subtle"
          size="xs"
          leftSection={<IconPlus size={15} stroke={1.75} aria-hidden />}
          onClick={() => chooser.current?.click()}
        >
          Choose more files
        </Button>
        <span className="quiet">
          Up to {formatBytes(maxUploadBytes)} each. You can close this, they go on.
        </span>
      </div>
    </Sheet>
  );
}

interface ChoiceProps {
  label: string;
  data: { value: string; label: string }[];
  value: string;
  onChange: (value: string) => void;
}

function Choice({ label, ...props }: ChoiceProps) {
  return (
    <div className={classes.choice}>
      <span className={classes.label} aria-hidden="true">
        {label}
      </span>
      <SegmentedControl aria-label={label} {...props} />
    </div>
  );
}

function Footer({ uploads, status }: { uploads: readonly Upload[]; status: BatchFields['status'] }) {
  // What was sent as a version of an asset adds itself.
  const open = uploads.filter((upload) => isUnfinished(upload) && !(upload.into && upload.isWanted));
  const unasked = open.filter((upload) => !upload.isWanted && !needsDecision(upload));
  const undecided = uploads.filter(needsDecision).length;
  const close = () => {
    closeUploads();
    clearFinished();
  };
  if (open.length === 0)
    return (
      <Button variant="default" onClick={close}>
        Close
      </Button>
    );
  const verb = status === 'published' ? 'Publish' : 'Add';
  const isMoving = open.some((upload) => upload.state === 'waiting' || upload.state === 'sending');
  return (
    <>
      <span className={classes.note} role="status">
        {undecided > 0
          ? `${plural(undecided, 'file')} ${undecided === 1 ? 'waits' : 'wait'} for your decision.`
          : unasked.length === 0
            ? 'Each is added as it arrives.'
            : isMoving
              ? 'You need not wait: each is added as it arrives.'
              : null}
      </span>
      <Button onClick={addAll} disabled={unasked.length === 0}>
        {unasked.length === 0 ? verb : `${verb} ${countedWords(unasked)}`}
      </Button>
    </>
  );
}

/** "2 assets and 1 version" */
function countedWords(uploads: readonly Upload[]): string {
  const versions = uploads.filter((upload) => upload.into).length;
  const assets = uploads.length - versions;
  return formatList([
    ...(assets > 0 ? [plural(assets, 'asset')] : []),
    ...(versions > 0 ? [plural(versions, 'version')] : []),
  ]);
}
