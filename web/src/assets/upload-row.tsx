import { ActionIcon, Button, Collapse, Progress, Textarea, TextInput, Tooltip } from '@mantine/core';
import { useInViewport } from '@mantine/hooks';
import { IconCheck, IconChevronDown, IconRefresh, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { ApiProblem } from '../lib/api.ts';
import { formatBytes, formatPercent } from '../lib/format.ts';
import { paths, uploadThumbnailPath } from '../lib/paths.ts';
import type { UploadInsight } from '../rendering/api.ts';
import type { Dimension } from '../taxonomy/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AssetStatusBadge, FileTypeIcon } from '../ui/badges.tsx';
import { describeProblem } from '../ui/problem-note.tsx';
import { TermSelect } from '../ui/term-select.tsx';
import insightClasses from './upload-insight.module.css';
import {
  insightFacts,
  SimilarNote,
  SuggestedTags,
  sameness,
  takesAdvice,
  useUploadInsight,
  VersionChoice,
} from './upload-insight.tsx';
import classes from './upload-panel.module.css';
import {
  cancelUpload,
  closeUploads,
  dismissUpload,
  editUpload,
  isUnfinished,
  needsDecision,
  retryUpload,
  type Upload,
} from './upload-queue.ts';

interface UploadRowProps {
  upload: Upload;
  dimensions: readonly Dimension[];
  /** Tags that every file of the batch gets. */
  batchTermIds: readonly string[];
}

/** One file: what it will be called, how far it is, what it is like, and what stands in its way. */
export function UploadRow({ upload, dimensions, batchTermIds }: UploadRowProps) {
  const { id, file, state, into } = upload;
  const [isOpen, setIsOpen] = useState(false);
  const { ref, inViewport } = useInViewport<HTMLLIElement>();
  const insight = useUploadInsight(upload, inViewport);
  const canEdit = isUnfinished(upload) && state !== 'adding' && !into;
  const isUndecided = needsDecision(upload);
  return (
    <li ref={ref} className={classes.row} data-state={state}>
      <Picture upload={upload} hasThumbnail={insight?.hasThumbnail ?? false} />
      <div className={classes.words}>
        <div className={classes.line}>
          {canEdit ? (
            <TextInput
              aria-label={`Title of ${file.name}`}
              size="xs"
              className={classes.title}
              value={upload.title}
              onChange={(event) => editUpload(id, { title: event.currentTarget.value })}
            />
          ) : (
            <span className={classes.name}>{nameOf(upload)}</span>
          )}
          {canEdit && (
            <Tooltip label={isOpen ? 'Fewer fields' : 'More fields'}>
              <ActionIcon
                size={28}
                aria-label={`More fields of ${file.name}`}
                aria-expanded={isOpen}
                onClick={() => setIsOpen((was) => !was)}
              >
                <IconChevronDown
                  size={16}
                  stroke={1.5}
                  className={classes.arrow}
                  data-open={isOpen || undefined}
                />
              </ActionIcon>
            </Tooltip>
          )}
          <RowAction upload={upload} />
        </div>
        <State upload={upload} insight={insight} />
        {isUndecided &&
          (upload.duplicates.length > 0 ? (
            <Duplicate upload={upload} />
          ) : (
            <SameName upload={upload} insight={insight} />
          ))}
        {!isUndecided && takesAdvice(upload) && insight && (
          <SimilarNote upload={upload} similar={insight.similar} />
        )}
        <VersionChoice upload={upload} />
        {takesAdvice(upload) && insight && (
          <SuggestedTags
            upload={upload}
            suggested={insight.suggestedTerms}
            dimensions={dimensions}
            givenIds={batchTermIds}
          />
        )}
        {canEdit && (
          <Collapse expanded={isOpen}>
            <div className={classes.fields}>
              <Textarea
                label="Use when"
                size="xs"
                autosize
                minRows={1}
                value={upload.useWhen}
                onChange={(event) => editUpload(id, { useWhen: event.currentTarget.value })}
              />
              <TermSelect
                label="Tags"
                size="xs"
                dimensions={dimensions}
                value={upload.termIds}
                onChange={(termIds) => editUpload(id, { termIds })}
              />
            </div>
          </Collapse>
        )}
      </div>
    </li>
  );
}

function Picture({ upload, hasThumbnail }: { upload: Upload; hasThumbnail: boolean }) {
  const { file, uploadTicket } = upload;
  const [isBroken, setIsBroken] = useState(false);
  if (!hasThumbnail || !uploadTicket || isBroken)
    return <FileTypeIcon mediaType={file.type} fileName={file.name} size="small" />;
  return (
    <img
      src={uploadThumbnailPath(uploadTicket)}
      alt=""
      className={insightClasses.picture}
      onError={() => setIsBroken(true)}
    />
  );
}

function nameOf({ file, into, asset, title }: Upload): string {
  if (into) return `${file.name}, next version of “${into.title}”`;
  return asset?.title ?? (title || file.name);
}

/** What the file itself is refused for is the same at the next try. */
function isRefused(problem: unknown): boolean {
  return problem instanceof ApiProblem && (problem.status === 413 || problem.status === 422);
}

function RowAction({ upload }: { upload: Upload }) {
  const { id, file, state } = upload;
  if (state === 'added') return null;
  if (state === 'failed' || state === 'cancelled')
    return (
      <>
        {!isRefused(upload.problem) && (
          <Button
            size="compact-xs"
            variant="default"
            leftSection={<IconRefresh size={14} stroke={1.5} aria-hidden />}
            aria-label={`Try again: ${file.name}`}
            onClick={() => retryUpload(id)}
          >
            Try again
          </Button>
        )}
        <Tooltip label="Take off the list">
          <ActionIcon
            size={28}
            aria-label={`Take ${file.name} off the list`}
            onClick={() => dismissUpload(id)}
          >
            <IconX size={16} stroke={1.5} />
          </ActionIcon>
        </Tooltip>
      </>
    );
  const label = state === 'sent' ? 'Leave out' : 'Cancel';
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={28}
        aria-label={`${label}: ${file.name}`}
        disabled={state === 'adding'}
        onClick={() => cancelUpload(id)}
      >
        <IconX size={16} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
}

function State({ upload, insight }: { upload: Upload; insight: UploadInsight | undefined }) {
  const { state, file, progress, asset } = upload;
  const size = formatBytes(file.size);
  if (state === 'sending')
    return (
      <div className={classes.progress}>
        <Progress
          value={progress * 100}
          size={4}
          aria-label={`${file.name}, sent`}
          transitionDuration={120}
          className={classes.bar}
        />
        <span className={classes.facts}>
          {progress >= 1 ? `Checking ${size}` : `${formatPercent(progress)} of ${size}`}
        </span>
      </div>
    );
  if (state === 'failed') {
    const { title, detail } = describeProblem(upload.problem);
    return (
      <p className={classes.fault} role="alert">
        <strong>{title}.</strong> {detail}
      </p>
    );
  }
  const isUnread =
    (state === 'sent' || state === 'added') && insight?.state === 'failed' && insight.reason !== null;
  if (state === 'added' && asset)
    return (
      <>
        <p className={classes.facts}>
          <IconCheck size={14} stroke={2} className={classes.tick} aria-hidden />
          {upload.into ? `Version ${asset.versionNumber.toString()} added. ` : 'Added. '}
          <AppLink to={paths.asset(asset.id)} onClick={closeUploads}>
            Open
          </AppLink>
          <AssetStatusBadge status={asset.status} />
        </p>
        {isUnread && <p className={classes.warning}>{insight.reason}</p>}
      </>
    );
  const words = {
    waiting: `Waits for its turn, ${size}`,
    sent: upload.typeWarning ? size : `Arrived, ${size}`,
    adding: 'Adding',
    cancelled: 'Left out',
    added: 'Added',
  }[state];
  const facts = state === 'sent' ? insightFacts(insight) : '';
  return (
    <>
      <p className={classes.facts}>{facts ? `${words}, ${facts}` : words}</p>
      {isUnread && <p className={classes.warning}>{insight.reason}</p>}
      {upload.typeWarning && state !== 'cancelled' && <p className={classes.warning}>{upload.typeWarning}</p>}
    </>
  );
}

function Duplicate({ upload }: { upload: Upload }) {
  const { id, duplicates } = upload;
  const [first] = duplicates;
  if (!first) return null;
  return (
    <fieldset className={classes.question} aria-label="This file is here already">
      <p>
        Already in the library as{' '}
        <AppLink to={paths.asset(first.assetId)} className={classes.link} onClick={closeUploads}>
          {first.title}
        </AppLink>
        {duplicates.length > 1 && ` and ${(duplicates.length - 1).toString()} more`}.
      </p>
      <div className={classes.answers}>
        <Button size="compact-xs" variant="default" onClick={() => cancelUpload(id)}>
          Leave it out
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => editUpload(id, { into: first })}>
          Make it the newest version of it
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => editUpload(id, { allowsDuplicate: true })}>
          Add a second asset
        </Button>
      </div>
    </fieldset>
  );
}

function SameName({ upload, insight }: { upload: Upload; insight: UploadInsight | undefined }) {
  const { id, sameName } = upload;
  if (!sameName) return null;
  const alike = insight?.similar.find((asset) => asset.assetId === sameName.assetId);
  return (
    <fieldset className={classes.question} aria-label="An asset has a file of this name">
      <p>
        <AppLink to={paths.asset(sameName.assetId)} className={classes.link} onClick={closeUploads}>
          {sameName.title}
        </AppLink>{' '}
        has a file of this name with other content.
        {alike && ` ${sameness(alike.similarity)} the same.`}
      </p>
      <div className={classes.answers}>
        <Button size="compact-xs" variant="default" onClick={() => editUpload(id, { into: sameName })}>
          Add as its next version
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => editUpload(id, { allowsDuplicate: true })}>
          Add as an asset of its own
        </Button>
      </div>
    </fieldset>
  );
}
