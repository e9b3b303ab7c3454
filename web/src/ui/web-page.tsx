import { Button } from '@mantine/core';
import type { Rendition } from '@offshelf/server/contract/rendering';
import { IconExternalLink, IconRefresh, IconWorld } from '@tabler/icons-react';
import { useState } from 'react';
import { formatDay } from '../lib/format.ts';
import { pageImagePath } from '../lib/paths.ts';
import { StatusBadge } from './badges.tsx';
import type { Retrying } from './rendition-note.tsx';
import classes from './web-page.module.css';
import { DateText } from './words.tsx';

interface WebPageProps extends Retrying {
  assetVersionId: string;
  /** Null until the whole asset is known. */
  url: string | null;
  rendition: Rendition | undefined;
}

/** The page behind a web link as it was last read: its picture, what it says of itself, and whether it still opens. */
export function WebPage({ assetVersionId, url, rendition, retry, isRetrying }: WebPageProps) {
  const page = rendition?.webPage;
  const [isBroken, setIsBroken] = useState(false);
  const hasPicture = rendition?.hasThumbnail && !isBroken;
  const isAtWork = rendition?.state === 'queued' || rendition?.state === 'running';
  const address = page?.url ?? url;
  return (
    <div className={classes.page}>
      <div className={classes.picture} data-waiting={(isAtWork && !hasPicture) || undefined}>
        {hasPicture ? (
          <img src={pageImagePath(assetVersionId, 1, 'small')} alt="" onError={() => setIsBroken(true)} />
        ) : (
          <IconWorld size={36} stroke={1.25} aria-hidden />
        )}
      </div>
      <div className={classes.words}>
        {page?.fault && (
          <p className={classes.fault} role="status">
            <StatusBadge tone="look">Does not open</StatusBadge>{' '}
            {page.failedSince ? `Since ${formatDay(page.failedSince)}: ` : ''}
            {page.fault}
          </p>
        )}
        <p className={classes.title}>{page?.title || hostOf(address)}</p>
        {page?.description && <p className={classes.description}>{page.description}</p>}
        {address && <p className={classes.address}>{address}</p>}
        <div className={classes.foot}>
          {address && (
            <Button
              component="a"
              href={address}
              target="_blank"
              rel="noopener noreferrer"
              variant="default"
              size="xs"
              rightSection={<IconExternalLink size={14} stroke={1.5} aria-hidden />}
            >
              Open {hostOf(address)}
            </Button>
          )}
          {retry && (
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              loading={isRetrying}
              disabled={isAtWork}
              leftSection={<IconRefresh size={14} stroke={1.5} aria-hidden />}
              onClick={retry}
            >
              Refresh
            </Button>
          )}
          {page && (
            <span className="quiet">
              last checked <DateText date={page.checkedAt} />
            </span>
          )}
        </div>
      </div>
    </div>
  );
}

function hostOf(url: string | null): string {
  return url && URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : 'the page';
}
