import type { Pixels } from './encode.ts';

/** Neighbours that differ by less than this, over all three colours, belong to a photograph or to shading. */
const softStep = 24;
const softShareLimit = 0.02;
const flatShareLeast = 0.7;

/** Whether this is text and drawing: flat areas with hard edges, and next to no shading. */
export function isDrawn({ data, width, height }: Pixels): boolean {
  const pixels = words(data);
  const rowStep = 8;
  let flat = 0;
  let soft = 0;
  let all = 0;
  for (let row = 0; row < height; row += rowStep) {
    let before = pixels[row * width] ?? 0;
    for (let index = row * width + 1; index < (row + 1) * width; index += 1) {
      const here = pixels[index] ?? 0;
      if (here === before) flat += 1;
      else if (difference(here, before) < softStep) soft += 1;
      before = here;
    }
    all += width - 1;
  }
  return soft <= all * softShareLimit && flat >= all * flatShareLeast;
}

/**
 * Gives the pixels at hard edges one of 8 shades per colour, which nobody sees between two flat areas and which
 * halves the file. Areas and shading keep their exact colours.
 */
export function snapEdges({ data }: Pixels): void {
  const pixels = words(data);
  let before = pixels[0] ?? 0;
  let here = pixels[1] ?? 0;
  for (let index = 1; index < pixels.length - 1; index += 1) {
    const after = pixels[index + 1] ?? 0;
    const isEdge =
      here !== before &&
      here !== after &&
      (difference(here, before) >= softStep || difference(here, after) >= softStep);
    if (isEdge) pixels[index] = snap(here);
    before = here;
    here = after;
  }
}

const shadeStep = 255 / 7;
const shades = Uint8Array.from({ length: 256 }, (_, value) =>
  Math.round(Math.round(value / shadeStep) * shadeStep),
);

function snap(pixel: number): number {
  const red = shades[pixel & 255] ?? 0;
  const green = shades[(pixel >> 8) & 255] ?? 0;
  const blue = shades[(pixel >> 16) & 255] ?? 0;
  return (pixel & 0xff000000) | (blue << 16) | (green << 8) | red;
}

function difference(a: number, b: number): number {
  return (
    Math.abs((a & 255) - (b & 255)) +
    Math.abs(((a >> 8) & 255) - ((b >> 8) & 255)) +
    Math.abs(((a >> 16) & 255) - ((b >> 16) & 255))
  );
}

/** Signed, because only such numbers are small ones to the engine, which would otherwise make an object of each. */
function words(data: Buffer): Int32Array {
  return new Int32Array(data.buffer, data.byteOffset, data.length / 4);
}
