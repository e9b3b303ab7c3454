import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { escapeHtml } from '../escape-html.ts';
import type { TaskHandler } from '../tasks.ts';

sharp.cache(false);
sharp.concurrency(1);

const pixelLimit = 40e6;
const secondLimit = 10;
/** Letters are this share of the width of a page, so that both sizes of its picture look alike. */
const letterShare = 1 / 52;
const turn = 24;
/** One viewer reads many pages, one after the other; each width needs the overlay once. */
const overlays = new Map<string, Promise<Buffer>>();
const mostOverlays = 8;

export const drawWatermark: TaskHandler<'watermark'> = async ({ label }, { inputPath, folder }) => {
  const page = sharp(await readFile(inputPath), { limitInputPixels: pixelLimit });
  const { width } = await page.metadata();
  const marked = await page
    .composite([{ input: await findOverlay(label, width), tile: true, gravity: 'northwest' }])
    .webp({ quality: 80, effort: 1 })
    .timeout({ seconds: secondLimit })
    .toBuffer();
  await writeFile(join(folder, 'marked.webp'), marked);
  return {};
};

function findOverlay(label: string, width: number): Promise<Buffer> {
  const key = `${width} ${label}`;
  const overlay = overlays.get(key) ?? drawOverlay(label, width);
  overlays.delete(key);
  overlays.set(key, overlay);
  const [oldest] = overlays.keys();
  if (overlays.size > mostOverlays && oldest !== undefined) overlays.delete(oldest);
  return overlay;
}

/** Dark letters with a light edge: on white the letters are seen, on black the edge. */
function drawOverlay(label: string, width: number): Promise<Buffer> {
  const size = Math.max(9, width * letterShare);
  const length = 0.6 * size * [...label].length;
  const angle = (turn * Math.PI) / 180;
  const tile = {
    width: Math.ceil(length * Math.cos(angle) + 4 * size),
    height: Math.ceil(length * Math.sin(angle) + 4 * size),
  };
  const middle = `${tile.width / 2} ${tile.height / 2}`;
  const text = `<svg xmlns="http://www.w3.org/2000/svg" width="${tile.width}" height="${tile.height}"><text transform="rotate(-${turn} ${middle})" x="${tile.width / 2}" y="${tile.height / 2}" text-anchor="middle" font-family="Noto Sans, sans-serif" font-size="${size}" fill="#000" fill-opacity=".3" stroke="#fff" stroke-opacity=".4" stroke-width="${size / 7}" paint-order="stroke" stroke-linejoin="round">${escapeHtml(label)}</text></svg>`;
  return sharp(Buffer.from(text)).png().toBuffer();
}
