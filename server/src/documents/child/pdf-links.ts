import type { RenderedPage } from '../tasks.ts';
import { type Box, clip, type PdfPage, round1, shownBox, withMemory } from './pdf-page.ts';

type PageLink = RenderedPage['links'][number];

const linkLimit = 500;
const hrefLimit = 2048;
const actionGoTo = 1;
const actionUri = 3;

/** What a page links to beside `known`: addresses and other pages, marked as links or merely written out. */
export function readLinks(page: PdfPage, textPage: number, known: PageLink[]): PageLink[] {
  const links = [...known, ...readAnnotations(page)];
  for (const written of readWritten(page, textPage)) {
    if (links.length >= linkLimit) break;
    if (!links.some((link) => overlaps(link, written))) links.push(written);
  }
  return links;
}

/** What is marked as a link: addresses, and pages of the same document. */
export function readAnnotations(page: PdfPage): PageLink[] {
  const { pdfium, handle } = page;
  const links: PageLink[] = [];
  withMemory(pdfium, 24, (address) => {
    const { HEAP32 } = pdfium.pdfium;
    const [position, found, rect] = [address, address + 4, address + 8];
    HEAP32[position / 4] = 0;
    while (links.length < linkLimit && pdfium.FPDFLink_Enumerate(handle, position, found)) {
      const link = pdfium.pdfium.HEAP32[found / 4] ?? 0;
      if (!pdfium.FPDFLink_GetAnnotRect(link, rect)) continue;
      const [left = 0, top = 0, right = 0, bottom = 0] = pdfium.pdfium.HEAPF32.subarray(
        rect / 4,
        rect / 4 + 4,
      );
      const box = within(shownBox(page, left, top, right, bottom), page);
      const target = box && readTarget(page, link);
      if (box && target) links.push({ ...place(box), ...target });
    }
  });
  return links;
}

function readTarget(
  { pdfium, document }: PdfPage,
  link: number,
): Pick<PageLink, 'href' | 'pageNumber'> | undefined {
  const action = pdfium.FPDFLink_GetAction(link);
  const type = action ? pdfium.FPDFAction_GetType(action) : 0;
  if (type === actionUri) {
    const href = cleanHref(readUri(pdfium, document, action));
    return href === null ? undefined : { href, pageNumber: null };
  }
  const target = type === actionGoTo ? pdfium.FPDFAction_GetDest(document, action) : 0;
  const dest = target || pdfium.FPDFLink_GetDest(document, link);
  const index = dest ? pdfium.FPDFDest_GetDestPageIndex(document, dest) : -1;
  return index < 0 ? undefined : { href: null, pageNumber: index + 1 };
}

function readUri(pdfium: PdfPage['pdfium'], document: number, action: number): string {
  const size = pdfium.FPDFAction_GetURIPath(document, action, 0, 0);
  if (size < 2 || size > hrefLimit) return '';
  return withMemory(pdfium, size, (address) => {
    pdfium.FPDFAction_GetURIPath(document, action, address, size);
    return Buffer.from(pdfium.pdfium.HEAPU8.subarray(address, address + size - 1)).toString('utf8');
  });
}

/** Only addresses that a browser opens without harm; one without a scheme is taken for a website. */
function cleanHref(raw: string): string | null {
  const href = /^(www\.|[a-z0-9-]+(\.[a-z0-9-]+)+(\/|$))/i.test(raw.trim()) ? `https://${raw.trim()}` : raw;
  const url = URL.parse(href);
  if (!url || url.href.length > hrefLimit) return null;
  return ['http:', 'https:', 'mailto:'].includes(url.protocol) ? url.href : null;
}

/** Addresses in the text. PDFium also takes letters around an @ for mail, wrongly in text from scans. */
function readWritten(page: PdfPage, textPage: number): PageLink[] {
  const { pdfium } = page;
  const links: PageLink[] = [];
  const written = pdfium.FPDFLink_LoadWebLinks(textPage);
  if (!written) return links;
  try {
    const count = Math.min(pdfium.FPDFLink_CountWebLinks(written), linkLimit);
    for (let index = 0; index < count; index += 1) {
      const href = cleanHref(readWrittenUrl(pdfium, written, index));
      if (!href?.startsWith('http')) continue;
      for (const box of readWrittenBoxes(page, written, index))
        links.push({ ...place(box), href, pageNumber: null });
    }
  } finally {
    pdfium.FPDFLink_CloseWebLinks(written);
  }
  return links;
}

function readWrittenUrl(pdfium: PdfPage['pdfium'], written: number, index: number): string {
  const length = pdfium.FPDFLink_GetURL(written, index, 0, 0);
  if (length < 2 || length > hrefLimit) return '';
  return withMemory(pdfium, length * 2, (address) => {
    pdfium.FPDFLink_GetURL(written, index, address, length);
    return Buffer.from(pdfium.pdfium.HEAPU8.subarray(address, address + (length - 1) * 2)).toString(
      'utf16le',
    );
  });
}

function readWrittenBoxes(page: PdfPage, written: number, index: number): Box[] {
  const { pdfium } = page;
  const count = Math.min(pdfium.FPDFLink_CountRects(written, index), 10);
  return withMemory(pdfium, 32, (address) =>
    Array.from({ length: count }, (_, rect) => {
      pdfium.FPDFLink_GetRect(written, index, rect, address, address + 8, address + 16, address + 24);
      const [left = 0, top = 0, right = 0, bottom = 0] = pdfium.pdfium.HEAPF64.subarray(
        address / 8,
        address / 8 + 4,
      );
      return within(shownBox(page, left, top, right, bottom), page);
    }).filter((box) => box !== undefined),
  );
}

/** The part of a box that lies on the page, if a finger could hit it. */
function within(box: Box, page: PdfPage): Box | undefined {
  const part = clip(box, page);
  return part.right - part.left < 1 || part.bottom - part.top < 1 ? undefined : part;
}

function place({ left, top, right, bottom }: Box): Pick<PageLink, 'x' | 'y' | 'width' | 'height'> {
  return { x: round1(left), y: round1(top), width: round1(right - left), height: round1(bottom - top) };
}

function overlaps(a: PageLink, b: PageLink): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}
