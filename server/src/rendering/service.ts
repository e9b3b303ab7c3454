import { canReadAsset } from '../assets/service.ts';
import type { Database } from '../db/database.ts';
import type { ImageKind, RenderedPage, TextRun } from '../documents/tasks.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { Rendition, RenditionState } from './contract.ts';
import {
  findVersion,
  findWebPage,
  type ImageRow,
  listImages,
  listPageImages,
  listPageLayers,
  listPages,
  type PageRow,
  type StoredImage,
  type VersionRow,
} from './queries.ts';
import { expectedReadingMs, isRead, readingRule } from './reading.ts';

// What reading means is defined once; tracking and analytics count by the same numbers.
export { expectedReadingMs, isRead, readingRule };

// ── for signed-in users ─────────────────────────────────────────────────────────────────────────────────

/** The version, if the actor may see its asset; what a user may not see does not exist for them. */
export async function getVersion(db: Database, actor: Actor, assetVersionId: string): Promise<VersionRow> {
  const found = await findVersion(db, assetVersionId);
  if (!found || !canReadAsset(actor, found.status)) refuseUnknownVersion();
  return found;
}

function refuseUnknownVersion(): never {
  throw new Problem(
    'not_found',
    'There is no such version, or its asset is not published. Go back to the library.',
  );
}

export async function readRendition(db: Database, actor: Actor, assetVersionId: string): Promise<Rendition> {
  return describeRendition(db, await getVersion(db, actor, assetVersionId));
}

export async function describeRendition(db: Database, version: VersionRow): Promise<Rendition> {
  const { renditionId, assetVersionId } = version;
  const [pages, images, webPage] = await Promise.all([
    renditionId ? listPages(db, renditionId) : [],
    renditionId ? listImages(db, renditionId) : [],
    version.url ? findWebPage(db, assetVersionId) : undefined,
  ]);
  const pictured = new Set(images.map(({ pageNumber }) => pageNumber));
  return {
    state: version.state ?? 'queued',
    reason: version.reason,
    isBeingRenewed: version.isBeingRenewed,
    canRetry: version.state === 'failed' || (version.url !== null && version.state !== 'running'),
    pageCount: version.pageCount ?? 1,
    renderedPageCount: version.renderedPageCount ?? 0,
    wordCount: version.wordCount ?? 0,
    language: version.language,
    durationMs: version.durationMs,
    hasThumbnail: images.some(({ kind }) => kind === 'thumbnail'),
    finishedAt: version.finishedAt,
    pages: pages.map((page) => ({
      ...page,
      expectedMs: Math.round(expectedReadingMs(page.wordCount)),
      hasImage: pictured.has(page.pageNumber),
    })),
    html: version.state === 'done' ? (version.html ?? '') : '',
    webPage: webPage
      ? {
          url: webPage.finalUrl ?? version.url ?? '',
          title: webPage.title,
          description: webPage.description,
          fault: webPage.fault,
          failedSince: webPage.failedSince,
          checkedAt: webPage.checkedAt,
        }
      : null,
  };
}

export async function readPageText(db: Database, actor: Actor, assetVersionId: string, pageNumber: number) {
  const version = await getVersion(db, actor, assetVersionId);
  const [page] = version.renditionId
    ? await listPageLayers(db, version.renditionId, pageNumber, pageNumber)
    : [];
  if (!page) refuseUnknownPage(pageNumber);
  return page;
}

function refuseUnknownPage(pageNumber: number): never {
  throw new Problem(
    'not_found',
    `There is nothing of page ${pageNumber} yet. It may still be rendering; wait a moment and try again.`,
  );
}

export type ImageSize = 'thumbnail' | 'small' | 'large';

/** The picture of a page for a signed-in user. */
export async function getPageImage(
  db: Database,
  actor: Actor,
  { assetVersionId, pageNumber, size }: { assetVersionId: string; pageNumber: number; size: ImageSize },
): Promise<StoredImage> {
  const images = await listPageImages(db, assetVersionId, pageNumber);
  const found = chooseImage(images, size);
  if (!found || !canReadAsset(actor, found.status)) refuseUnknownPage(pageNumber);
  return found;
}

/** Of a video there is only the poster; and a page that is as small as its thumbnail has no other picture. */
const nextBest: Record<ImageSize, ImageKind[]> = {
  thumbnail: ['thumbnail', 'small', 'poster'],
  small: ['small', 'large', 'poster', 'thumbnail'],
  large: ['large', 'small', 'poster', 'thumbnail'],
};

function chooseImage(images: StoredImage[], size: ImageSize): StoredImage | undefined {
  return nextBest[size]
    .map((kind) => images.find((image) => image.kind === kind))
    .find((image) => image !== undefined);
}

// ── for whoever holds a share link ──────────────────────────────────────────────────────────────────────

/** One page as a prospect sees it. What the speaker says to it is not here and never will be. */
export interface SharePage {
  pageNumber: number;
  /** In points; null where there is no picture of the page. */
  width: number | null;
  height: number | null;
  wordCount: number;
  expectedMs: number;
  headings: { level: number; text: string }[];
  /** Pictures by kind; a page that is not rendered yet has none. */
  images: Partial<Record<ImageKind, { blobHash: string; width: number; height: number }>>;
}

export interface ShareContent {
  state: RenditionState;
  reason: string | null;
  language: string | null;
  durationMs: number | null;
  pageCount: number;
  renderedPageCount: number;
  wordCount: number;
  /** Safe HTML of what has no pages, such as Markdown; empty otherwise. */
  html: string;
  pages: SharePage[];
}

/** What a share page shows of a version: everything but the words on the pages, which `listShareLayers` reads. */
export async function findShareContent(
  db: Database,
  assetVersionId: string,
): Promise<ShareContent | undefined> {
  const version = await findVersion(db, assetVersionId);
  if (!version) return undefined;
  const { renditionId } = version;
  const [pages, images] = renditionId
    ? await Promise.all([listPages(db, renditionId), listImages(db, renditionId)])
    : [[], []];
  const imagesByPage = Map.groupBy(images, ({ pageNumber }) => pageNumber);
  return {
    state: version.state ?? 'queued',
    reason: version.reason,
    language: version.language,
    durationMs: version.durationMs,
    pageCount: version.pageCount ?? 1,
    renderedPageCount: version.renderedPageCount ?? 0,
    wordCount: version.wordCount ?? 0,
    html: version.state === 'done' ? (version.html ?? '') : '',
    pages: pages.map((page) => toSharePage(page, imagesByPage.get(page.pageNumber) ?? [])),
  };
}

function toSharePage({ hasNotes: _, ...page }: PageRow, images: ImageRow[]): SharePage {
  return {
    ...page,
    expectedMs: Math.round(expectedReadingMs(page.wordCount)),
    images: Object.fromEntries(
      images.map(({ kind, blobHash, width, height }) => [kind, { blobHash, width, height }]),
    ),
  };
}

/** The words on a page with the box of each run, and its links. */
export interface ShareLayer {
  pageNumber: number;
  text: string;
  textLayer: TextRun[];
  links: RenderedPage['links'];
}

/** The words of the pages from `first` to `last`, without notes. */
export async function listShareLayers(
  db: Database,
  assetVersionId: string,
  { first, last }: { first: number; last: number },
): Promise<ShareLayer[]> {
  const version = await findVersion(db, assetVersionId);
  if (!version?.renditionId) return [];
  const layers = await listPageLayers(db, version.renditionId, first, last);
  return layers.map(({ pageNumber, text, textLayer, links }) => ({ pageNumber, text, textLayer, links }));
}

/** The picture of a page of a version, whoever asks; the caller has checked the share link. */
export async function findPageImage(
  db: Database,
  assetVersionId: string,
  pageNumber: number,
  size: ImageSize,
): Promise<StoredImage | undefined> {
  return chooseImage(await listPageImages(db, assetVersionId, pageNumber), size);
}
