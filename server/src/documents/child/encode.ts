import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import type { ImageKind, PageImage } from '../tasks.ts';

// Pages come one after the other and each is encoded once: a cache and threads within one picture only cost memory.
sharp.cache(false);
sharp.concurrency(1);

export const largeWidth = 1600;
const widths: Record<Exclude<ImageKind, 'poster'>, number> = {
  large: largeWidth,
  small: 800,
  thumbnail: 480,
};
/** WebP allows no more on either side. */
export const sideLimit = 16_383;

/** Writes the sizes of one page, each from the same pixels and none larger than they are. */
export async function encodePage(
  source: () => Sharp,
  { folder, pageNumber }: { folder: string; pageNumber: number },
): Promise<PageImage[]> {
  const kinds = pageNumber === 1 ? (['large', 'small', 'thumbnail'] as const) : (['large', 'small'] as const);
  return Promise.all(
    kinds.map(async (kind) => {
      const file = `page-${pageNumber}-${kind}.webp`;
      const { width, height } = await source()
        .resize({ width: widths[kind], height: sideLimit, fit: 'inside', withoutEnlargement: true })
        .webp({ quality: 80, effort: 2 })
        .toFile(join(folder, file));
      return { kind, file, width, height };
    }),
  );
}
