import { FileRefused, type PageImage, type RenderedPage, type TaskHandler, type TextRun } from '../tasks.ts';
import { encodePage, type Pixels } from './encode.ts';
import { guessHeadings } from './headings.ts';
import { joinLines } from './join-lines.ts';
import { readLinks } from './pdf-links.ts';
import { drawPage, type PdfPage, round1, withPage } from './pdf-page.ts';
import { type Line, readLines } from './pdf-text.ts';
import { hasBrokenPdfium, openPdf, type PdfDocument } from './pdfium.ts';
import { countWords } from './words.ts';

/** Pages whose pixels are in memory at once: one is drawn while the others are encoded in other threads. */
const encodingLimit = 2;
/** How often a document may break PDFium before the rest of it is given up. */
const breakLimit = 3;

export const renderPdf: TaskHandler<'render-pdf'> = async (limits, { inputPath, folder, emit }) => {
  let document = await openPdf(inputPath);
  const { pageCount } = document;
  try {
    if (pageCount === 0) throw new FileRefused('empty', 'The PDF has no pages.');
    await emit({ kind: 'opened', pageCount });
    const lastPage = Math.min(pageCount, Math.max(limits.imagePageLimit, limits.textPageLimit));
    let renderedPageCount = 0;
    let breaks = 0;
    const deliveries: Promise<void>[] = [];
    let delivered = Promise.resolve();
    for (let pageNumber = 1; pageNumber <= lastPage; pageNumber += 1) {
      let seen: SeenPage = nothingSeen;
      try {
        seen = seePage(document, pageNumber, pageNumber <= limits.imagePageLimit);
      } catch (error) {
        if (!hasBrokenPdfium(error) || ++breaks > breakLimit) throw error;
        document.close();
        document = await openPdf(inputPath);
      }
      const encoded = seen.pixels ? encodePage(seen.pixels, { folder, pageNumber }) : Promise.resolve([]);
      encoded.catch(() => {});
      delivered = delivered.then(async () => {
        const images: PageImage[] = await encoded;
        if (images.length > 0) renderedPageCount += 1;
        await emit({ kind: 'page', page: { pageNumber, ...seen.page, images } });
      });
      delivered.catch(() => {});
      deliveries.push(delivered);
      // The first page goes out before the second is drawn, because drawing holds everything else up.
      if (pageNumber === 1) await encoded;
      if (deliveries.length > encodingLimit) await deliveries.shift();
      await new Promise((done) => setImmediate(done));
    }
    await delivered;
    if (renderedPageCount === 0 && limits.imagePageLimit > 0)
      throw new FileRefused('damaged', 'None of the pages can be drawn.');
    return { pageCount, renderedPageCount };
  } finally {
    document.close();
  }
};

interface SeenPage {
  page: Omit<RenderedPage, 'pageNumber' | 'images'>;
  pixels: Pixels | undefined;
}

/** US letter, so that a page which can't be opened still has its place. */
const nothingSeen: SeenPage = {
  page: { width: 612, height: 792, text: '', wordCount: 0, headings: [], links: [], textLayer: [] },
  pixels: undefined,
};

function seePage(document: PdfDocument, pageNumber: number, isDrawn: boolean): SeenPage {
  return (
    withPage(document, pageNumber - 1, (page) => ({
      page: readPage(page),
      pixels: isDrawn ? drawPage(page) : undefined,
    })) ?? nothingSeen
  );
}

function readPage(page: PdfPage): SeenPage['page'] {
  const { pdfium, handle } = page;
  const [width, height] = [round1(page.width), round1(page.height)];
  const textPage = pdfium.FPDFText_LoadPage(handle);
  if (!textPage) return { ...nothingSeen.page, width, height };
  try {
    const lines = readLines(page, textPage);
    const text = joinLines(lines);
    return {
      width,
      height,
      text,
      wordCount: countWords(text),
      headings: guessHeadings(lines, page),
      links: readLinks(page, textPage),
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
