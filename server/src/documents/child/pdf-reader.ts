import { FileRefused, type RenderedPage, type TextRun } from '../tasks.ts';
import { deadline } from './deadline.ts';
import type { Pixels } from './encode.ts';
import { guessHeadings } from './headings.ts';
import { joinLines } from './join-lines.ts';
import { fillInFields } from './pdf-form.ts';
import { readLinks } from './pdf-links.ts';
import { drawPage, type PdfPage, round1, withPage } from './pdf-page.ts';
import { type Line, readLines } from './pdf-text.ts';
import { hasBrokenPdfium, openPdf, type PdfDocument } from './pdfium.ts';
import { countWords } from './words.ts';

export interface SeenPage {
  page: Omit<RenderedPage, 'pageNumber' | 'images'>;
  /** Missing when the page was not to be drawn, or could not be. */
  pixels: Pixels | undefined;
}

export interface PageReader {
  readonly pageCount: number;
  /** Undefined when the rest of the document is given up. */
  seePage(pageNumber: number, isDrawn: boolean): Promise<SeenPage | undefined>;
  /** Why none of the pages could be drawn. */
  refusal(): FileRefused;
  close(): void;
}

/** How often a document may break PDFium before the rest of it is given up. */
const breakLimit = 3;
/** How many pages may take too long to draw before the rest is only read. */
const slowLimit = 5;
/** A page that takes this long to open has too much on it to be read letter by letter. */
const openingLimitMs = 4_000;
const drawingLimitMs = 8_000;

/** Reads a document page by page, and goes on with the next where one breaks what reads it. */
export async function openReader(path: string): Promise<PageReader> {
  let document = await openPdf(path);
  const pageCount = countPages(document);
  let breaks = 0;
  let slowPages = 0;
  return {
    pageCount,
    async seePage(pageNumber, isDrawn) {
      if (breaks > breakLimit) return undefined;
      try {
        const isHeavy = deadline(openingLimitMs);
        const isOver = deadline(drawingLimitMs);
        const links = fillInFields(document, pageNumber - 1);
        const seen = withPage(document, pageNumber - 1, (page): SeenPage => {
          const text = isHeavy() ? bare(page) : readPage(page, links);
          if (!isDrawn || slowPages > slowLimit) return { page: text, pixels: undefined };
          const pixels = drawPage(page, isOver);
          if (!pixels) slowPages += 1;
          return { page: text, pixels };
        });
        return seen ?? unseen;
      } catch (error) {
        if (!hasBrokenPdfium(error)) throw error;
        breaks += 1;
        document.close();
        document = await openPdf(path);
        return unseen;
      }
    },
    refusal() {
      if (breaks > 0)
        return new FileRefused('packed_too_tightly', 'The pages take more memory than is allowed.');
      if (slowPages > 0) return new FileRefused('too_large', 'The pages take too long to draw.');
      return new FileRefused('damaged', 'None of the pages can be drawn.');
    },
    close: () => document.close(),
  };
}

/** A damaged or dishonest document names more pages than can be found. */
function countPages({ pdfium, handle, pageCount }: PdfDocument): number {
  const size = pdfium.pdfium.wasmExports.malloc(8);
  const exists = (index: number) => pdfium.FPDF_GetPageSizeByIndexF(handle, index, size);
  let [found, missing] = [0, pageCount];
  if (pageCount === 0 || exists(pageCount - 1) || !exists(0)) found = pageCount;
  while (found + 1 < missing) {
    const middle = Math.floor((found + missing) / 2);
    if (exists(middle)) found = middle;
    else missing = middle;
  }
  pdfium.pdfium.wasmExports.free(size);
  return found === pageCount ? pageCount : found + 1;
}

/** US letter, so that a page which can't be opened still has its place. */
const unseen: SeenPage = { page: bare({ width: 612, height: 792 }), pixels: undefined };

function bare({ width, height }: { width: number; height: number }): SeenPage['page'] {
  return {
    width: round1(width),
    height: round1(height),
    text: '',
    wordCount: 0,
    headings: [],
    links: [],
    textLayer: [],
  };
}

function readPage(page: PdfPage, known: RenderedPage['links']): SeenPage['page'] {
  const { pdfium, handle } = page;
  const textPage = pdfium.FPDFText_LoadPage(handle);
  if (!textPage) return bare(page);
  try {
    const lines = readLines(page, textPage);
    const text = joinLines(lines);
    return {
      ...bare(page),
      text,
      wordCount: countWords(text),
      headings: guessHeadings(lines, page),
      links: readLinks(page, textPage, known),
      textLayer: lines.flatMap(layerRuns),
    };
  } finally {
    pdfium.FPDFText_ClosePage(textPage);
  }
}

function layerRuns({ runs }: Line): TextRun[] {
  return runs.map(({ text, left, top, right, bottom }) => [
    text,
    round1(left),
    round1(top),
    round1(right - left),
    round1(bottom - top),
  ]);
}
