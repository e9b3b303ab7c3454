import { Button } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { formatBytes, formatFileType, plural } from '../lib/format.ts';
import { FileTypeIcon } from './badges.tsx';
import classes from './file-content.module.css';
import { ProblemNote } from './problem-note.tsx';
import { SkeletonText } from './skeletons.tsx';

const shownImages = /^image\/(png|jpeg|webp|gif|avif)$/;
const shownVideos = /^video\/(mp4|webm)$/;
const shownAudio = /^audio\/(mpeg|mp4|ogg)$/;
const wordsPerMinute = 238;

interface ShownFile {
  isWebLink: boolean;
  mediaType: string;
  fileName: string | null;
  sizeBytes: number | null;
  /** The address of a web link; null for a file, and until it is known. */
  url: string | null;
}

/** The text of a file as it is read from the server; only files that `showsAsText` need it. */
interface TextReading {
  data:
    | {
        state: 'queued' | 'done' | 'failed' | 'unsupported';
        html: string;
        wordCount: number;
        reason: string | null;
      }
    | undefined;
  error: Error | null;
  refetch: () => unknown;
}

interface FileContentProps {
  title: string;
  file: ShownFile;
  /** Where the bytes are. */
  src: string;
  text: TextReading;
  /** Beside a list, or as the main thing of a page. */
  size: 'panel' | 'page';
}

/** Whether the browser can't show the bytes themselves, so that the words are asked for. */
export function showsAsText({ isWebLink, mediaType }: Pick<ShownFile, 'isWebLink' | 'mediaType'>): boolean {
  return !isWebLink && mediaType !== 'application/pdf' && !/^(image|video|audio)\//.test(mediaType);
}

/**
 * What is in a file where a browser can show it, else what it is and how to get at it. Give it a key per file:
 * it remembers that one could not be shown.
 */
export function FileContent(props: FileContentProps) {
  return (
    <div className={classes.content} data-size={props.size}>
      <Content {...props} />
    </div>
  );
}

function Content({ title, file, src, text, size }: FileContentProps) {
  const [hasFailed, setHasFailed] = useState(false);
  const fail = () => setHasFailed(true);
  const { mediaType } = file;
  if (file.isWebLink) return <WebLink file={file} />;
  if (hasFailed) return <Honest file={file}>It could not be shown here. Download it to look inside.</Honest>;
  if (shownImages.test(mediaType))
    return (
      <a
        href={src}
        target="_blank"
        rel="noopener"
        className={classes.image}
        aria-label={`${title}, full size`}
      >
        <img src={src} alt="" onError={fail} />
      </a>
    );
  if (shownVideos.test(mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <video src={src} controls preload="metadata" className={classes.video} onError={fail} />;
  if (shownAudio.test(mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <audio src={src} controls preload="metadata" className={classes.audio} onError={fail} />;
  if (mediaType === 'application/pdf') return <Pdf title={title} file={file} src={src} size={size} />;
  if (showsAsText(file)) return <Text title={title} file={file} text={text} />;
  return <Honest file={file}>There is no preview of this kind of file. Download it to look inside.</Honest>;
}

function Pdf({ title, file, src, size }: Omit<FileContentProps, 'text'>) {
  const bars = size === 'panel' ? 'toolbar=0&navpanes=0' : 'navpanes=0';
  if (showsPdfInPage())
    return <iframe src={`${src}#${bars}&view=FitH`} title={title} className={classes.pdf} />;
  return (
    <Honest
      file={file}
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

/** A phone shows the first page of a framed PDF at most. */
function showsPdfInPage(): boolean {
  return navigator.pdfViewerEnabled && !window.matchMedia('(pointer: coarse)').matches;
}

function Text({ title, file, text }: Pick<FileContentProps, 'title' | 'file' | 'text'>) {
  if (text.error) return <ProblemNote error={text.error} onRetry={() => void text.refetch()} />;
  if (!text.data || text.data.state === 'queued')
    return (
      <div className={classes.page} role="status" aria-label="The text is being read">
        <SkeletonText lines={9} />
      </div>
    );
  if (text.data.state !== 'done' || text.data.wordCount === 0)
    return (
      <Honest file={file}>
        {text.data.reason ?? 'There is no preview of this kind of file. Download it to look inside.'}
      </Honest>
    );
  const minutes = Math.max(1, Math.round(text.data.wordCount / wordsPerMinute));
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <div className={classes.page} tabIndex={0} role="document" aria-label={title}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the server makes this HTML itself and lets nothing through that runs. */}
        <div className={classes.prose} dangerouslySetInnerHTML={{ __html: text.data.html }} />
      </div>
      <p className={classes.length}>
        {plural(text.data.wordCount, 'word')}, about {plural(minutes, 'minute')} to read
      </p>
    </>
  );
}

function WebLink({ file }: { file: ShownFile }) {
  const { url } = file;
  return (
    <Honest
      file={file}
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
      {url ? <span className={classes.url}>{url}</span> : 'It opens in a tab of its own.'}
    </Honest>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : 'the page';
}

function Honest({ file, action, children }: { file: ShownFile; action?: ReactNode; children: ReactNode }) {
  const { isWebLink, mediaType, fileName, sizeBytes } = file;
  return (
    <div className={classes.honest}>
      <FileTypeIcon mediaType={mediaType} fileName={fileName} isWebLink={isWebLink} size="large" />
      <div className={classes.honestWords}>
        <p className={classes.fileName}>
          {isWebLink ? 'A page on the web' : (fileName ?? formatFileType(mediaType, null))}
          {sizeBytes !== null && <span className="quiet"> {formatBytes(sizeBytes)}</span>}
        </p>
        <p className="quiet">{children}</p>
        {action && <div className={classes.honestAction}>{action}</div>}
      </div>
    </div>
  );
}
