import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { sendFile } from '../http/send-file.ts';
import { findPageImage, findShareContent, listShareLayers } from '../rendering/service.ts';
import { listPictured, takeLayers } from './document-pages.ts';
import { html } from './html.ts';
import { sendFragment } from './send-page.ts';

const mostPages = 10_000;
/** How many pages' words one answer can hold, and how many bytes of markup. */
const chunk = { pages: 20, bytes: 100_000 };

/**
 * A picture of a page, for as long as the share link opens. A browser may show it again without asking for ten
 * minutes: long enough to scroll back, and what stays after a link is withdrawn is no more than what was on the
 * screen already, because the page itself is never kept.
 */
const keptSeconds = 600;

/** Answers false where there is no such picture. */
export async function sendPageImage(
  { db, blobs }: Context,
  req: Request,
  res: Response,
  assetVersionId: string,
): Promise<boolean> {
  const pageNumber = readPageNumber(req);
  const size = { 800: 'small', 1600: 'large' } as const;
  const wanted = size[String(req.query.w) as '800' | '1600'];
  if (pageNumber === undefined || !wanted) return false;
  const image = await findPageImage(db, assetVersionId, pageNumber, wanted);
  if (!image) return false;
  res.set('X-Robots-Tag', 'noindex, nofollow');
  await sendFile(blobs, req, res, {
    hash: image.blobHash,
    sizeBytes: image.sizeBytes,
    fileName: `page-${pageNumber}.webp`,
    mediaType: 'image/webp',
    disposition: 'inline',
    keptSeconds,
  });
  return true;
}

/** The words of this page and of those after it, as many as make a fair answer. False where there is no such page. */
export async function sendPageText(
  { db }: Context,
  req: Request,
  res: Response,
  assetVersionId: string,
): Promise<boolean> {
  const first = readPageNumber(req);
  if (first === undefined) return false;
  const content = await findShareContent(db, assetVersionId);
  const pages = content ? listPictured(content) : [];
  if (!pages.some(({ pageNumber }) => pageNumber === first)) return false;
  const layers = await listShareLayers(db, assetVersionId, { first, last: first + chunk.pages - 1 });
  await sendFragment(req, res, html`${[...takeLayers(pages, layers, chunk.bytes).values()]}`);
  return true;
}

function readPageNumber(req: Request): number | undefined {
  const text = String(req.params.pageNumber);
  const pageNumber = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
  return pageNumber !== undefined && pageNumber <= mostPages ? pageNumber : undefined;
}
