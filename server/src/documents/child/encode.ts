import { join } from 'node:path';
import sharp, { type WebpOptions } from 'sharp';
import type { ImageKind, PageImage } from '../tasks.ts';
import { isDrawn, snapEdges } from './flat-pixels.ts';
import { returnBuffer } from './pixel-buffers.ts';

// Pages come one after the other and each is encoded once: a cache and threads within one picture only cost memory.
sharp.cache(false);
sharp.concurrency(1);

export const largeWidth = 1600;
/** WebP allows no more on either side. */
export const sideLimit = 16_383;

const smallerWidths = { small: 800, thumbnail: 480 };
/** Of a page that is taller a thumbnail shows the upper part. */
const tallestThumbnail = 2;

/** Four bytes each: red, green, blue and nothing. */
export interface Pixels {
  data: Buffer;
  width: number;
  height: number;
}

/**
 * Writes the sizes of one page, each from the same pixels and none larger than they are. Text and drawings are kept
 * without loss: that takes fewer bytes and less time than the usual way for photographs, and letters stay sharp.
 * The pixels are used up.
 */
export async function encodePage(
  pixels: Pixels,
  { folder, pageNumber }: { folder: string; pageNumber: number },
): Promise<PageImage[]> {
  const isFlat = isDrawn(pixels);
  if (isFlat) snapEdges(pixels);
  const write = async (kind: ImageKind, size: Pixels): Promise<PageImage> => {
    const file = `page-${pageNumber}-${kind}.webp`;
    if (isFlat && size !== pixels) snapEdges(size);
    await fromPixels(size)
      .removeAlpha()
      .webp(isFlat ? flat : photographic)
      .toFile(join(folder, file));
    return { kind, file, width: size.width, height: size.height };
  };
  const smaller = pageNumber === 1 ? (['small', 'thumbnail'] as const) : (['small'] as const);
  const written = await Promise.allSettled([
    write('large', pixels),
    ...smaller.map(async (kind) => {
      const kernel = isFlat ? 'mitchell' : 'lanczos3';
      return write(
        kind,
        await shrink(kind === 'thumbnail' ? upperPart(pixels) : pixels, smallerWidths[kind], kernel),
      );
    }),
  ]);
  returnBuffer(pixels.data);
  return written.map((result) => {
    if (result.status === 'rejected') throw result.reason;
    return result.value;
  });
}

const photographic: WebpOptions = { quality: 80, effort: 2 };
/** Without loss `quality` says how hard to look for repetition; more than this takes twice the time for a fifth. */
const flat: WebpOptions = { lossless: true, quality: 20, effort: 1 };

function upperPart({ data, width, height }: Pixels): Pixels {
  const shown = Math.min(height, width * tallestThumbnail);
  return { data: data.subarray(0, width * shown * 4), width, height: shown };
}

/** Sharpening kernels leave a fringe around letters, which is nothing but bytes in a picture without loss. */
async function shrink(pixels: Pixels, width: number, kernel: 'mitchell' | 'lanczos3'): Promise<Pixels> {
  if (pixels.width <= width) return pixels;
  const { data, info } = await fromPixels(pixels)
    .resize({ width, kernel })
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

function fromPixels({ data, width, height }: Pixels) {
  return sharp(data, { raw: { width, height, channels: 4 } });
}
