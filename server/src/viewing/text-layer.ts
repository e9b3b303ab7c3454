import type { ShareLayer } from '../rendering/service.ts';
import { Html, html } from './html.ts';

/** The box of a page in points. */
export interface PageBox {
  width: number;
  height: number;
}

type TextRun = ShareLayer['textLayer'][number];
type PageLink = ShareLayer['links'][number];

/** Where the letters of a line stand above the lower edge of their box, as a share of its height. */
const baseline = 0.8;
const longestHref = 2_000;

/**
 * The words of a page over its picture, unseen, to select, to find and to be read aloud. It is SVG, because that puts
 * every run into its box by attributes: the page's policy allows no inline style, and nothing has to be measured.
 */
export function renderLayer({ width, height }: PageBox, layer: ShareLayer | undefined): Html {
  const box = new Html(`viewBox="0 0 ${round(width)} ${round(height)}"`);
  if (!layer) return html`<svg ${box}></svg>`;
  const links = layer.links.map((link) => renderLink(link, layer.textLayer));
  return html`<svg ${box} role="presentation" data-page="${layer.pageNumber}">${layer.textLayer.map(renderRun)}${links}</svg>`;
}

function renderRun([text, x, y, width, height]: TextRun): Html | false {
  const words = text.trim();
  if (words === '' || !(width > 0) || !(height > 0)) return false;
  // A tall box of several letters holds a line that is turned.
  if (height > 2 * width && words.length > 2)
    return svgText(words, -(y + height), x + baseline * width, height, width, ' transform="rotate(-90)"');
  if (isRightToLeft(words))
    return svgText(words, x + width, y + baseline * height, width, height, ' direction="rtl"');
  return svgText(words, x, y + baseline * height, width, height, '');
}

function svgText(words: string, x: number, y: number, length: number, size: number, more: string): Html {
  const place = `x="${round(x)}" y="${round(y)}" textLength="${round(length)}" font-size="${round(size)}"`;
  return html`<text ${new Html(`${place} lengthAdjust="spacingAndGlyphs"${more}`)}>${words}</text>
`;
}

function isRightToLeft(words: string): boolean {
  const letters = words.match(/\p{L}/gu)?.length ?? 0;
  const turned = words.match(/[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/gu);
  return turned !== null && turned.length * 2 > letters;
}

function renderLink(link: PageLink, runs: TextRun[]): Html | false {
  if (!(link.width > 0) || !(link.height > 0)) return false;
  const place = new Html(
    `x="${round(link.x)}" y="${round(link.y)}" width="${round(link.width)}" height="${round(link.height)}"`,
  );
  const area = html`<rect ${place} />`;
  const words = wordsWithin(link, runs);
  const address = link.href === null ? undefined : safeAddress(link.href);
  if (address)
    return html`<a href="${address.href}" target="_blank" rel="noopener noreferrer nofollow" aria-label="${words || nameOf(address)}">${area}</a>`;
  if (link.pageNumber !== null)
    return html`<a href="#page-${link.pageNumber}" aria-label="${words ? `${words}, page ${link.pageNumber}` : `Page ${link.pageNumber}`}">${area}</a>`;
  return false;
}

/** The address, if it leads to the web or to mail; a document may name anything. */
function safeAddress(href: string): URL | undefined {
  const address = href.length <= longestHref ? URL.parse(href.trim()) : null;
  return address && /^(https?|mailto):$/.test(address.protocol) ? address : undefined;
}

function nameOf(address: URL): string {
  return address.protocol === 'mailto:' ? address.pathname : address.host;
}

function wordsWithin(link: PageLink, runs: TextRun[]): string {
  return runs
    .filter(([, x, y, width, height]) => {
      const [middle, line] = [x + width / 2, y + height / 2];
      return (
        middle >= link.x && middle <= link.x + link.width && line >= link.y && line <= link.y + link.height
      );
    })
    .map(([text]) => text.trim())
    .join(' ')
    .slice(0, 120)
    .toWellFormed();
}

function round(points: number): number {
  return Math.round(points * 10) / 10;
}
