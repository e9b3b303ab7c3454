import { readFile } from 'node:fs/promises';
import sharp, { type Sharp } from 'sharp';
import { FileRefused, type TaskHandler } from '../tasks.ts';
import { encodePage } from './encode.ts';

const pixelLimit = 100e6;

export const renderPicture: TaskHandler<'render-picture'> = async (_task, { inputPath, folder }) => {
  const bytes = await readFile(inputPath);
  const source = (): Sharp =>
    sharp(bytes, { limitInputPixels: pixelLimit, failOn: 'error' })
      .autoOrient()
      .flatten({ background: '#fff' });
  const { autoOrient } = await sharp(bytes, { limitInputPixels: pixelLimit })
    .metadata()
    .catch(() => {
      throw new FileRefused('damaged', 'The picture can not be read.');
    });
  const images = await encodePage(source, { folder, pageNumber: 1 });
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
