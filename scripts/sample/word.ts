import {
  AlignmentType,
  BorderStyle,
  Document,
  Footer,
  Header,
  HeadingLevel,
  LevelFormat,
  LineRuleType,
  Packer,
  PageNumber,
  Paragraph,
  ShadingType,
  Table,
  TableCell,
  TableRow,
  TextRun,
  VerticalAlignTable,
  WidthType,
} from 'docx';
import { brand, documentDate } from './brand.ts';
import { type Block, parseMarkdown, plainText, type Run } from './markdown.ts';
import { rewriteZip } from './zip.ts';

/** Lays one source out as a Word document with real heading styles, lists and tables. */
export async function writeWord(title: string, body: string): Promise<Buffer> {
  const blocks = parseMarkdown(body);
  const numberings = blocks.filter((block) => block.kind === 'list' && block.isNumbered).length;
  let numbering = 0;
  const children = blocks.flatMap((block) => {
    if (block.kind === 'list' && block.isNumbered) numbering += 1;
    return drawBlock(block, `steps-${numbering}`);
  });
  const doc = new Document({
    title,
    creator: brand.company,
    lastModifiedBy: brand.company,
    styles: paragraphStyles,
    numbering: {
      config: Array.from({ length: numberings }, (_, index) => ({
        reference: `steps-${index + 1}`,
        levels: [
          {
            level: 0,
            format: LevelFormat.DECIMAL,
            text: '%1.',
            alignment: AlignmentType.START,
            style: {
              paragraph: { indent: { left: 440, hanging: 440 } },
              run: { color: brand.orange, bold: true },
            },
          },
        ],
      })),
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11906, height: 16838 },
            margin: { top: 1300, bottom: 1200, left: 1360, right: 1360 },
          },
        },
        headers: { default: new Header({ children: [runningHead()] }) },
        footers: { default: new Footer({ children: [runningFoot(title)] }) },
        children,
      },
    ],
  });
  return rewriteZip(await Packer.toBuffer(doc), pinDates);
}

const font = 'Arial';
const contentWidth = 11906 - 2 * 1360;

const paragraphStyles = {
  default: {
    document: {
      run: { font, size: 20, color: brand.ink },
      paragraph: { spacing: { after: 140, line: 288, lineRule: LineRuleType.AUTO } },
    },
    heading1: {
      run: { font, size: 40, bold: true, color: brand.navy },
      paragraph: { spacing: { before: 120, after: 200, line: 252, lineRule: LineRuleType.AUTO } },
    },
    heading2: {
      run: { font, size: 25, bold: true, color: brand.navy },
      paragraph: { spacing: { before: 320, after: 120 }, keepNext: true },
    },
    heading3: {
      run: { font, size: 24, bold: true, color: brand.orange },
      paragraph: { spacing: { before: 240, after: 80 }, keepNext: true },
    },
  },
};

function pinDates(name: string, text: string) {
  if (name !== 'docProps/core.xml') return text;
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, documentDate.toISOString());
}

function runningHead() {
  return new Paragraph({
    spacing: { after: 200 },
    border: { bottom: { style: BorderStyle.SINGLE, size: 12, color: brand.orange, space: 6 } },
    children: [new TextRun({ text: brand.company, bold: true, size: 20, color: brand.navy })],
  });
}

function runningFoot(title: string) {
  return new Paragraph({
    children: [
      new TextRun({ text: `${title}  ·  ${brand.site}  ·  page `, size: 16, color: brand.quiet }),
      new TextRun({ children: [PageNumber.CURRENT], size: 16, color: brand.quiet }),
    ],
  });
}

function drawBlock(block: Block, reference: string): (Paragraph | Table)[] {
  switch (block.kind) {
    case 'heading':
      return [new Paragraph({ heading: headingLevels[block.level], children: textRuns(block.runs, {}) })];
    case 'paragraph':
      return [new Paragraph({ children: textRuns(block.runs, {}) })];
    case 'quote':
      return [
        new Paragraph({
          spacing: { before: 160, after: 240 },
          indent: { left: 240, right: 240 },
          shading: { type: ShadingType.CLEAR, fill: brand.pale, color: 'auto' },
          border: { left: { style: BorderStyle.SINGLE, size: 24, color: brand.orange, space: 10 } },
          children: textRuns(block.runs, { italics: true, color: brand.navy, size: 22 }),
        }),
      ];
    case 'list':
      return block.items.map(
        (item) =>
          new Paragraph({
            spacing: { after: 80 },
            ...(block.isNumbered ? { numbering: { reference, level: 0 } } : { bullet: { level: 0 } }),
            children: textRuns(item, {}),
          }),
      );
    case 'table':
      return [drawTable(block.head, block.rows), new Paragraph({ spacing: { after: 60 }, children: [] })];
    case 'image':
      throw new Error(`Images are not placed in Word files (${block.file}).`);
  }
}

const headingLevels = { 1: HeadingLevel.HEADING_1, 2: HeadingLevel.HEADING_2, 3: HeadingLevel.HEADING_3 };

function textRuns(runs: Run[], extra: { italics?: boolean; color?: string; size?: number; bold?: boolean }) {
  return runs.map(
    (run) =>
      new TextRun({
        text: run.text,
        ...(run.bold ? { bold: true } : {}),
        ...(run.italic ? { italics: true } : {}),
        ...extra,
      }),
  );
}

function drawTable(head: Run[][], rows: Run[][][]) {
  const lengths = head.map((cell, column) =>
    Math.max(8, plainText(cell).length, ...rows.map((row) => plainText(row[column] ?? []).length)),
  );
  const capped = lengths.map((length) => Math.min(48, length));
  const sum = capped.reduce((all, length) => all + length, 0);
  const widths = capped.map((length) => Math.round((length / sum) * contentWidth));
  const line = { style: BorderStyle.SINGLE, size: 4, color: brand.line };
  const none = { style: BorderStyle.NONE, size: 0, color: 'auto' };
  const row = (cells: Run[][], isHead: boolean) =>
    new TableRow({
      tableHeader: isHead,
      cantSplit: true,
      children: cells.map(
        (cell, column) =>
          new TableCell({
            width: { size: widths[column] ?? 0, type: WidthType.DXA },
            verticalAlign: VerticalAlignTable.CENTER,
            margins: { top: 70, bottom: 70, left: 110, right: 110 },
            ...(isHead ? { shading: { type: ShadingType.CLEAR, fill: brand.navy, color: 'auto' } } : {}),
            children: [
              new Paragraph({
                spacing: { after: 0, line: 252 },
                children: textRuns(
                  cell,
                  isHead ? { bold: true, color: brand.white, size: 18 } : { size: 18 },
                ),
              }),
            ],
          }),
      ),
    });
  return new Table({
    width: { size: contentWidth, type: WidthType.DXA },
    columnWidths: widths,
    borders: {
      top: line,
      bottom: line,
      insideHorizontal: line,
      left: none,
      right: none,
      insideVertical: none,
    },
    rows: [row(head, true), ...rows.map((cells) => row(cells, false))],
  });
}
