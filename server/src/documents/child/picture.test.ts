import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import type { RenderedPage } from '../tasks.ts';
import { renderPicture } from './picture.ts';

const timeout = 60_000;

interface Drawn {
  page: RenderedPage;
  /** Of the large image: the colour at a place that is given in shares of its sides. */
  colourAt: (x: number, y: number) => number[];
}

async function render(
  bytes: Uint8Array | string,
  mediaType: string,
  beside: Record<string, Buffer> = {},
): Promise<Drawn> {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-picture-'));
  try {
    for (const [name, content] of Object.entries(beside)) await writeFile(join(folder, name), content);
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    const { page } = await renderPicture({ mediaType }, { inputPath, folder, emit: async () => {} });
    const large = join(folder, page.images[0]?.file ?? '');
    const { data, info } = await sharp(large).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const colourAt = (x: number, y: number) => {
      const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * 3;
      return [...data.subarray(at, at + 3)];
    };
    return { page, colourAt };
  } finally {
    await rm(folder, { recursive: true });
  }
}

function plain(width: number, height: number, background: string) {
  return sharp({ create: { width, height, channels: 4, background } });
}

/** Red on the left, blue on the right. */
async function twoColours(width: number, height: number) {
  const half = await plain(width / 2, height, '#00f')
    .png()
    .toBuffer();
  return sharp(
    await plain(width, height, '#f00')
      .composite([{ input: half, left: width / 2, top: 0 }])
      .png()
      .toBuffer(),
  );
}

/** Noise that no format makes small. */
function grain(width: number, height: number) {
  const data = Buffer.alloc(width * height * 3);
  for (let at = 0, noise = 1; at < data.length; at += 1) {
    noise = (Math.imul(noise, 1_103_515_245) + 12_345) >>> 0;
    data[at] = noise >>> 24;
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

test('a picture becomes a page with its own size in points, and images that are never larger', {
  timeout,
}, async () => {
  const { page } = await render(await plain(2000, 1000, '#0a0').png().toBuffer(), 'image/png');
  expect([page.width, page.height]).toEqual([1500, 750]);
  expect(page.images.map(({ kind, width, height }) => [kind, width, height])).toEqual([
    ['large', 1600, 800],
    ['small', 800, 400],
    ['thumbnail', 480, 240],
  ]);
  const small = await render(await plain(300, 200, '#0a0').png().toBuffer(), 'image/png');
  expect(small.page.images.map(({ width }) => width)).toEqual([300, 300, 300]);
});

test('a photograph stands as the camera was held', { timeout }, async () => {
  const lying = await (await twoColours(600, 400)).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const { page, colourAt } = await render(lying, 'image/jpeg');
  expect([page.width, page.height]).toEqual([300, 450]);
  expect(colourAt(0.5, 0.1)[0]).toBeGreaterThan(200);
  expect(colourAt(0.5, 0.9)[2]).toBeGreaterThan(200);
});

test.each(['png', 'webp', 'gif', 'tiff', 'avif', 'jpeg'] as const)(
  '%s is read',
  { timeout },
  async (format) => {
    const bytes = await (await twoColours(400, 200)).toFormat(format).toBuffer();
    const { colourAt } = await render(bytes, `image/${format}`);
    expect(colourAt(0.2, 0.5)[0]).toBeGreaterThan(200);
    expect(colourAt(0.8, 0.5)[2]).toBeGreaterThan(200);
  },
);

test('grey, printing colours and sixteen bits become ordinary colours', { timeout }, async () => {
  const source = await twoColours(400, 200);
  const grey = await render(await source.clone().greyscale().png().toBuffer(), 'image/png');
  expect(new Set(grey.colourAt(0.2, 0.5)).size).toBe(1);
  const printed = await render(await source.clone().toColourspace('cmyk').jpeg().toBuffer(), 'image/jpeg');
  const [red = 0, green = 0] = printed.colourAt(0.2, 0.5);
  expect(red - green).toBeGreaterThan(100);
  const deep = await render(await source.clone().toColourspace('rgb16').png().toBuffer(), 'image/png');
  expect(deep.colourAt(0.2, 0.5)).toEqual([255, 0, 0]);
});

test('of an animation the first frame is shown', { timeout }, async () => {
  const frames = await Promise.all(
    ['#f00', '#0f0'].map((colour) => plain(100, 100, colour).png().toBuffer()),
  );
  const { page, colourAt } = await render(
    await sharp(frames, { join: { animated: true } })
      .gif()
      .toBuffer(),
    'image/gif',
  );
  expect([page.width, page.height]).toEqual([75, 75]);
  expect(colourAt(0.5, 0.5)).toEqual([255, 0, 0]);
});

test('a drawing is drawn large, and reads no file beside it', { timeout }, async () => {
  const secret = await plain(100, 100, '#0f0').png().toBuffer();
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><script>alert(1)</script>
    <rect width="50" height="50" fill="#c00"/><image href="secret.png" x="50" width="50" height="50"/></svg>`;
  const { page, colourAt } = await render(svg, 'image/svg+xml', { 'secret.png': secret });
  expect(page.images.map(({ width }) => width)).toEqual([1600, 800, 480]);
  expect([page.width, page.height]).toEqual([75, 37.5]);
  expect(colourAt(0.25, 0.5)).toEqual([204, 0, 0]);
  expect(colourAt(0.75, 0.5)).toEqual([255, 255, 255]);
  await expect(render(svg, 'image/png', { 'secret.png': secret })).rejects.toMatchObject({
    reason: 'unknown_type',
  });
});

test('what is transparent stands on white, and a white logo on grey', { timeout }, async () => {
  const logo = (colour: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><circle cx="50" cy="50" r="25" fill="${colour}"/></svg>`;
  const dark = await render(logo('#123'), 'image/svg+xml');
  expect(dark.colourAt(0.1, 0.1)).toEqual([255, 255, 255]);
  const white = await render(logo('#fff'), 'image/svg+xml');
  expect(white.colourAt(0.1, 0.1)).toEqual([60, 60, 60]);
  expect(white.colourAt(0.5, 0.5)).toEqual([255, 255, 255]);
});

test('a photograph that is cut off is shown when most of it is there', { timeout }, async () => {
  const whole = await grain(400, 400).jpeg().toBuffer();
  const { page } = await render(whole.subarray(0, whole.length * 0.9), 'image/jpeg');
  expect(page.width).toBe(300);
  await expect(render(whole.subarray(0, whole.length * 0.2), 'image/jpeg')).rejects.toMatchObject({
    reason: 'damaged',
  });
  const png = await grain(400, 400).png().toBuffer();
  await expect(render(png.subarray(0, png.length * 0.9), 'image/png')).rejects.toMatchObject({
    reason: 'damaged',
  });
});

test('bitmaps of Windows are read', { timeout }, async () => {
  const side = 32;
  const bytes = Buffer.alloc(54 + side * side * 3);
  bytes.write('BM');
  const header = [
    [10, 54],
    [14, 40],
    [18, side],
    [22, side],
  ] as const;
  for (const [at, value] of header) bytes.writeUInt32LE(value, at);
  bytes.writeUInt16LE(24, 28);
  // Rows stand from the bottom up, blue first: red and green below, blue above.
  for (let index = 0; index < side * side; index += 1) {
    const isBelow = index < (side * side) / 2;
    const isLeft = index % side < side / 2;
    bytes.set(isBelow ? (isLeft ? [0, 0, 255] : [0, 255, 0]) : [255, 0, 0], 54 + index * 3);
  }
  const { colourAt } = await render(bytes, 'image/bmp');
  expect(colourAt(0.2, 0.8)).toEqual([255, 0, 0]);
  expect(colourAt(0.8, 0.8)).toEqual([0, 255, 0]);
  expect(colourAt(0.5, 0.2)).toEqual([0, 0, 255]);
  await expect(render(bytes.subarray(0, 60), 'image/bmp')).rejects.toMatchObject({ reason: 'damaged' });
});

test('too many pixels, nonsense and bombs are refused with their reason', { timeout }, async () => {
  const wide = Buffer.alloc(70);
  wide.write('BM');
  for (const [at, value] of [
    [14, 40],
    [18, 100_000],
    [22, 100_000],
  ] as const)
    wide.writeUInt32LE(value, at);
  wide.writeUInt16LE(24, 28);
  await expect(render(wide, 'image/bmp')).rejects.toMatchObject({ reason: 'too_many_pixels' });
  const large = await plain(10_001, 10_001, '#fff').png().toBuffer();
  await expect(render(large, 'image/png')).rejects.toMatchObject({ reason: 'too_many_pixels' });
  await expect(render('no picture at all', 'image/png')).rejects.toMatchObject({ reason: 'unknown_type' });
  await expect(render('no photograph', 'image/heic')).rejects.toMatchObject({ reason: 'damaged' });
  const entity = (name: string, text: string) => `<!ENTITY ${name} "${text}">`;
  const levels = Array.from({ length: 12 }, (_, level) =>
    entity(`l${level}`, level === 0 ? 'ha' : `&l${level - 1};`.repeat(10)),
  );
  const laughs = `<?xml version="1.0"?><!DOCTYPE svg [${levels.join('')}]>
    <svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&l11;</text></svg>`;
  await expect(render(laughs, 'image/svg+xml')).rejects.toMatchObject({ reason: 'damaged' });
});
