import { IconPlayerPlayFilled } from '@tabler/icons-react';
import { useState } from 'react';
import { formatClock, plural } from '../lib/format.ts';
import { type AtWork, isAtWork } from '../lib/live.ts';
import { pageImagePath } from '../lib/paths.ts';
import { FileTypeIcon } from './badges.tsx';
import classes from './thumbnail.module.css';

/** What a card says of its picture; result cards, rows and whole assets all have it. */
export interface Pictured extends AtWork {
  versionId: string;
  kind: 'file' | 'web_link';
  mediaType: string;
  fileName: string | null;
  pageCount: number;
  hasThumbnail: boolean;
  durationMs: number | null;
}

interface ThumbnailProps {
  asset: Pictured;
  /** `row` stands in a line of a list, `small` and `card` beside a result, `cover` fills the width it is given. */
  size: 'row' | 'small' | 'card' | 'cover';
  /** Another page than the first, such as the one that matched. */
  pageNumber?: number | null;
}

/**
 * The first page of an asset in a frame whose place is kept from the start: wide pages fill it, tall ones stand in
 * it as a sheet of paper. Decoration, as the title is beside it.
 */
export function Thumbnail({ asset, size, pageNumber }: ThumbnailProps) {
  const { mediaType, fileName, kind, hasThumbnail } = asset;
  const isWebLink = kind === 'web_link';
  const [isBroken, setIsBroken] = useState(false);
  const isShown = hasThumbnail && !isBroken;
  const page = pageNumber && pageNumber > 1 && pageNumber <= asset.pageCount ? pageNumber : 1;
  const isLarge = size === 'card' || size === 'cover';
  const caption = isLarge ? (page > 1 ? `page ${page.toString()}` : captionOf(asset)) : undefined;
  return (
    <span
      className={classes.frame}
      data-size={size}
      data-waiting={(!isShown && isAtWork(asset)) || undefined}
      data-empty={!isShown || undefined}
    >
      {isShown ? (
        <Picture
          key={`${asset.versionId} ${page.toString()}`}
          asset={asset}
          pageNumber={page}
          onBroken={() => setIsBroken(true)}
        />
      ) : (
        <FileTypeIcon
          mediaType={mediaType}
          fileName={fileName}
          isWebLink={isWebLink}
          size={isLarge ? 'medium' : 'small'}
        />
      )}
      {isShown && mediaType.startsWith('video/') && (
        <span className={classes.play} aria-hidden="true">
          <IconPlayerPlayFilled size={isLarge ? 14 : 10} />
        </span>
      )}
      {caption && <span className={classes.caption}>{caption}</span>}
    </span>
  );
}

/** Which way pictures stand that were shown before; they are there at once. */
const knownShapes = new Map<string, 'wide' | 'tall'>();

interface PictureProps {
  asset: Pictured;
  pageNumber: number;
  onBroken: () => void;
}

/** Only the first page has a small picture of its own; a page without any falls back to it. */
function Picture({ asset, pageNumber, onBroken }: PictureProps) {
  const [isMissing, setIsMissing] = useState(false);
  const isFirst = pageNumber === 1 || isMissing;
  const src = pageImagePath(asset.versionId, isFirst ? 1 : pageNumber, isFirst ? 'thumbnail' : 'small');
  const [shape, setShape] = useState(() => knownShapes.get(src));
  return (
    <img
      src={src}
      alt=""
      loading="lazy"
      decoding="async"
      className={classes.picture}
      data-shape={shape}
      onLoad={({ currentTarget: { naturalWidth, naturalHeight } }) => {
        const stands = naturalHeight > naturalWidth * 0.8 ? 'tall' : 'wide';
        knownShapes.set(src, stands);
        setShape(stands);
      }}
      onError={() => (isFirst ? onBroken() : setIsMissing(true))}
    />
  );
}

/** "12 pages", "2:31"; nothing where there is one page or it is not known yet. */
function captionOf({ durationMs, pageCount, hasThumbnail, mediaType }: Pictured): string | undefined {
  if (durationMs !== null && durationMs > 0) return formatClock(durationMs);
  if (!hasThumbnail || pageCount < 2 || mediaType.startsWith('image/')) return undefined;
  return plural(pageCount, 'page');
}
