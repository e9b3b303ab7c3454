import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type PptxGenJS from 'pptxgenjs';
import { brand, documentDate } from './brand.ts';
import { type Block, parseMarkdown, plainText, type Run } from './markdown.ts';
import { rewriteZip } from './zip.ts';

/**
 * Makes a deck from one source: "#" is the title slide, each "##" a slide. Short bold starts of list items
 * become big figures, long ones cards; numbered lists become steps; "Note:" goes to the speaker notes.
 */
export async function writeSlides(title: string, body: string): Promise<Buffer> {
  const deck = new Deck();
  deck.layout = 'LAYOUT_WIDE';
  deck.title = title;
  deck.author = brand.company;
  deck.company = brand.company;
  deck.theme = { headFontFace: font, bodyFontFace: font };
  const groups = groupBySlide(parseMarkdown(body));
  for (const [index, group] of groups.entries()) {
    const slide = deck.addSlide();
    if (index === 0) drawTitle(slide, group.heading, group.blocks);
    else drawContent(slide, group.heading, group.blocks, `${index + 1} / ${groups.length}`);
  }
  const bytes = await deck.write({ outputType: 'nodebuffer', compression: true });
  if (!(bytes instanceof Uint8Array)) throw new Error('pptxgenjs returned no bytes.');
  return rewriteZip(bytes, pinDates);
}

// Its types describe the CommonJS build and its import gives the other one, so the CommonJS build is loaded.
const Deck: typeof PptxGenJS.default = createRequire(import.meta.url)('pptxgenjs');

type Slide = PptxGenJS.default.Slide;
type Group = { heading: string; blocks: Block[] };
type Box = { x: number; y: number; w: number; h: number };

const font = 'Arial';
const area: Box = { x: 0.7, y: 1.75, w: 11.93, h: 4.75 };

function pinDates(name: string, text: string) {
  if (name === 'docProps/core.xml') return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, isoSeconds);
  // PowerPoint keeps an absolute path here otherwise, which would differ from one machine to the next.
  return text.replaceAll(/descr="[^"]*[/\\]([^/\\"]+\.png)"/g, 'descr="$1"');
}

const isoSeconds = documentDate.toISOString().replace('.000Z', 'Z');

function groupBySlide(blocks: Block[]): Group[] {
  const groups: Group[] = [];
  for (const block of blocks) {
    if (block.kind === 'heading') groups.push({ heading: plainText(block.runs), blocks: [] });
    else groups.at(-1)?.blocks.push(block);
  }
  return groups;
}

function drawTitle(slide: Slide, heading: string, blocks: Block[]) {
  slide.background = { color: brand.navy };
  slide.addShape('rect', { x: 0, y: 0, w: 0.28, h: 7.5, fill: { color: brand.orange } });
  drawMark(slide, 1, 0.9, 0.42);
  slide.addText(brand.company, {
    x: 1.55,
    y: 0.86,
    w: 5,
    h: 0.5,
    fontFace: font,
    fontSize: 20,
    bold: true,
    color: brand.white,
  });
  slide.addText(heading, {
    x: 0.9,
    y: 2.3,
    w: 11.2,
    h: 1.7,
    fontFace: font,
    fontSize: 46,
    bold: true,
    color: brand.white,
    valign: 'bottom',
  });
  const subtitle = blocks[0];
  if (subtitle?.kind === 'paragraph') {
    slide.addText(plainText(subtitle.runs), {
      x: 0.9,
      y: 4.1,
      w: 11.2,
      h: 0.8,
      fontFace: font,
      fontSize: 22,
      color: 'C9D6E2',
      valign: 'top',
    });
  }
  slide.addText(brand.site, { x: 0.9, y: 6.6, w: 6, h: 0.4, fontFace: font, fontSize: 13, color: 'C9D6E2' });
}

function drawMark(slide: Slide, x: number, y: number, size: number) {
  slide.addShape('rect', { x, y, w: size, h: size, fill: { color: brand.orange } });
  slide.addShape('rect', {
    x: x + size * 0.3,
    y: y + size * 0.22,
    w: size * 0.4,
    h: size * 0.78,
    fill: { color: brand.white },
  });
}

function drawContent(slide: Slide, heading: string, blocks: Block[], position: string) {
  slide.background = { color: brand.white };
  slide.addShape('rect', { x: 0.7, y: 0.55, w: 0.55, h: 0.07, fill: { color: brand.orange } });
  slide.addText(heading, {
    x: 0.6,
    y: 0.68,
    w: 12,
    h: 0.8,
    fontFace: font,
    fontSize: 30,
    bold: true,
    color: brand.navy,
  });
  slide.addText(brand.company, {
    x: 0.6,
    y: 6.95,
    w: 4,
    h: 0.3,
    fontFace: font,
    fontSize: 11,
    color: brand.quiet,
  });
  slide.addText(position, {
    x: 11.1,
    y: 6.95,
    w: 1.6,
    h: 0.3,
    fontFace: font,
    fontSize: 11,
    color: brand.quiet,
    align: 'right',
  });
  const notes = blocks.map(noteOf).filter((note) => note !== '');
  if (notes.length > 0) slide.addNotes(notes.join('\n'));
  const shown = blocks.filter((block) => noteOf(block) === '');
  const height = area.h / Math.max(1, shown.length);
  let y = area.y;
  for (const [index, block] of shown.entries()) {
    const isSmall = block.kind === 'paragraph' && shown.length > 1;
    const room = isSmall ? 0.7 : shown.length > 1 ? Math.max(height, area.h - 0.8 - index) : area.h;
    drawBlock(slide, block, { ...area, y, h: Math.min(room, area.y + area.h - y) });
    y += block.kind === 'quote' && index < shown.length - 1 ? 2 : room + 0.1;
  }
}

/** What the speaker reads; empty for everything that belongs on the slide. */
function noteOf(block: Block) {
  const text = block.kind === 'paragraph' ? plainText(block.runs) : '';
  return text.startsWith('Note: ') ? text.slice('Note: '.length) : '';
}

function drawBlock(slide: Slide, block: Block, box: Box) {
  if (block.kind === 'table') return drawTable(slide, block.head, block.rows, box);
  if (block.kind === 'quote') return drawQuote(slide, plainText(block.runs), box);
  if (block.kind === 'image') return drawImage(slide, block.file, block.alt, box);
  if (block.kind === 'list') return drawList(slide, block.items, block.isNumbered, box);
  slide.addText(textRuns(block.runs), {
    ...box,
    fontFace: font,
    fontSize: 18,
    color: brand.quiet,
    valign: 'top',
  });
}

function drawList(slide: Slide, items: Run[][], isNumbered: boolean, box: Box) {
  const leads = items.map((item) => (item[0]?.bold ? item[0].text : ''));
  if (isNumbered) return drawSteps(slide, items, box);
  if (items.length <= 3 && leads.every((lead) => lead !== '' && lead.length <= 7))
    return drawFigures(slide, items, box);
  if (items.length <= 3 && leads.every((lead) => lead !== '')) return drawCards(slide, items, box);
  const lines = items.flatMap((item) =>
    textRuns(item).map((run, index) => ({
      text: run.text,
      options: {
        ...run.options,
        ...(index === 0 ? { bullet: true } : {}),
        breakLine: index === item.length - 1,
      },
    })),
  );
  slide.addText(lines, {
    ...box,
    fontFace: font,
    fontSize: 20,
    color: brand.ink,
    valign: 'top',
    paraSpaceAfter: 10,
  });
}

function drawFigures(slide: Slide, items: Run[][], box: Box) {
  for (const [index, cell] of columns(items.length, box).entries()) {
    const item = items[index] ?? [];
    slide.addShape('rect', { ...cell, y: 2.2, h: 3.4, fill: { color: brand.pale } });
    slide.addText(item[0]?.text ?? '', {
      ...cell,
      y: 2.5,
      h: 1.3,
      fontFace: font,
      fontSize: 54,
      bold: true,
      color: brand.orange,
      align: 'center',
    });
    slide.addText(plainText(item.slice(1)).trim(), {
      x: cell.x + 0.25,
      w: cell.w - 0.5,
      y: 3.85,
      h: 1.5,
      fontFace: font,
      fontSize: 18,
      color: brand.ink,
      align: 'center',
      valign: 'top',
    });
  }
}

function drawCards(slide: Slide, items: Run[][], box: Box) {
  for (const [index, cell] of columns(items.length, box).entries()) {
    const item = items[index] ?? [];
    slide.addShape('rect', { ...cell, y: 2.1, h: 3.2, fill: { color: brand.pale } });
    slide.addShape('rect', { ...cell, y: 2.1, h: 0.09, fill: { color: brand.orange } });
    slide.addText(item[0]?.text ?? '', {
      x: cell.x + 0.2,
      w: cell.w - 0.4,
      y: 2.35,
      h: 0.95,
      fontFace: font,
      fontSize: 21,
      bold: true,
      color: brand.navy,
      valign: 'top',
    });
    slide.addText(plainText(item.slice(1)).trim(), {
      x: cell.x + 0.2,
      w: cell.w - 0.4,
      y: 3.35,
      h: 1.8,
      fontFace: font,
      fontSize: 18,
      color: brand.ink,
      valign: 'top',
    });
  }
}

function columns(count: number, box: Box): Box[] {
  const gap = 0.3;
  const width = (box.w - gap * (count - 1)) / count;
  return Array.from({ length: count }, (_, index) => ({
    x: box.x + index * (width + gap),
    y: box.y,
    w: width,
    h: box.h,
  }));
}

function drawSteps(slide: Slide, items: Run[][], box: Box) {
  const height = Math.min(1.1, box.h / items.length);
  for (const [index, item] of items.entries()) {
    const y = box.y + 0.1 + index * height;
    slide.addText(String(index + 1), {
      shape: 'ellipse',
      x: box.x,
      y,
      w: 0.56,
      h: 0.56,
      margin: 0,
      fill: { color: brand.orange },
      fontFace: font,
      fontSize: 18,
      bold: true,
      color: brand.white,
      align: 'center',
      valign: 'middle',
    });
    slide.addText(textRuns(item), {
      x: box.x + 0.8,
      y: y - 0.12,
      w: box.w - 0.8,
      h: 0.8,
      fontFace: font,
      fontSize: 20,
      color: brand.ink,
      valign: 'middle',
    });
  }
}

function drawQuote(slide: Slide, text: string, box: Box) {
  const height = Math.min(box.h, 1.9);
  slide.addShape('rect', {
    x: box.x,
    y: box.y + 0.15,
    w: 0.08,
    h: height - 0.3,
    fill: { color: brand.orange },
  });
  slide.addText(text, {
    x: box.x + 0.3,
    y: box.y,
    w: box.w - 1,
    h: height,
    fontFace: font,
    fontSize: 28,
    italic: true,
    color: brand.navy,
    valign: 'middle',
  });
}

function drawTable(slide: Slide, head: Run[][], rows: Run[][][], box: Box) {
  const border: PptxGenJS.default.BorderProps = { type: 'solid', pt: 0.75, color: brand.line };
  const none: PptxGenJS.default.BorderProps = { type: 'none' };
  const edges: [typeof none, typeof none, typeof none, typeof none] = [none, none, border, none];
  const isLong = rows.length > 6;
  const cells = [head, ...rows].map((row, index) =>
    row.map((cell) => ({
      text: plainText(cell),
      options:
        index === 0
          ? { bold: true, color: brand.white, fill: { color: brand.navy }, border: edges }
          : { color: brand.ink, bold: cell.some((run) => run.bold), border: edges },
    })),
  );
  slide.addTable(cells, {
    x: box.x,
    y: box.y,
    w: box.w,
    fontFace: font,
    fontSize: isLong ? 14 : 18,
    valign: 'middle',
    margin: 0.1,
    rowH: isLong ? 0.5 : 0.66,
  });
}

function drawImage(slide: Slide, file: string, alt: string, box: Box) {
  const path = fileURLToPath(new URL(`./files/${file}`, import.meta.url));
  slide.addImage({ path, altText: alt, x: box.x + 1.1, y: box.y - 0.2, w: 9.33, h: 5.25 });
}

function textRuns(runs: Run[]) {
  return runs.map((run) => ({ text: run.text, options: { bold: run.bold, italic: run.italic } }));
}
