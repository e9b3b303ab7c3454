import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import { FileRefused, type TaskHandler } from '../tasks.ts';
import { encodePage, largeWidth, sideLimit } from './encode.ts';

const pixelLimit = 100e6;

export const renderPicture: TaskHandler<'render-picture'> = async (_task, { inputPath, folder }) => {
  const bytes = await readFile(inputPath);
  const picture = sharp(bytes, { limitInputPixels: pixelLimit, failOn: 'error' });
  const { autoOrient } = await picture.metadata().catch(() => {
    throw new FileRefused('damaged', 'The picture can not be read.');
  });
  const { data, info } = await picture
    .autoOrient()
    .resize({ width: largeWidth, height: sideLimit, fit: 'inside', withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .toColourspace('srgb')
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const images = await encodePage(
    { data, width: info.width, height: info.height },
    { folder, pageNumber: 1 },
  );
  return {
    page: {
      pageNumber: 1,
      width: autoOrient.width * 0.75,
      height: autoOrient.height * 0.75,
      text: '',
      wordCount: 0,
      headings: [],
      links: [],
      textLayer: [],
      images,
    },
  };
};
