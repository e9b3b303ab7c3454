import { Button, FileButton, Progress, TextInput } from '@mantine/core';
import { IconDownload, IconEye, IconUpload } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes, formatFileType, formatPercent, plural } from '../lib/format.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { describeProblem, ProblemNote } from '../ui/problem-note.tsx';
import { DateText } from '../ui/words.tsx';
import { type Asset, type AssetVersion, fileUrl } from './api.ts';
import classes from './asset-page.module.css';
import {
  addFiles,
  cancelUpload,
  dismissUpload,
  retryUpload,
  type Upload,
  useUploads,
} from './upload-queue.ts';

interface VersionsProps {
  asset: Asset;
  canEdit: boolean;
  shownId: string;
  onShow: (version: AssetVersion) => void;
  onAddWebAddress: (url: string) => Promise<void>;
}

/** Every upload there was, newest first; opening an old one shows it in the preview. */
export function AssetVersions({ asset, canEdit, shownId, onShow, onAddWebAddress }: VersionsProps) {
  return (
    <section aria-label="Versions" className={classes.side}>
      <div className={classes.sideHead}>
        <h2 className={classes.label}>Versions</h2>
        {canEdit && asset.kind === 'file' && <AddFileVersion asset={asset} />}
      </div>
      {canEdit && <Arriving assetId={asset.id} />}
      <ol className={classes.versions}>
        {asset.versions.map((version) => (
          <li key={version.id} className={classes.version} data-shown={version.id === shownId || undefined}>
            <div className={classes.versionWords}>
              <span className={classes.versionName}>
                Version {version.number}
                {version.id === asset.versionId && <span className="quiet"> current</span>}
              </span>
              <span className={classes.versionFacts}>
                {version.url ?? formatFileType(version.mediaType, version.fileName)}
                {version.sizeBytes !== null && `, ${formatBytes(version.sizeBytes)}`}
                {', '}
                <DateText date={version.createdAt} />
                {version.createdByName && ` by ${version.createdByName}`}
              </span>
              <VersionState version={version} />
            </div>
            {version.id !== shownId && (
              <Button
                size="compact-xs"
                variant="subtle"
                color="gray"
                leftSection={<IconEye size={14} stroke={1.5} aria-hidden />}
                aria-label={`Show version ${version.number.toString()}`}
                onClick={() => onShow(version)}
              >
                Show
              </Button>
            )}
            {version.url === null && version.id !== asset.versionId && (
              <Button
                component="a"
                href={fileUrl(asset.id, { versionId: version.id, asDownload: true })}
                download
                size="compact-xs"
                variant="subtle"
                color="gray"
                leftSection={<IconDownload size={14} stroke={1.5} aria-hidden />}
                aria-label={`Download version ${version.number.toString()}`}
              >
                Download
              </Button>
            )}
          </li>
        ))}
      </ol>
      {canEdit && asset.kind === 'web_link' && <AddressForm current={asset.url} onAdd={onAddWebAddress} />}
    </section>
  );
}

/** How far the pages of a version are, in a word or two. */
function VersionState({ version }: { version: AssetVersion }) {
  const { renditionState, renditionReason, pageCount, typeWarning } = version;
  return (
    <>
      {typeWarning && (
        <StatusBadge tone="look" hint={typeWarning}>
          Other type
        </StatusBadge>
      )}
      {renditionState === 'queued' && <span className={classes.versionFacts}>Waiting to be rendered</span>}
      {renditionState === 'running' && <span className={classes.versionFacts}>Being rendered</span>}
      {renditionState === 'failed' && (
        <StatusBadge tone="look" {...(renditionReason && { hint: renditionReason })}>
          {version.url === null ? 'No pages' : 'Does not open'}
        </StatusBadge>
      )}
      {renditionState === 'done' && pageCount > 1 && (
        <span className={classes.versionFacts}>{plural(pageCount, 'page')}</span>
      )}
    </>
  );
}

function AddFileVersion({ asset }: { asset: Asset }) {
  return (
    <FileButton
      onChange={(file) => file && addFiles([file], { assetId: asset.id, title: asset.title })}
      inputProps={{ 'aria-label': 'File of the new version' }}
    >
      {(props) => (
        <Button
          {...props}
          size="compact-xs"
          variant="default"
          leftSection={<IconUpload size={14} stroke={1.5} aria-hidden />}
        >
          Add new version
        </Button>
      )}
    </FileButton>
  );
}

/** The new versions of this asset that are on their way; done ones are in the list by then. */
function Arriving({ assetId }: { assetId: string }) {
  const { uploads } = useUploads();
  const mine = uploads.filter(
    (upload) => upload.into?.assetId === assetId && upload.state !== 'added' && upload.state !== 'cancelled',
  );
  return mine.map((upload) => <ArrivingVersion key={upload.id} upload={upload} />);
}

function ArrivingVersion({ upload }: { upload: Upload }) {
  const { id, file, state, progress } = upload;
  if (state === 'failed') {
    const { title, detail } = describeProblem(upload.problem);
    return (
      <div className={classes.arriving} role="alert">
        <p className={classes.fault}>
          <strong>{title}.</strong> {detail}
        </p>
        <div className={classes.row}>
          <Button size="compact-xs" variant="default" onClick={() => retryUpload(id)}>
            Try again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => dismissUpload(id)}>
            Leave it
          </Button>
        </div>
      </div>
    );
  }
  return (
    <div className={classes.arriving}>
      <div className={classes.arrivingLine}>
        <span className={classes.arrivingName}>{file.name}</span>
        <span className="quiet">{progress >= 1 ? 'Checking' : formatPercent(progress)}</span>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => cancelUpload(id)}>
          Cancel
        </Button>
      </div>
      <Progress value={progress * 100} size={4} aria-label={`${file.name}, sent`} transitionDuration={120} />
    </div>
  );
}

function AddressForm({ current, onAdd }: { current: string | null; onAdd: (url: string) => Promise<void> }) {
  const [isOpen, setIsOpen] = useState(false);
  const [url, setUrl] = useState(current ?? '');
  const mutation = useMutation({ mutationFn: onAdd, onSuccess: () => setIsOpen(false) });
  if (!isOpen)
    return (
      <Button size="compact-xs" variant="default" mt="xs" onClick={() => setIsOpen(true)}>
        Change the address
      </Button>
    );
  return (
    <form
      className={classes.stack}
      onSubmit={(event) => {
        event.preventDefault();
        mutation.mutate(url.trim());
      }}
    >
      <TextInput
        label="Web address of the next version"
        type="url"
        autoFocus
        value={url}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      {mutation.error && <ProblemNote error={mutation.error} />}
      <div className={classes.row}>
        <Button
          type="submit"
          size="xs"
          loading={mutation.isPending}
          disabled={url.trim() === (current ?? '')}
        >
          Add version
        </Button>
        <Button size="xs" variant="subtle" color="gray" onClick={() => setIsOpen(false)}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
