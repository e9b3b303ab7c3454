import type { Request, Response } from 'express';
import { sendFile } from '../http/send-file.ts';
import type { ImageSize } from '../rendering/service.ts';
import type { BlobStore } from '../storage/store.ts';
import { listPictured, takeLayers } from './document-pages.ts';
import { html } from './html.ts';
import type { KnownLinks } from './known-links.ts';
import { sendFragment } from './send-page.ts';
import { sendMarked, type Watermarks } from './watermark.ts';

const mostPages = 10_000;
/** By their width. */
const sizes = new Map<string, ImageSize>([
  ['480', 'thumbnail'],
  ['800', 'small'],
  ['1600', 'large'],
]);
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
  { blobs, known, watermarks }: { blobs: BlobStore; known: KnownLinks; watermarks: Watermarks },
  req: Request,
  res: Response,
  { assetVersionId, label }: { assetVersionId: string; label: string | undefined },
): Promise<boolean> {
  const pageNumber = readPageNumber(req);
  const wanted = sizes.get(String(req.query.w));
  if (pageNumber === undefined || !wanted) return false;
  const image = await known.image(assetVersionId, pageNumber, wanted);
  if (!image) return false;
  res.set('X-Robots-Tag', 'noindex, nofollow');
  if (label !== undefined) {
    await sendMarked(watermarks, req, res, { ...image, label, keptSeconds });
    return true;
  }
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
  known: KnownLinks,
  req: Request,
  res: Response,
  assetVersionId: string,
): Promise<boolean> {
  const first = readPageNumber(req);
  if (first === undefined) return false;
  const content = await known.content(assetVersionId);
  const pages = content ? listPictured(content) : [];
  if (!pages.some(({ pageNumber }) => pageNumber === first)) return false;
  const layers = await known.layers(assetVersionId, { first, last: first + chunk.pages - 1 });
  await sendFragment(req, res, html`${[...takeLayers(pages, layers, chunk.bytes).values()]}`);
  return true;
}

function readPageNumber(req: Request): number | undefined {
  const text = String(req.params.pageNumber);
  const pageNumber = /^[1-9]\d{0,4}$/.test(text) ? Number(text) : undefined;
  return pageNumber !== undefined && pageNumber <= mostPages ? pageNumber : undefined;
}
