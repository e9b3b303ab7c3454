import { IconLock } from '@tabler/icons-react';
import { formatBytes, formatDay, formatFileType, initials, plural } from '../lib/format.ts';
import { isAtWork } from '../lib/live.ts';
import type { SharedAsset } from '../ui/sharing.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import classes from './prospect-view.module.css';
import { expiresAt, type ShareForm } from './share-form.ts';

interface ProspectViewProps {
  asset: SharedAsset;
  senderName: string;
  values: ShareForm;
  isWithdrawn: boolean;
}

/** The share page in small, as it will be for this recipient with this policy. */
export function ProspectView({ asset, senderName, values, isWithdrawn }: ProspectViewProps) {
  const end = expiresAt(values, new Date());
  const firstName = senderName.split(' ')[0] ?? senderName;
  return (
    <section className={classes.view} aria-label="What they will see">
      <h3 className={classes.heading}>What they will see</h3>
      <div className={classes.page} data-withdrawn={isWithdrawn || undefined}>
        {isWithdrawn ? (
          <p className={classes.gate}>
            <strong>This link was withdrawn</strong>
            <span className="quiet">Ask {senderName} for a new one.</span>
          </p>
        ) : (
          <>
            {values.passcode.trim() && (
              <p className={classes.lock}>
                <IconLock size={15} stroke={1.5} aria-hidden /> First they are asked for the passcode.
              </p>
            )}
            <p className={classes.from}>
              <span className={classes.seal} aria-hidden="true">
                {initials(senderName)}
              </span>
              <span>
                <b>{senderName}</b> shared this with <b>{values.recipient.name.trim() || 'your recipient'}</b>
              </span>
            </p>
            {values.message.trim() && <p className={classes.message}>{values.message.trim()}</p>}
            <p className={classes.title}>{asset.title}</p>
            <p className={classes.notice}>
              {senderName} can see when this page is opened,{' '}
              {hasPages(asset) ? 'which pages are read and for how long' : 'for how long'}, on what kind of
              device, and whether it is downloaded. <u>View it privately</u>
            </p>
            <Content asset={asset} allowsDownload={values.allowsDownload} askWhom={firstName} />
          </>
        )}
      </div>
      {end && !isWithdrawn && (
        <p className={classes.foot}>After {formatDay(end)} it says that it has expired.</p>
      )}
    </section>
  );
}

const shownInPage =
  /^(image\/(png|jpeg|webp|gif|avif)|video\/(mp4|webm)|audio\/(mpeg|mp4|ogg)|text\/(plain|markdown))$/;

function Content({
  asset,
  allowsDownload,
  askWhom,
}: {
  asset: SharedAsset;
  allowsDownload: boolean;
  askWhom: string;
}) {
  const isWebLink = asset.kind === 'web_link';
  const isShown = hasPages(asset) || shownInPage.test(asset.mediaType);
  const size = asset.sizeBytes === null ? '' : `, ${formatBytes(asset.sizeBytes)}`;
  const fileWords = `${formatFileType(asset.mediaType, asset.fileName)}${size}`;
  return (
    <div className={classes.content}>
      <Thumbnail asset={asset} size="cover" />
      <div className={classes.contentFoot}>
        <span className={classes.contentWords}>
          {isWebLink ? 'A web page, opened in a tab of its own' : isShown ? shownWords(asset) : fileWords}
          {!isShown && !isWebLink && !allowsDownload && (
            <span className={classes.warning}>
              {isAtWork(asset)
                ? 'Its pages are being rendered. Until they are, and with downloads off, they will see nothing but this.'
                : `It cannot be shown in the page, and downloads are off: they will see nothing but this, and have to ask ${askWhom} for a copy.`}
            </span>
          )}
        </span>
        {!isWebLink && allowsDownload && <span className={classes.button}>Download</span>}
      </div>
    </div>
  );
}

/** Whether the share page shows it as pages to be read. */
function hasPages({ kind, mediaType, renditionState, hasThumbnail }: SharedAsset): boolean {
  return (
    kind === 'file' && renditionState === 'done' && hasThumbnail && !/^(image|video|audio)\//.test(mediaType)
  );
}

function shownWords({ pageCount, mediaType }: SharedAsset): string {
  if (pageCount > 1 && !/^(image|video|audio)\//.test(mediaType))
    return `${plural(pageCount, 'page')}, read in the page without downloading`;
  return 'Shown in the page';
}
