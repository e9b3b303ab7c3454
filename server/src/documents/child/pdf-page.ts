import { largeWidth, type Pixels, sideLimit } from './encode.ts';
import type { PdfDocument, Pdfium } from './pdfium.ts';
import { takeBuffer } from './pixel-buffers.ts';

export interface PdfPage {
  pdfium: Pdfium;
  document: number;
  handle: number;
  /** In points, as it is shown: cropped and turned. */
  width: number;
  height: number;
  /** From the page's own coordinates to points from the upper left corner as it is shown. */
  toShown: (x: number, y: number) => [x: number, y: number];
}

/** A box on the page as it is shown. */
export interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

const pixelLimit = 16e6;
/** An upright page has more lines than a slide; its text is as large as a slide's at less than the full width. */
const uprightWidth = 1400;
/** Beyond this a page of a few points would be blown up to no use. */
const scaleLimit = 16;
/** In points. The format allows 14,400. */
const pageSizeLimit = 1e6;

/** Undefined when the page is too broken to be opened. */
export function withPage<T>({ pdfium, handle }: PdfDocument, index: number, work: (page: PdfPage) => T) {
  const page = pdfium.FPDF_LoadPage(handle, index);
  if (!page) return undefined;
  try {
    const width = pdfium.FPDF_GetPageWidthF(page);
    const height = pdfium.FPDF_GetPageHeightF(page);
    const isPage = width > 0 && height > 0 && width <= pageSizeLimit && height <= pageSizeLimit;
    if (!isPage) return undefined;
    const toShown = shownCoordinates(pdfium, page, width, height);
    return work({ pdfium, document: handle, handle: page, width, height, toShown });
  } finally {
    pdfium.FPDF_ClosePage(page);
  }
}

/** Memory of PDFium for the time of `work`. */
export function withMemory<T>(pdfium: Pdfium, size: number, work: (address: number) => T): T {
  const address = pdfium.pdfium.wasmExports.malloc(size);
  try {
    return work(address);
  } finally {
    pdfium.pdfium.wasmExports.free(address);
  }
}

/** PDFium answers in whole pixels of a device, so the device is made fine and the mapping taken from three points. */
function shownCoordinates(pdfium: Pdfium, page: number, width: number, height: number): PdfPage['toShown'] {
  const fine = Math.min(100, 1e9 / Math.max(width, height));
  const [deviceWidth, deviceHeight] = [Math.round(width * fine), Math.round(height * fine)];
  const span = 1000;
  const at = (x: number, y: number): [number, number] =>
    withMemory(pdfium, 8, (address) => {
      pdfium.FPDF_PageToDevice(page, 0, 0, deviceWidth, deviceHeight, 0, x, y, address, address + 4);
      const { HEAP32 } = pdfium.pdfium;
      return [(HEAP32[address / 4] ?? 0) / fine, (HEAP32[address / 4 + 1] ?? 0) / fine];
    });
  const [originX, originY] = at(0, 0);
  const [rightX, rightY] = at(span, 0);
  const [upX, upY] = at(0, span);
  const [a, b, c, d] = [rightX - originX, rightY - originY, upX - originX, upY - originY];
  return (x, y) => [originX + (a * x + c * y) / span, originY + (b * x + d * y) / span];
}

export function shownBox(
  { toShown }: PdfPage,
  left: number,
  top: number,
  right: number,
  bottom: number,
): Box {
  const [x1, y1] = toShown(left, top);
  const [x2, y2] = toShown(right, bottom);
  return { left: Math.min(x1, x2), top: Math.min(y1, y2), right: Math.max(x1, x2), bottom: Math.max(y1, y2) };
}

/** The part of a box that lies on the page. */
export function clip(box: Box, { width, height }: PdfPage): Box {
  return {
    left: Math.max(box.left, 0),
    top: Math.max(box.top, 0),
    right: Math.min(box.right, width),
    bottom: Math.min(box.bottom, height),
  };
}

/** One decimal is a seventh of a pixel on a screen, and keeps the many boxes short. */
export function round1(value: number): number {
  return Math.round(value * 10) / 10;
}

/** The page's pixels at the largest size that is kept, or undefined when there is no time left for them. */
export function drawPage(page: PdfPage, isOver: () => boolean): Pixels | undefined {
  const { pdfium, width, height } = page;
  const scale = Math.min(
    (height > width * 1.1 ? uprightWidth : largeWidth) / width,
    sideLimit / height,
    Math.sqrt(pixelLimit / (width * height)),
    scaleLimit,
  );
  const pixelWidth = Math.max(1, Math.round(width * scale));
  const pixelHeight = Math.max(1, Math.round(height * scale));
  const bitmap = pdfium.FPDFBitmap_Create(pixelWidth, pixelHeight, 0);
  if (!bitmap) return undefined;
  try {
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, pixelWidth, pixelHeight, 0xffffffff);
    if (!drawInTime(page, bitmap, { width: pixelWidth, height: pixelHeight, isOver })) return undefined;
    const start = pdfium.FPDFBitmap_GetBuffer(bitmap) >>> 0;
    // A copy, because the memory of PDFium moves and is used again.
    const data = takeBuffer(pixelWidth * pixelHeight * 4);
    data.set(pdfium.pdfium.HEAPU8.subarray(start, start + data.length));
    return { data, width: pixelWidth, height: pixelHeight };
  } finally {
    pdfium.FPDFBitmap_Destroy(bitmap);
  }
}

const withAnnotations = 0x01;
const redFirst = 0x10;
const drawnWhole = 2;

/** PDFium asks between the things it draws whether to go on. */
function drawInTime(
  { pdfium, handle }: PdfPage,
  bitmap: number,
  { width, height, isOver }: { width: number; height: number; isOver: () => boolean },
): boolean {
  const shallPause = pdfium.pdfium.addFunction(() => (isOver() ? 1 : 0), 'ii');
  try {
    return withMemory(pdfium, 12, (pause) => {
      pdfium.pdfium.HEAP32.set([1, shallPause, 0], pause / 4);
      const flags = withAnnotations | redFirst;
      const state = pdfium.FPDF_RenderPageBitmap_Start(bitmap, handle, 0, 0, width, height, 0, flags, pause);
      pdfium.FPDF_RenderPage_Close(handle);
      return state === drawnWhole;
    });
  } finally {
    pdfium.pdfium.removeFunction(shallPause);
  }
}
