import type { ShareContent, ShareLayer, SharePage } from '../rendering/service.ts';
import { type Html, html } from './html.ts';
import { type PageBox, renderLayer } from './text-layer.ts';
import { markVersion } from './watermark.ts';

/** A document as pages: their pictures, and the words of the first of them. */
export interface DocumentView {
  /** The address of the share link, without origin. */
  path: string;
  content: ShareContent;
  layers: ShareLayer[];
  /** Whose copy it is, where that is drawn on it. */
  label: string | undefined;
}

/** A page with a picture, which is what can be shown. */
type PicturedPage = SharePage & { width: number; height: number };

const mostContentsEntries = 30;
/**
 * How much of the words goes into the page itself, in bytes of markup, and how much less for each page that needs its
 * place. The whole page stays below 14 kB when it is packed, which is what a server may send before the first answer
 * comes back; the rest is fetched by the script.
 */
const inlineLayerBytes = 7_000;
const bytesPerPlace = 40;
/** So many pages have a picture without script, too. */
const plainPages = 30;
/** Where those words can be. */
export const inlineLayerPages = { first: 1, last: 20 };

export function listPictured({ pages }: ShareContent): PicturedPage[] {
  return pages.filter(
    (page): page is PicturedPage =>
      page.width !== null &&
      page.height !== null &&
      page.width > 0 &&
      page.height > 0 &&
      (page.images.small ?? page.images.large) !== undefined,
  );
}

/** Slides lie, paper stands; each has the width at which it is read well. */
export function isLandscape(pages: PicturedPage[]): boolean {
  const [first] = pages;
  return first !== undefined && first.width > first.height;
}

/** Whether half of the words on the first page are lower than a hundredth of its width, as on sheets of many columns. */
export function hasSmallLetters(content: ShareContent, [layer]: ShareLayer[]): boolean {
  const page = listPictured(content).find(({ pageNumber }) => pageNumber === layer?.pageNumber);
  const heights = (layer?.textLayer ?? []).map(([, , , , height]) => height).toSorted((a, b) => a - b);
  const median = heights[Math.floor(heights.length / 2)];
  return page !== undefined && median !== undefined && median / page.width < 0.012;
}

/** What is to stand after the first page goes with it. */
export function renderPages({ path, content, layers, label }: DocumentView, afterFirst?: Html): Html {
  const pages = listPictured(content);
  const version = `${versionOf(pages)}${markVersion(label)}`;
  const layerOf = takeLayers(pages, layers, inlineLayerBytes - pages.length * bytesPerPlace);
  const widths = isLandscape(pages) ? wideSizes : paperSizes;
  return html`${pages.map((page, index) => {
    const { pageNumber } = page;
    const gap = listGap((pages[index - 1]?.pageNumber ?? 0) + 1, pageNumber - 1);
    const layer = layerOf.get(pageNumber) ?? renderLayer(page, undefined);
    const source = `${path}/pages/${pageNumber}/image?w=800&v=${version}`;
    // The script makes the other pictures of the first one's address.
    const picture =
      index === 0
        ? html`<img src="${source}" srcset="${source} 800w, ${source.replace('w=800', 'w=1600')} 1600w" sizes="${firstSizes}" data-sizes="${widths}" alt="" fetchpriority="high" decoding="async">`
        : index < plainPages && html`<noscript><img src="${source}" alt="" loading="lazy"></noscript>`;
    const isWordless = page.wordCount === 0;
    const name = `Page ${pageNumber}${isWordless ? ', a picture without text' : ''}`;
    // The script names the others, of which there may be many.
    const named = (index < plainPages || isWordless) && html` aria-label="${name}"`;
    return html`${gap}<figure id="page-${pageNumber}"${named}>${layer}${picture}</figure>
${index === 0 && afterFirst}`;
  })}${pages.length > plainPages && html`<noscript><p class="wait">Allow script on this page to see what follows page ${pages[plainPages - 1]?.pageNumber}.</p></noscript>`}`;
}

/** A page that can't be drawn leaves a note in its place, so that nobody believes to have read everything. */
function listGap(first: number, last: number): Html | false {
  return last >= first && html`<p class="wait">${namePages(first, last)} can't be shown here.</p>`;
}

function namePages(first: number, last: number): string {
  return first === last ? `Page ${first}` : `Pages ${first} to ${last}`;
}

/** The first page has to be there at once: half its sharpness is enough until it is. */
const firstSizes = '(min-width: 50rem) 25rem, 50vw';
const wideSizes = '(min-width: 64rem) 60rem, (min-width: 48rem) 94vw, 50vw';
const paperSizes = '(min-width: 54rem) 50rem, (min-width: 48rem) 94vw, 50vw';

/** Changes when the pictures do, so that a browser mixes no old pages into a new document. */
function versionOf([first]: PicturedPage[]): string {
  return (first?.images.small ?? first?.images.large)?.blobHash.slice(0, 8) ?? '';
}

/** The layers of as many pages as fit, in their order and at least one. */
export function takeLayers(
  pages: (PageBox & { pageNumber: number })[],
  layers: ShareLayer[],
  bytes: number,
): Map<number, Html> {
  const boxes = new Map(pages.map((page) => [page.pageNumber, page]));
  const taken = new Map<number, Html>();
  let left = bytes;
  for (const layer of layers) {
    const box = boxes.get(layer.pageNumber);
    if (!box) continue;
    const rendered = renderLayer(box, layer);
    left -= Buffer.byteLength(rendered.text);
    if (left < 0 && taken.size > 0) break;
    taken.set(layer.pageNumber, rendered);
  }
  return taken;
}

/** How long the document is, in pages and minutes. */
export function renderLength({ state, pageCount, pages }: ShareContent): Html {
  const expectedMs = pages.reduce((total, page) => total + page.expectedMs, 0);
  const minutes = Math.max(1, Math.round(expectedMs / 60_000));
  return html`<p class="meta">${pageCount} ${pageCount === 1 ? 'page' : 'pages'}${state === 'done' && `, about ${minutes} min to read`}</p>`;
}

/** What is still to come, or will not come. */
export function renderRest(content: ShareContent, isOffered: boolean): Html | false {
  const { state, pageCount } = content;
  const shown = listPictured(content).at(-1)?.pageNumber ?? 0;
  if (isUnderWay(state))
    return html`<p class="wait" data-wait>The rest is being prepared and appears here by itself.<noscript> Load this page again in a minute.</noscript></p>`;
  if (shown >= pageCount) return false;
  return html`<p class="wait">${namePages(shown + 1, pageCount)} can't be shown here.${isOffered && ' Download the file to read on.'}</p>`;
}

export function isUnderWay(state: ShareContent['state']): boolean {
  return state === 'queued' || state === 'running';
}

/** Opens over the page from the bar below. Nothing for a document that is hardly divided. */
export function renderContents(content: ShareContent): Html | false {
  const entries = listContents(content);
  if (entries.length < 2) return false;
  const top = Math.min(...entries.map(({ level }) => level));
  return html`<details class="contents"><summary>Contents</summary><nav aria-label="Contents"><ol>${entries.map(
    ({ level, text, pageNumber }) =>
      html`<li${level > top && html` class="sub"`}><a href="#page-${pageNumber}"><span>${text}</span> <small>${pageNumber}</small></a></li>
`,
  )}</ol></nav></details>`;
}

/** The headings down to the level at which there are not too many of them. */
function listContents(content: ShareContent) {
  const all = listPictured(content)
    .flatMap(({ pageNumber, headings }) => headings.map((heading) => ({ ...heading, pageNumber })))
    .map(({ level, text, pageNumber }) => ({ level, text: shorten(text), pageNumber }))
    .filter(
      ({ text }, index, every) =>
        text !== '' && (text !== every[index - 1]?.text || every[index - 1]?.pageNumber === undefined),
    );
  const levels = [...new Set(all.map(({ level }) => level))].toSorted((a, b) => b - a);
  const deepest = levels.find(
    (most) => all.filter(({ level }) => level <= most).length <= mostContentsEntries,
  );
  return all.filter(({ level }) => level <= (deepest ?? levels.at(-1) ?? 0)).slice(0, mostContentsEntries);
}

function shorten(text: string): string {
  const words = text.replace(/\s+/g, ' ').trim();
  return words.length <= 80 ? words : `${words.slice(0, 79).toWellFormed().trimEnd()}…`;
}
