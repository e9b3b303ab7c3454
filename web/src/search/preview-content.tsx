import { Button } from '@mantine/core';
import type { AssetCard } from '@offshelf/server/contract/assets';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { fileUrl, versionTextQuery } from '../assets/api.ts';
import { formatBytes, formatFileType, plural } from '../lib/format.ts';
import { FileTypeIcon } from '../ui/badges.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import classes from './preview.module.css';

const shownImages = ['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif'];
const shownVideos = ['video/mp4', 'video/webm'];
const shownAudio = ['audio/mpeg', 'audio/mp4', 'audio/ogg'];
const wordsPerMinute = 238;

/** The content itself where a browser can show it, else what it is and how to get at it. */
export function PreviewContent({ asset, url }: { asset: AssetCard; url: string | null }) {
  const [hasFailed, setHasFailed] = useState(false);
  const fail = () => setHasFailed(true);
  if (asset.kind === 'web_link') return <WebLink asset={asset} url={url} />;
  if (hasFailed)
    return <Honest asset={asset}>It could not be shown here. Download it to look inside.</Honest>;
  const src = fileUrl(asset.id);
  if (shownImages.includes(asset.mediaType))
    return (
      <a
        href={src}
        target="_blank"
        rel="noopener"
        className={classes.image}
        aria-label={`${asset.title}, full size`}
      >
        <img src={src} alt="" onError={fail} />
      </a>
    );
  if (shownVideos.includes(asset.mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <video src={src} controls preload="metadata" className={classes.video} onError={fail} />;
  if (shownAudio.includes(asset.mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <audio src={src} controls preload="metadata" className={classes.audio} onError={fail} />;
  if (asset.mediaType === 'application/pdf')
    return showsPdfInPage() ? (
      <iframe src={`${src}#toolbar=0&navpanes=0&view=FitH`} title={asset.title} className={classes.pdf} />
    ) : (
      <Honest
        asset={asset}
        action={
          <Button component="a" href={src} target="_blank" rel="noopener" variant="default" size="xs">
            Open the PDF
          </Button>
        }
      >
        This browser shows PDFs in a tab of their own.
      </Honest>
    );
  if (/^text\/(markdown|plain)$/.test(asset.mediaType)) return <Text asset={asset} />;
  return (
    <Honest asset={asset}>There is no preview of this kind of file yet. Download it to look inside.</Honest>
  );
}

/** A phone shows the first page of a framed PDF at most. */
function showsPdfInPage(): boolean {
  return navigator.pdfViewerEnabled && !window.matchMedia('(pointer: coarse)').matches;
}

function Text({ asset }: { asset: AssetCard }) {
  const text = useQuery(versionTextQuery(asset.versionId));
  if (text.error) return <ProblemNote error={text.error} onRetry={() => void text.refetch()} />;
  if (!text.data || text.data.state === 'queued')
    return (
      <div className={classes.page} role="status" aria-label="The text is being prepared">
        <SkeletonText lines={9} />
      </div>
    );
  if (text.data.state !== 'done')
    return (
      <Honest asset={asset}>
        {text.data.reason ?? 'Its text could not be read. Download it to look inside.'}
      </Honest>
    );
  const minutes = Math.max(1, Math.round(text.data.wordCount / wordsPerMinute));
  return (
    <section aria-label="Text">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <div className={classes.page} tabIndex={0} role="document" aria-label={asset.title}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the server makes this HTML itself and lets nothing through that runs. */}
        <div className={classes.prose} dangerouslySetInnerHTML={{ __html: text.data.html }} />
      </div>
      <p className={classes.length}>
        {plural(text.data.wordCount, 'word')}, about {plural(minutes, 'minute')} to read
      </p>
    </section>
  );
}

function WebLink({ asset, url }: { asset: AssetCard; url: string | null }) {
  return (
    <Honest
      asset={asset}
      action={
        url && (
          <Button
            component="a"
            href={url}
            target="_blank"
            rel="noopener noreferrer"
            variant="default"
            size="xs"
            rightSection={<IconExternalLink size={14} stroke={1.5} aria-hidden />}
          >
            Open {hostOf(url)}
          </Button>
        )
      }
    >
      A page on the web. It opens in a tab of its own.
    </Honest>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : 'the page';
}

function Honest({ asset, action, children }: { asset: AssetCard; action?: ReactNode; children: ReactNode }) {
  const isWebLink = asset.kind === 'web_link';
  return (
    <div className={classes.honest}>
      <FileTypeIcon
        mediaType={asset.mediaType}
        fileName={asset.fileName}
        isWebLink={isWebLink}
        size="large"
      />
      <div className={classes.honestWords}>
        <p className={classes.fileName}>
          {isWebLink ? 'Web link' : (asset.fileName ?? formatFileType(asset.mediaType, null))}
          {asset.sizeBytes !== null && <span className="quiet"> {formatBytes(asset.sizeBytes)}</span>}
        </p>
        <p className="quiet">{children}</p>
        {action && <div className={classes.honestAction}>{action}</div>}
      </div>
    </div>
  );
}
