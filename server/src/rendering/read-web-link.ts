import { Readable } from 'node:stream';
import { fillFromWebPage } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { FetchedPage } from '../documents/fetch-page.ts';
import { ChildEnded } from '../documents/sandbox.ts';
import { FileRefused, type WebPageFacts } from '../documents/tasks.ts';
import { newId } from '../http/ids.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import { finishRendition } from './finish.ts';
import { keepImages, type StagedImage, stageImages } from './keep-page.ts';
import { findVersion, findWebPage, type VersionRow } from './queries.ts';
import { currentMethod } from './source.ts';
import {
  clearRendition,
  ensureRendition,
  holdSource,
  type RenditionRow,
  updateRendition,
  upsertPage,
  upsertWebPage,
} from './write-queries.ts';

/** A site that has a fault of its own is asked again after this, before anybody is told. */
const secondLookMs = 6 * 3_600_000;

/** Reads the page behind a web link, and says when it does not open any more. */
export async function readWebLink(
  ctx: Context,
  { assetVersionId }: { assetVersionId: string },
  signal: AbortSignal,
): Promise<void> {
  await holdSource(ctx.db, assetVersionId, async () => {
    const version = await findVersion(ctx.db, assetVersionId);
    if (!version?.url) return;
    const rendition = await ensureRendition(ctx.db, {
      id: newId('rnd'),
      sourceKey: assetVersionId,
      method: currentMethod,
      assetVersionId,
      mediaType: version.mediaType,
      queuedAt: ctx.clock(),
    });
    try {
      const page = await ctx.web.fetchPage(version.url, { signal });
      await keepAnswer(ctx, { version, rendition, url: version.url, signal }, page);
    } catch (error) {
      if (!signal.aborted) throw error;
      await enqueueOnce(ctx.db, 'read-web-link', { assetVersionId });
    }
  });
}

interface Link {
  version: VersionRow;
  rendition: RenditionRow;
  url: string;
  signal: AbortSignal;
}

async function keepAnswer(ctx: Context, link: Link, page: FetchedPage): Promise<void> {
  if (page.kind === 'broken') return keepBroken(ctx, link, page);
  if (page.kind === 'unread') return keepUnread(ctx, link, page, page.reason);
  try {
    await keepRead(ctx, link, page);
  } catch (error) {
    if (link.signal.aborted || !(error instanceof FileRefused || error instanceof ChildEnded)) throw error;
    await keepUnread(ctx, link, page, 'The page cannot be read, so only its address is kept.');
  }
}

/** What was read before is worth more than nothing, so it stays. */
async function keepUnread(
  ctx: Context,
  { version, rendition }: Link,
  { url, status }: { url: string; status: number | null },
  reason: string,
): Promise<void> {
  await noteAnswer(ctx, version, { finalUrl: url, httpStatus: status, fault: null, failedSince: null });
  if (rendition.state !== 'done') await finishRendition(ctx, rendition, { state: 'unsupported', reason });
}

/**
 * A page that is gone is reported at once. When the site only is unwell, or nobody answers at all, which can be our
 * own network, there is a second look before anybody is told.
 */
async function keepBroken(
  ctx: Context,
  { version, rendition }: Link,
  { status, reason, isDead }: Extract<FetchedPage, { kind: 'broken' }>,
): Promise<void> {
  const { assetVersionId } = version;
  const now = ctx.clock();
  const before = await findWebPage(ctx.db, assetVersionId);
  const failedSince = before?.failedSince ?? now;
  const isReported = (isDead && status !== null) || rendition.state !== 'done' || before?.failedSince != null;
  await noteAnswer(ctx, version, { httpStatus: status, fault: isReported ? reason : null, failedSince });
  if (rendition.state !== 'done') await finishRendition(ctx, rendition, { state: 'failed', reason });
  if (isReported) return;
  const runAt = new Date(now.getTime() + secondLookMs);
  await enqueueOnce(ctx.db, 'read-web-link', { assetVersionId }, { runAt });
}

async function noteAnswer(
  { db, clock }: Context,
  { assetVersionId }: VersionRow,
  answer: Omit<Parameters<typeof upsertWebPage>[1], 'assetVersionId' | 'checkedAt'>,
): Promise<void> {
  await upsertWebPage(db, { ...answer, assetVersionId, checkedAt: clock() });
}

async function keepRead(
  ctx: Context,
  link: Link,
  page: Extract<FetchedPage, { kind: 'page' }>,
): Promise<void> {
  const { version, rendition, url, signal } = link;
  const facts = await readPage(ctx, page, signal);
  const { title, description, text, wordCount, headings, language } = facts;
  await usePicture(ctx, facts.imageUrl, signal, (images) =>
    ctx.db.transaction().execute(async (trx) => {
      await clearRendition(trx, rendition.id);
      await upsertPage(trx, {
        renditionId: rendition.id,
        pageNumber: 1,
        text: text || [title, description].filter(Boolean).join('\n'),
        wordCount,
        headings: headings,
      });
      await keepImages(ctx, trx, rendition.id, 1, images);
      await updateRendition(trx, rendition.id, { language, renderedPageCount: images.length > 0 ? 1 : 0 });
      await fillFromWebPage(trx, version.assetId, { url, title, description });
    }),
  );
  await noteAnswer(ctx, version, {
    ...{ finalUrl: page.url, httpStatus: page.status, title, description },
    ...{ fault: null, failedSince: null },
  });
  await finishRendition(ctx, rendition, { state: 'done', reason: null, pageCount: 1 });
}

async function readPage(
  { sandbox }: Context,
  { url, contentType, body }: Extract<FetchedPage, { kind: 'page' }>,
  signal: AbortSignal,
): Promise<WebPageFacts> {
  await using file = await sandbox.stage(Readable.from([body]), body.length);
  return await sandbox.run('read-web-page', file.path, { url, contentType }, { signal });
}

/** A page without a picture, or with one that cannot be had, is a page all the same. */
async function usePicture(
  ctx: Context,
  imageUrl: string | null,
  signal: AbortSignal,
  keep: (images: StagedImage[]) => Promise<void>,
): Promise<void> {
  const picture = imageUrl === null ? null : await ctx.web.fetchPicture(imageUrl, { signal });
  if (!picture) return keep([]);
  await using file = await ctx.sandbox.stage(Readable.from([picture.bytes]), picture.bytes.length);
  let staged: StagedImage[] = [];
  try {
    await ctx.sandbox.run(
      'render-picture',
      file.path,
      { mediaType: picture.contentType },
      {
        signal,
        async onResult({ page }, folder) {
          staged = await stageImages(ctx, page.images, folder);
        },
      },
    );
  } catch (err) {
    if (signal.aborted) throw err;
    ctx.log.info({ event: 'web_picture_failed', err });
  }
  await keep(staged);
}
