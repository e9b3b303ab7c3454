import { Button, Progress } from '@mantine/core';
import type { Rendition } from '@offshelf/server/contract/rendering';
import { IconAlertTriangle, IconRefresh } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { formatLanguage, formatNumber, plural } from '../lib/format.ts';
import classes from './rendition-note.module.css';

export interface Retrying {
  /** Absent where this user can't do it. */
  retry?: (() => void) | undefined;
  isRetrying: boolean;
}

interface RenditionNoteProps extends Retrying {
  rendition: Rendition;
  isWebLink: boolean;
  /** Set when the content is not what the name says. */
  typeWarning: string | null;
}

/** How far the pages of a version are, in words; nothing once they are there. Why a web link fails stands with the link. */
export function RenditionNote({ rendition, isWebLink, typeWarning, retry, isRetrying }: RenditionNoteProps) {
  const { state, reason, canRetry, isBeingRenewed } = rendition;
  return (
    <>
      {typeWarning && <Caution>{typeWarning}</Caution>}
      {state === 'queued' && (
        <p className={classes.quiet} role="status">
          {isWebLink
            ? 'The page is read in a moment. What it says shows here by itself.'
            : 'Waiting to be rendered. The pages show here by themselves.'}
        </p>
      )}
      {state === 'running' && <Running rendition={rendition} isWebLink={isWebLink} />}
      {state === 'failed' && !rendition.webPage?.fault && (
        <Caution
          action={
            retry &&
            canRetry && (
              <Button
                size="compact-xs"
                variant="default"
                loading={isRetrying}
                leftSection={<IconRefresh size={14} stroke={1.5} aria-hidden />}
                onClick={retry}
              >
                Try again
              </Button>
            )
          }
        >
          {reason ?? (isWebLink ? 'The page could not be read.' : 'The pages could not be rendered.')}
        </Caution>
      )}
      {state === 'done' && reason && <Caution>{reason}</Caution>}
      {state === 'done' && isBeingRenewed && (
        <p className={classes.quiet} role="status">
          It is being rendered anew. Until that is done you see the rendition from before.
        </p>
      )}
    </>
  );
}

function Running({ rendition, isWebLink }: { rendition: Rendition; isWebLink: boolean }) {
  const { pageCount, renderedPageCount } = rendition;
  if (isWebLink || pageCount < 2)
    return (
      <p className={classes.quiet} role="status">
        {isWebLink ? 'The page is being read.' : 'Being rendered. It shows here by itself.'}
      </p>
    );
  const next = Math.min(pageCount, renderedPageCount + 1);
  return (
    <div className={classes.running}>
      <p role="status">
        Rendering page {formatNumber(next)} of {formatNumber(pageCount)}
      </p>
      <Progress
        value={(renderedPageCount / pageCount) * 100}
        size={4}
        aria-label="Pages rendered"
        transitionDuration={180}
        className={classes.bar}
      />
    </div>
  );
}

function Caution({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className={classes.caution} role="status">
      <IconAlertTriangle size={16} stroke={1.75} aria-hidden />
      <p>{children}</p>
      {action}
    </div>
  );
}

/** "1,204 words, about 5 minutes to read, German"; empty where there is nothing to read. */
export function lengthWords(rendition: Rendition): string {
  const { wordCount, pages, language } = rendition;
  if (wordCount === 0) return '';
  const minutes = Math.max(1, Math.round(pages.reduce((sum, page) => sum + page.expectedMs, 0) / 60_000));
  const words = [plural(wordCount, 'word'), `about ${plural(minutes, 'minute')} to read`];
  const spoken = formatLanguage(language);
  return [...words, ...(spoken ? [spoken] : [])].join(', ');
}
