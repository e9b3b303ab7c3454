import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { formatBytes, formatFileType, plural } from '../lib/format.ts';
import { FileTypeIcon } from '../ui/badges.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { type Asset, type AssetVersion, fileUrl, versionTextQuery } from './api.ts';
import classes from './asset-preview.module.css';

const shownImages = /^image\/(png|jpeg|webp|gif|avif)$/;
const shownVideos = /^video\/(mp4|webm)$/;
const shownAudio = /^audio\/(mpeg|mp4|ogg)$/;
const wordsPerMinute = 238;

interface PreviewProps {
  asset: Asset;
  version: AssetVersion;
}

/** The content of a version where a browser can show it, else what it is and how to get at it. */
export function AssetPreview({ asset, version }: PreviewProps) {
  const [failedId, setFailedId] = useState<string>();
  const fail = () => setFailedId(version.id);
  const { mediaType } = version;
  const src = fileUrl(asset.id, { versionId: version.id });
  if (asset.kind === 'web_link') return <WebLink version={version} />;
  if (failedId === version.id)
    return <Honest version={version}>It could not be shown here. Download it to look inside.</Honest>;
  if (shownImages.test(mediaType))
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
  if (shownVideos.test(mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <video key={src} src={src} controls preload="metadata" className={classes.video} onError={fail} />;
  if (shownAudio.test(mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <audio key={src} src={src} controls preload="metadata" className={classes.audio} onError={fail} />;
  if (mediaType === 'application/pdf') return <Pdf src={src} title={asset.title} version={version} />;
  return <Text asset={asset} version={version} />;
}

function Pdf({ src, title, version }: { src: string; title: string; version: AssetVersion }) {
  if (navigator.pdfViewerEnabled)
    return <iframe key={src} src={`${src}#navpanes=0&view=FitH`} title={title} className={classes.pdf} />;
  return (
    <Honest
      version={version}
      action={
        <Button component="a" href={src} target="_blank" rel="noopener" variant="default" size="xs">
          Open the PDF
        </Button>
      }
    >
      This browser shows PDFs in a tab of their own.
    </Honest>
  );
}

function Text({ asset, version }: PreviewProps) {
  const text = useQuery(versionTextQuery(version.id));
  if (text.error) return <ProblemNote error={text.error} onRetry={() => void text.refetch()} />;
  if (!text.data || text.data.state === 'queued')
    return (
      <div className={classes.page} role="status" aria-label="The text is being read">
        <SkeletonText lines={9} />
      </div>
    );
  if (text.data.state !== 'done' || text.data.wordCount === 0)
    return (
      <Honest version={version}>
        {text.data.reason ?? 'There is no preview of this kind of file. Download it to look inside.'}
      </Honest>
    );
  const minutes = Math.max(1, Math.round(text.data.wordCount / wordsPerMinute));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <div className={classes.page} tabIndex={0} role="document" aria-label={asset.title}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the server makes this HTML itself and lets nothing through that runs. */}
        <div className={classes.prose} dangerouslySetInnerHTML={{ __html: text.data.html }} />
      </div>
      <p className={classes.length}>
        {plural(text.data.wordCount, 'word')}, about {plural(minutes, 'minute')} to read
      </p>
    </>
  );
}

function WebLink({ version }: { version: AssetVersion }) {
  const { url } = version;
  const host = url && URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : 'the page';
  return (
    <Honest
      version={version}
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
            Open {host}
          </Button>
        )
      }
    >
      <span className={classes.url}>{url}</span>
    </Honest>
  );
}

function Honest({
  version,
  action,
  children,
}: {
  version: AssetVersion;
  action?: ReactNode;
  children: ReactNode;
}) {
  const isWebLink = version.url !== null;
  const name = isWebLink
    ? 'A page on the web'
    : (version.fileName ?? formatFileType(version.mediaType, null));
  return (
    <div className={classes.honest}>
      <FileTypeIcon
        mediaType={version.mediaType}
        fileName={version.fileName}
        isWebLink={isWebLink}
        size="large"
      />
      <div className={classes.honestWords}>
        <p className={classes.fileName}>
          {name}
          {version.sizeBytes !== null && <span className="quiet"> {formatBytes(version.sizeBytes)}</span>}
        </p>
        <p className="quiet">{children}</p>
        {action && <div className={classes.honestAction}>{action}</div>}
      </div>
    </div>
  );
}
