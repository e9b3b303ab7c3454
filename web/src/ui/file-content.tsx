import { Button } from '@mantine/core';
import type { Rendition } from '@offshelf/server/contract/rendering';
import { IconBook } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { formatBytes, formatFileType } from '../lib/format.ts';
import type { Wanted } from '../lib/marks.ts';
import { pageImagePath } from '../lib/paths.ts';
import { LinkButton } from './app-link.tsx';
import { FileTypeIcon } from './badges.tsx';
import classes from './file-content.module.css';
import { PageView } from './page-view.tsx';
import { ProblemNote } from './problem-note.tsx';
import { Prose } from './prose.tsx';
import { lengthWords, RenditionNote, type Retrying } from './rendition-note.tsx';
import { SkeletonText } from './skeletons.tsx';
import { WebPage } from './web-page.tsx';

const shownImages = /^image\/(png|jpeg|webp|gif|avif)$/;
const shownVideos = /^video\/(mp4|webm)$/;
const shownAudio = /^audio\/(mpeg|mp4|ogg)$/;

interface ShownFile {
  versionId: string;
  isWebLink: boolean;
  mediaType: string;
  fileName: string | null;
  sizeBytes: number | null;
  /** The address of a web link; null for a file, and until it is known. */
  url: string | null;
  typeWarning: string | null;
}

interface FileContentProps extends Retrying {
  title: string;
  file: ShownFile;
  /** Where the bytes are. */
  src: string;
  /** The rendition as it is read from the server. */
  rendition: { data: Rendition | undefined; error: Error | null; refetch: () => unknown };
  /** Beside a list, or as the main thing of a page. */
  size: 'panel' | 'page';
  /** The page that answers a question, and the words of it to mark. */
  at?: { pageNumber: number; wanted: Wanted } | undefined;
  /** Where the reading view opens at a page. */
  readingAt: (pageNumber: number) => { to: string; search: Record<string, unknown> };
  onRead: (pageNumber: number) => void;
}

/**
 * What is in a version: its pages, its text, its film, or what it is and how to get at it. Give it a key per version
 * and page: it remembers where somebody is in it.
 */
export function FileContent(props: FileContentProps) {
  const { file, rendition, retry, isRetrying } = props;
  return (
    <div className={classes.content} data-size={props.size}>
      {rendition.data && (
        <RenditionNote
          rendition={rendition.data}
          isWebLink={file.isWebLink}
          typeWarning={file.typeWarning}
          retry={retry}
          isRetrying={isRetrying}
        />
      )}
      <Content {...props} />
    </div>
  );
}

function Content(props: FileContentProps) {
  const { title, file, src, rendition } = props;
  const [hasFailed, setHasFailed] = useState(false);
  const fail = () => setHasFailed(true);
  const { mediaType, versionId } = file;
  const { data, error } = rendition;
  if (file.isWebLink)
    return <WebPage {...props} assetVersionId={versionId} url={file.url} rendition={data} />;
  if (hasFailed) return <Honest file={file}>It could not be shown here. Download it to look inside.</Honest>;
  if (shownImages.test(mediaType)) return <Picture {...props} onError={fail} />;
  if (shownVideos.test(mediaType)) {
    const poster = data?.hasThumbnail ? pageImagePath(versionId, 1, 'large') : undefined;
    return (
      // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
      <video
        key={poster}
        src={src}
        poster={poster}
        controls
        preload="metadata"
        className={classes.video}
        aria-label={title}
        onError={fail}
      />
    );
  }
  if (shownAudio.test(mediaType))
    // biome-ignore lint/a11y/useMediaCaption: captions are part of what was uploaded, or there are none.
    return <audio src={src} controls preload="metadata" className={classes.audio} onError={fail} />;
  if (error && !data) return <ProblemNote error={error} onRetry={() => void rendition.refetch()} />;
  if (!data) return <Waiting />;
  if (data.pages.some((page) => page.hasImage))
    return <PageView {...props} assetVersionId={versionId} rendition={data} />;
  if (data.html !== '') return <FlowingText {...props} rendition={data} />;
  if (data.state === 'queued' || data.state === 'running') return <Waiting />;
  if (data.pages.some((page) => page.wordCount > 0))
    return <PageView {...props} assetVersionId={versionId} rendition={data} />;
  return <NoPages file={file} src={src} rendition={data} />;
}

/** A sheet where the first page will be. */
function Waiting() {
  return (
    <div className={classes.waiting} role="status" aria-label="The pages are on their way">
      <div className={classes.blank}>
        <SkeletonText lines={7} />
      </div>
    </div>
  );
}

function NoPages({ file, src, rendition }: { file: ShownFile; src: string; rendition: Rendition }) {
  const isPdf = file.mediaType === 'application/pdf';
  const isUnsupported = rendition.state === 'unsupported';
  return (
    <Honest
      file={file}
      action={
        isPdf && (
          <Button component="a" href={src} target="_blank" rel="noopener" variant="default" size="xs">
            Open the PDF
          </Button>
        )
      }
    >
      {(isUnsupported && rendition.reason) ||
        (isUnsupported
          ? 'There is no preview of this kind of file. Download it to look inside.'
          : 'There are no pages to show. Download it to look inside.')}
    </Honest>
  );
}

/** A moving picture is shown as it is; any other as the server made it fit, with the whole one a click away. */
function Picture({ title, file, src, rendition, onError }: FileContentProps & { onError: () => void }) {
  const page = rendition.data?.pages[0];
  const isRendered = page?.hasImage === true && file.mediaType !== 'image/gif';
  if (!rendition.data && !rendition.error) return <Waiting />;
  return (
    <a
      href={src}
      target="_blank"
      rel="noopener"
      className={classes.image}
      aria-label={`${title}, full size`}
      style={
        page?.width && page.height
          ? { aspectRatio: `${page.width.toString()} / ${page.height.toString()}` }
          : undefined
      }
    >
      <img src={isRendered ? pageImagePath(file.versionId, 1, 'large') : src} alt="" onError={onError} />
    </a>
  );
}

type FlowingProps = Pick<FileContentProps, 'title' | 'at' | 'readingAt'> & { rendition: Rendition };

function FlowingText({ title, rendition, at, readingAt }: FlowingProps) {
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
      <div className={classes.page} tabIndex={0} role="document" aria-label={title}>
        <Prose html={rendition.html} wanted={at?.wanted} />
      </div>
      <div className={classes.foot}>
        <p className={classes.length}>{lengthWords(rendition)}</p>
        <LinkButton
          {...readingAt(1)}
          variant="default"
          size="xs"
          leftSection={<IconBook size={16} stroke={1.5} aria-hidden />}
          aria-label={`Read ${title}`}
        >
          Read
        </LinkButton>
      </div>
    </>
  );
}

function Honest({ file, action, children }: { file: ShownFile; action?: ReactNode; children: ReactNode }) {
  const { isWebLink, mediaType, fileName, sizeBytes } = file;
  return (
    <div className={classes.honest}>
      <FileTypeIcon mediaType={mediaType} fileName={fileName} isWebLink={isWebLink} size="large" />
      <div className={classes.honestWords}>
        <p className={classes.fileName}>
          {fileName ?? formatFileType(mediaType, null)}
          {sizeBytes !== null && <span className="quiet"> {formatBytes(sizeBytes)}</span>}
        </p>
        <p className="quiet">{children}</p>
        {action && <div className={classes.honestAction}>{action}</div>}
      </div>
    </div>
  );
}
