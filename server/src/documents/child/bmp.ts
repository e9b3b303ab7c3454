import { FileRefused } from '../tasks.ts';
import type { Pixels } from './encode.ts';

interface Header {
  width: number;
  height: number;
  isTopDown: boolean;
  bits: number;
  pixelsAt: number;
  paletteAt: number;
  paletteStep: number;
  /** Red, green, blue, opacity. */
  masks: number[] | undefined;
}

/** Bitmaps as Windows programs write them; the rare packed ones are refused. */
export function decodeBmp(bytes: Buffer, pixelLimit: number): Pixels {
  if (bytes.length < 26 || bytes.toString('latin1', 0, 2) !== 'BM')
    throw new FileRefused('damaged', 'The file does not start as a bitmap does.');
  const header = readHeader(bytes);
  const { width, height, bits, pixelsAt, isTopDown } = header;
  if (width * height > pixelLimit)
    throw new FileRefused('too_many_pixels', 'The bitmap has too many pixels.');
  const rowLength = Math.ceil((width * bits) / 32) * 4;
  if (width < 1 || height < 1 || pixelsAt + rowLength * height > bytes.length)
    throw new FileRefused('damaged', 'The bitmap is cut off.');
  const data = Buffer.alloc(width * height * 4, 255);
  const readPixel = pixelReader(bytes, header);
  for (let y = 0; y < height; y += 1) {
    const from = pixelsAt + rowLength * (isTopDown ? y : height - 1 - y);
    for (let x = 0; x < width; x += 1) readPixel(from, x, data, (y * width + x) * 4);
  }
  return { data, width, height };
}

function readHeader(bytes: Buffer): Header {
  const pixelsAt = bytes.readUInt32LE(10);
  const size = bytes.readUInt32LE(14);
  if (size === 12) {
    const [width, height, bits] = [bytes.readUInt16LE(18), bytes.readUInt16LE(20), bytes.readUInt16LE(24)];
    return { ...known(width, height, bits), pixelsAt, paletteAt: 26, paletteStep: 3, masks: undefined };
  }
  if (size < 40 || bytes.length < 14 + size) throw new FileRefused('damaged', 'The bitmap has no header.');
  const [width, height, bits] = [bytes.readInt32LE(18), bytes.readInt32LE(22), bytes.readUInt16LE(28)];
  const packing = bytes.readUInt32LE(30);
  const hasMasks = packing === 3 || packing === 6;
  if (packing !== 0 && !hasMasks) throw new FileRefused('unknown_type', 'The bitmap is packed.');
  const maskCount = size >= 56 || packing === 6 ? 4 : 3;
  const masks = hasMasks
    ? Array.from({ length: maskCount }, (_, index) => bytes.readUInt32LE(54 + index * 4))
    : undefined;
  const paletteAt = 14 + size + (hasMasks && size === 40 ? maskCount * 4 : 0);
  return { ...known(width, height, bits), pixelsAt, paletteAt, paletteStep: 4, masks };
}

function known(width: number, height: number, bits: number) {
  if (![1, 4, 8, 16, 24, 32].includes(bits))
    throw new FileRefused('unknown_type', `A bitmap of ${bits} bits.`);
  return { width, height: Math.abs(height), isTopDown: height < 0, bits };
}

type PixelReader = (row: number, x: number, target: Buffer, at: number) => void;

function pixelReader(bytes: Buffer, header: Header): PixelReader {
  const { bits, paletteAt, paletteStep } = header;
  if (bits <= 8) {
    const perByte = 8 / bits;
    return (row, x, target, at) => {
      const byte = bytes[row + Math.floor(x / perByte)] ?? 0;
      const index = (byte >> (8 - bits * ((x % perByte) + 1))) & ((1 << bits) - 1);
      copyColour(bytes, paletteAt + index * paletteStep, target, at);
    };
  }
  if (bits === 24) return (row, x, target, at) => copyColour(bytes, row + x * 3, target, at);
  if (bits === 32 && !header.masks) return (row, x, target, at) => copyColour(bytes, row + x * 4, target, at);
  const masks = header.masks ?? [0x7c00, 0x03e0, 0x001f];
  const shades = masks.map(shadeReader);
  return (row, x, target, at) => {
    const value = bits === 16 ? bytes.readUInt16LE(row + x * 2) : bytes.readUInt32LE(row + x * 4);
    for (const [index, shade] of shades.entries()) target[at + index] = shade(value);
  };
}

/** Blue comes first. */
function copyColour(bytes: Buffer, from: number, target: Buffer, at: number): void {
  target[at] = bytes[from + 2] ?? 0;
  target[at + 1] = bytes[from + 1] ?? 0;
  target[at + 2] = bytes[from] ?? 0;
}

function shadeReader(mask: number): (value: number) => number {
  if (mask === 0) return () => 255;
  const shift = Math.clz32(mask & -mask) ^ 31;
  const most = mask >>> shift;
  return (value) => Math.round((((value & mask) >>> shift) / most) * 255);
}
