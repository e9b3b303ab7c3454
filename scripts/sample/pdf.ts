import PDFDocument from 'pdfkit';
import { brand, documentDate } from './brand.ts';
import { type Block, parseMarkdown, plainText, type Run } from './markdown.ts';

/** Lays one source out as an A4 document with the company's band on the first page and a foot on every page. */
export function writePdf(title: string, language: string, body: string): Promise<Buffer> {
  const doc = new PDFDocument({
    size: 'A4',
    margins: { top: 56, bottom: 64, left: margin, right: margin },
    bufferPages: true,
    lang: { German: 'de', French: 'fr' }[language] ?? 'en',
    displayTitle: true,
    info: { Title: title, Author: brand.company, CreationDate: documentDate, ModDate: documentDate },
  });
  const chunks: Buffer[] = [];
  const done = new Promise<Buffer>((resolve) => {
    doc.on('data', (chunk) => chunks.push(chunk));
    doc.on('end', () => resolve(Buffer.concat(chunks)));
  });
  const [first, ...rest] = parseMarkdown(body);
  drawBand(doc, first?.kind === 'heading' ? plainText(first.runs) : title);
  for (const [index, block] of rest.entries()) {
    const next = rest[index + 1];
    // A heading goes to the next page with its table.
    if (block.kind === 'heading' && next?.kind === 'table')
      keepTogether(doc, 34 + tableRoom(doc, next.head, next.rows));
    drawBlock(doc, block);
  }
  drawFoot(doc, title);
  doc.end();
  return done;
}

type Doc = InstanceType<typeof PDFDocument>;
type Style = { size: number; color: string; lineGap: number };

const margin = 64;
const hex = (color: string) => `#${color}`;
const bodyStyle: Style = { size: 10.5, color: hex(brand.ink), lineGap: 3.2 };
const textWidth = (doc: Doc) => doc.page.width - 2 * margin;

function drawBand(doc: Doc, heading: string) {
  const width = doc.page.width;
  doc.font('Helvetica-Bold').fontSize(23);
  const height = 92 + doc.heightOfString(heading, { width: textWidth(doc), lineGap: 2 });
  doc.rect(0, 0, width, height).fill(hex(brand.navy));
  doc.rect(0, height, width, 4).fill(hex(brand.orange));
  drawMark(doc, margin, 36);
  doc
    .font('Helvetica-Bold')
    .fontSize(12)
    .fillColor('#ffffff')
    .text(brand.company, margin + 24, 39);
  doc.fontSize(23).text(heading, margin, 72, { width: textWidth(doc), lineGap: 2 });
  doc.y = height + 26;
}

/** The company's mark: a door that stands open. */
function drawMark(doc: Doc, x: number, y: number) {
  doc.rect(x, y, 16, 16).fill(hex(brand.orange));
  doc.polygon([x + 5, y + 16], [x + 5, y + 5], [x + 12, y + 2], [x + 12, y + 16]).fill('#ffffff');
}

function drawFoot(doc: Doc, title: string) {
  const { count } = doc.bufferedPageRange();
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(page);
    const y = doc.page.height - 42;
    doc.page.margins.bottom = 0;
    doc.lineWidth(0.6).strokeColor(hex(brand.line));
    doc
      .moveTo(margin, y - 8)
      .lineTo(doc.page.width - margin, y - 8)
      .stroke();
    doc.font('Helvetica').fontSize(8).fillColor(hex(brand.quiet));
    doc.text(`${brand.company}  ·  ${title}`, margin, y, { width: textWidth(doc) - 60, lineBreak: false });
    doc.text(`${page + 1} / ${count}`, doc.page.width - margin - 60, y, { width: 60, align: 'right' });
  }
}

function drawBlock(doc: Doc, block: Block) {
  switch (block.kind) {
    case 'heading':
      return drawHeading(doc, plainText(block.runs));
    case 'paragraph':
      drawRuns(doc, block.runs, margin, textWidth(doc), bodyStyle);
      doc.y += 8;
      return;
    case 'quote':
      return drawQuote(doc, plainText(block.runs));
    case 'list':
      return drawList(doc, block.items, block.isNumbered);
    case 'table':
      return drawTable(doc, block.head, block.rows);
    case 'image':
      throw new Error(`Images are not drawn in PDF files (${block.file}).`);
  }
}

function drawHeading(doc: Doc, text: string) {
  keepTogether(doc, 76);
  doc.y += 8;
  doc.font('Helvetica-Bold').fontSize(13.5).fillColor(hex(brand.navy));
  doc.text(text, margin, doc.y, { width: textWidth(doc) });
  doc.y += 5;
}

function drawRuns(doc: Doc, runs: Run[], x: number, width: number, style: Style) {
  doc.font('Helvetica').fontSize(style.size);
  keepTogether(doc, Math.min(60, doc.heightOfString(plainText(runs), { width, lineGap: style.lineGap })));
  let at: [number, number] | [] = [x, doc.y];
  for (const [index, run] of runs.entries()) {
    doc.font(fontOf(run)).fontSize(style.size).fillColor(style.color);
    const options = { width, lineGap: style.lineGap, continued: index < runs.length - 1 };
    if (at.length === 2) doc.text(run.text, at[0], at[1], options);
    else doc.text(run.text, options);
    at = [];
  }
}

function fontOf(run: Run) {
  if (run.bold) return 'Helvetica-Bold';
  return run.italic ? 'Helvetica-Oblique' : 'Helvetica';
}

function drawList(doc: Doc, items: Run[][], isNumbered: boolean) {
  for (const [index, item] of items.entries()) {
    doc.font('Helvetica').fontSize(bodyStyle.size);
    keepTogether(doc, doc.heightOfString(plainText(item), { width: textWidth(doc) - 20, lineGap: 3.2 }));
    const y = doc.y;
    if (isNumbered) {
      doc.font('Helvetica-Bold').fontSize(bodyStyle.size).fillColor(hex(brand.orange));
      doc.text(`${index + 1}.`, margin, y, { width: 18 });
    } else {
      doc.circle(margin + 5, y + 5, 2).fill(hex(brand.orange));
    }
    doc.y = y;
    drawRuns(doc, item, margin + 18, textWidth(doc) - 18, bodyStyle);
    doc.y += 4;
  }
  doc.y += 6;
}

function drawQuote(doc: Doc, text: string) {
  const width = textWidth(doc) - 34;
  doc.font('Helvetica-Oblique').fontSize(12);
  const height = doc.heightOfString(text, { width, lineGap: 3 }) + 22;
  keepTogether(doc, height + 8);
  const y = doc.y + 2;
  doc.rect(margin, y, textWidth(doc), height).fill(hex(brand.pale));
  doc.rect(margin, y, 4, height).fill(hex(brand.orange));
  doc.fillColor(hex(brand.navy)).text(text, margin + 20, y + 12, { width, lineGap: 3 });
  doc.y = y + height + 12;
}

function drawTable(doc: Doc, head: Run[][], rows: Run[][][]) {
  const widths = columnWidths(head, rows, textWidth(doc));
  keepTogether(doc, tableRoom(doc, head, rows));
  drawRow(doc, head, widths, true);
  for (const row of rows) {
    if (doc.y + rowHeight(doc, row, widths) > bottomOf(doc)) {
      doc.addPage();
      drawRow(doc, head, widths, true);
    }
    drawRow(doc, row, widths, false);
  }
  doc.y += 14;
}

/** What a table wants to find on its page: all of itself, unless it is long. */
function tableRoom(doc: Doc, head: Run[][], rows: Run[][][]) {
  const widths = columnWidths(head, rows, textWidth(doc));
  const heights = [head, ...rows].map((row) => rowHeight(doc, row, widths));
  return Math.min(
    heights.reduce((sum, height) => sum + height, 0),
    doc.page.height * 0.35,
  );
}

/** Columns share the width by their longest text, held between a sixth and a half so that none is squeezed. */
function columnWidths(head: Run[][], rows: Run[][][], total: number): number[] {
  const lengths = head.map((cell, column) =>
    Math.max(plainText(cell).length + 4, ...rows.map((row) => plainText(row[column] ?? []).length), 6),
  );
  const sum = lengths.reduce((all, length) => all + length, 0);
  const wanted = lengths.map((length) => Math.min(0.52, Math.max(0.13, length / sum)));
  const scale = wanted.reduce((all, share) => all + share, 0);
  return wanted.map((share) => (share / scale) * total);
}

function rowHeight(doc: Doc, cells: Run[][], widths: number[]) {
  doc.font('Helvetica-Bold').fontSize(9.5);
  const heights = cells.map((cell, column) =>
    doc.heightOfString(plainText(cell) || ' ', { width: (widths[column] ?? 0) - 14, lineGap: 2 }),
  );
  return Math.max(12, ...heights) + 11;
}

function drawRow(doc: Doc, cells: Run[][], widths: number[], isHead: boolean) {
  const height = rowHeight(doc, cells, widths);
  const y = doc.y;
  if (isHead) doc.rect(margin, y, textWidth(doc), height).fill(hex(brand.navy));
  let x = margin;
  for (const [column, cell] of cells.entries()) {
    const width = (widths[column] ?? 0) - 14;
    doc.y = y + 6;
    const color = isHead ? '#ffffff' : hex(column === 0 ? brand.navy : brand.ink);
    const runs = isHead ? [{ text: plainText(cell) || ' ', bold: true, italic: false }] : cell;
    let isFirst = true;
    for (const [index, run] of runs.entries()) {
      doc.font(fontOf(run)).fontSize(9.5).fillColor(color);
      const options = { width, lineGap: 2, continued: index < runs.length - 1 };
      if (isFirst) doc.text(run.text, x + 7, y + 6, options);
      else doc.text(run.text, options);
      isFirst = false;
    }
    x += widths[column] ?? 0;
  }
  doc.lineWidth(0.6).strokeColor(hex(brand.line));
  doc
    .moveTo(margin, y + height)
    .lineTo(margin + textWidth(doc), y + height)
    .stroke();
  doc.y = y + height;
}

function bottomOf(doc: Doc) {
  return doc.page.height - doc.page.margins.bottom;
}

function keepTogether(doc: Doc, height: number) {
  if (doc.y + height > bottomOf(doc)) doc.addPage();
}
