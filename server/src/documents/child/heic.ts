import { FileRefused } from '../tasks.ts';
import type { Pixels } from './encode.ts';

/** Photographs of telephones. The decoder is loaded for the first of them only. */
export async function decodeHeic(bytes: Buffer, pixelLimit: number): Promise<Pixels> {
  const { all } = await import('heic-decode');
  const images = await all({ buffer: bytes });
  try {
    const [first] = images;
    if (!first) throw new FileRefused('damaged', 'There is no picture in the file.');
    if (first.width * first.height > pixelLimit)
      throw new FileRefused('too_many_pixels', 'The photograph has too many pixels.');
    const { width, height, data } = await first.decode();
    return { width, height, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength) };
  } finally {
    images.dispose();
  }
}
