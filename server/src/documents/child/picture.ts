import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp, { type Sharp, type SharpOptions } from 'sharp';
import { FileRefused, type TaskHandler } from '../tasks.ts';
import { layOnBackdrop } from './backdrop.ts';
import { decodeBmp } from './bmp.ts';
import { encodePage, largeWidth, type Pixels, sideLimit } from './encode.ts';
import { decodeHeic } from './heic.ts';

/** A picture read into pixels, with the size that it has itself. */
interface ReadPicture {
  pixels: Pixels;
  width: number;
  height: number;
}

const byteLimit = 256 * 2 ** 20;
const pixelLimit = 100e6;
const secondLimit = 20;
const pointsPerPixel = 0.75;
const drawingByteLimit = 20 * 2 ** 20;
const drawnPixelLimit = 16e6;
/** Of librsvg, at which a unit of the drawing is a pixel. */
const plainDensity = 72;

export const renderPicture: TaskHandler<'render-picture'> = async ({ mediaType }, { inputPath, folder }) => {
  if ((await stat(inputPath)).size > byteLimit) throw new FileRefused('too_large', 'The file is too large.');
  // Never by its path: what draws SVG would also read the files that lie beside it.
  const bytes = await readFile(inputPath);
  const { pixels, width, height } = await read(bytes, mediaType).catch((error) => {
    throw refusal(error);
  });
  layOnBackdrop(pixels);
  const images = await encodePage(pixels, { folder, pageNumber: 1 });
  return {
    page: {
      pageNumber: 1,
      width: Math.min(width * pointsPerPixel, 1e6),
      height: Math.min(height * pointsPerPixel, 1e6),
      text: '',
      wordCount: 0,
      headings: [],
      links: [],
      textLayer: [],
      images,
    },
  };
};

export const makeJpeg: TaskHandler<'make-jpeg'> = async ({ width }, { inputPath, folder }) => {
  const bytes = await sharp(await readFile(inputPath), { limitInputPixels: drawnPixelLimit })
    .resize({ width, withoutEnlargement: true })
    .flatten({ background: '#fff' })
    .jpeg({ quality: 82, mozjpeg: true })
    .timeout({ seconds: secondLimit })
    .toBuffer();
  await writeFile(join(folder, 'picture.jpg'), bytes);
  return {};
};

function read(bytes: Buffer, mediaType: string): Promise<ReadPicture> {
  if (mediaType === 'image/svg+xml') return readDrawing(bytes);
  if (mediaType === 'image/heic') return decodeHeic(bytes, pixelLimit).then(readPixels);
  if (mediaType === 'image/bmp') return readPixels(decodeBmp(bytes, pixelLimit));
  return readPhoto(bytes);
}

/** Everything that sharp reads itself: the first frame or page, turned as the camera was held. */
async function readPhoto(bytes: Buffer): Promise<ReadPicture> {
  const open = (failOn: SharpOptions['failOn']) => sharp(bytes, { limitInputPixels: pixelLimit, failOn });
  const { autoOrient, format } = await open('none').metadata();
  if (format === 'svg') throw new FileRefused('unknown_type', 'A drawing calls itself a photograph.');
  const size = { width: autoOrient.width, height: autoOrient.height };
  const fit = (picture: Sharp) => toPixels(shrink(picture.autoOrient()));
  try {
    return { ...size, pixels: await fit(open('error')) };
  } catch (error) {
    // A photograph that was cut off is shown when most of it is there. Other kinds come with leftovers of memory.
    const pixels = format === 'jpeg' ? await fit(open('none')).catch(() => undefined) : undefined;
    if (!pixels || isMostlyMissing(pixels)) throw error;
    return { ...size, pixels };
  }
}

async function readPixels(source: Pixels): Promise<ReadPicture> {
  const { data, width, height } = source;
  const picture = sharp(data, { raw: { width, height, channels: 4 }, limitInputPixels: pixelLimit });
  return { width, height, pixels: await toPixels(shrink(picture)) };
}

/** Drawn as large as it is shown: a drawing has no pixels that could be too few. */
async function readDrawing(bytes: Buffer): Promise<ReadPicture> {
  if (bytes.length > drawingByteLimit) throw new FileRefused('too_large', 'The drawing is too large.');
  const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
  const scale = Math.min(
    largeWidth / width,
    sideLimit / height,
    Math.sqrt(drawnPixelLimit / (width * height)),
  );
  const density = Math.min(Math.max(plainDensity * scale, 1), 100_000);
  const picture = sharp(bytes, { density, limitInputPixels: drawnPixelLimit * 4, failOn: 'error' });
  return { width, height, pixels: await toPixels(shrink(picture)) };
}

function shrink(picture: Sharp): Sharp {
  return picture.resize({ width: largeWidth, height: sideLimit, fit: 'inside', withoutEnlargement: true });
}

async function toPixels(picture: Sharp): Promise<Pixels> {
  const { data, info } = await picture
    .toColourspace('srgb')
    .ensureAlpha()
    .timeout({ seconds: secondLimit })
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Rows that could not be read are all like the last one. */
function isMostlyMissing({ data, width, height }: Pixels): boolean {
  const row = (index: number) => data.subarray(index * width * 4, (index + 1) * width * 4);
  const last = row(height - 1);
  let known = height - 1;
  while (known > 0 && row(known - 1).equals(last)) known -= 1;
  return known < height / 2;
}

/** Libraries say in words only what they do not like about a file. */
function refusal(error: unknown): FileRefused {
  if (error instanceof FileRefused) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/pixel limit|too large|dimensions/i.test(message)) return new FileRefused('too_many_pixels', message);
  if (/unsupported image format/i.test(message)) return new FileRefused('unknown_type', message);
  if (/timeout/i.test(message)) return new FileRefused('too_large', message);
  return new FileRefused('damaged', message);
}
