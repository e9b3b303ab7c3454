import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { keepBlob } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { PageImage, RenderedPage } from '../documents/tasks.ts';
import type { StagedBlob } from '../storage/store.ts';
import { type RenditionRow, updateRendition, upsertImage, upsertPage } from './write-queries.ts';

const longestImageBytes = 64 * 1_048_576;

/** Keeps one page with its pictures in one transaction; from then on everybody sees it. */
export async function keepPage(
  ctx: Context,
  rendition: RenditionRow,
  page: RenderedPage,
  { folder, notes, renderedPageCount }: { folder: string; notes: string; renderedPageCount: number },
): Promise<void> {
  const { images, pageNumber, headings, links, textLayer, ...row } = page;
  const staged = await stageImages(ctx, images, folder);
  await ctx.db.transaction().execute(async (trx) => {
    await upsertPage(trx, {
      ...row,
      headings: headings,
      links: links,
      textLayer: textLayer,
      renditionId: rendition.id,
      pageNumber,
      notes,
    });
    await keepImages(ctx, trx, rendition.id, pageNumber, staged);
    await updateRendition(trx, rendition.id, { renderedPageCount });
  });
}

/** A picture that is whole beside the store and becomes findable with the row that names it. */
export interface StagedImage {
  staged: StagedBlob;
  image: PageImage;
}

export async function stageImages(
  { blobs }: Context,
  images: PageImage[],
  folder: string,
): Promise<StagedImage[]> {
  const done: StagedImage[] = [];
  try {
    for (const image of images) {
      const source = createReadStream(join(folder, image.file));
      const staged = await blobs.stage(source, { limitBytes: longestImageBytes });
      done.push({ staged, image });
      if (!isWebp(staged.head))
        throw new Error(`A child handed over ${image.file}, which is no WebP picture.`);
    }
    return done;
  } catch (error) {
    for (const { staged } of done) await staged.discard();
    throw error;
  }
}

function isWebp(head: Uint8Array): boolean {
  const text = Buffer.from(head.subarray(0, 12)).toString('latin1');
  return text.startsWith('RIFF') && text.endsWith('WEBP');
}

/** Always in the same order, so that two files with the same blank page wait for each other instead of for ever. */
export async function keepImages(
  ctx: Context,
  trx: Context['db'],
  renditionId: string,
  pageNumber: number,
  images: StagedImage[],
): Promise<void> {
  for (const { staged, image } of images.toSorted((a, b) => a.staged.hash.localeCompare(b.staged.hash))) {
    const { kind, width, height } = image;
    await keepBlob(ctx, trx, staged);
    await upsertImage(trx, { renditionId, pageNumber, kind, blobHash: staged.hash, width, height });
  }
}
