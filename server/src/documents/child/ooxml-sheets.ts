import { mostCharacters, type OfficePart, type OfficeWords } from './office-words.ts';
import { readComments } from './ooxml-comments.ts';
import { readDrawingText } from './ooxml-drawings.ts';
import { type Relation, readRelations } from './ooxml-package.ts';
import { type NumberStyle, showNumber } from './sheet-numbers.ts';
import { type Attributes, attribute, readXml, relation } from './xml.ts';
import type { OfficePackage } from './zip.ts';

/** The rest of a longer table is an export of a machine: it is shown, but would crowd out other texts in search. */
const mostCellsPerSheet = 200_000;

interface Workbook {
  strings: string[];
  styles: NumberStyle[];
  countsFrom1904: boolean;
  /** How many more characters are read of all sheets together. */
  room: number;
  extent: { rowCount: number; columnCount: number };
}

/** Reads the sheets that are shown, with each row as a line and a tab between cells. */
export async function readWorkbook(pack: OfficePackage, main: string): Promise<OfficeWords> {
  const relations = await readRelations(pack, main);
  const partOf = (type: string) => relations.find((found) => found.type === type)?.part ?? '';
  const { sheets, countsFrom1904 } = await readSheetList(pack, main);
  const book: Workbook = {
    strings: await readStrings(pack, partOf('sharedStrings')),
    styles: await readStyles(pack, partOf('styles')),
    countsFrom1904,
    room: mostCharacters,
    extent: { rowCount: 0, columnCount: 0 },
  };
  const parts: OfficePart[] = [];
  for (const sheet of sheets) {
    const found = relations.find(({ id }) => id === sheet.id);
    if (!found || sheet.isHidden) continue;
    const around = await readRelations(pack, found.part);
    const rows = await readRows(pack, found.part, book);
    const text = [...rows, ...(await readDrawings(pack, around))].join('\n');
    const comments = await readSheetComments(pack, around);
    parts.push({
      number: parts.length + 1,
      title: sheet.name,
      text,
      notes: '',
      comments: comments.join('\n'),
    });
  }
  const headings = parts.map((part) => ({ level: 1, text: part.title }));
  return { parts, headings, sheetExtent: book.extent };
}

async function readSheetList(pack: OfficePackage, main: string) {
  const sheets: { name: string; id: string; isHidden: boolean }[] = [];
  let countsFrom1904 = false;
  await readXml(pack.read(main), {
    open(name, attributes) {
      if (name === 'workbookPr')
        countsFrom1904 = ['1', 'true'].includes(attribute(attributes, 'date1904') ?? '');
      if (name !== 'sheet') return;
      sheets.push({
        name: attribute(attributes, 'name') ?? '',
        id: relation(attributes, 'id') ?? '',
        isHidden: /hidden/i.test(attribute(attributes, 'state') ?? ''),
      });
    },
  });
  return { sheets, countsFrom1904 };
}

/** The texts that cells refer to by their place in this list. */
async function readStrings(pack: OfficePackage, part: string): Promise<string[]> {
  const strings: string[] = [];
  let length = 0;
  let string = '';
  let isText = false;
  let isPronunciation = false;
  await readXml(pack.read(part), {
    open(name) {
      if (name === 'si') string = '';
      if (name === 'rPh') isPronunciation = true;
      isText = name === 't' && !isPronunciation;
    },
    close(name) {
      isText = false;
      if (name === 'rPh') isPronunciation = false;
      if (name === 'si') strings.push(string);
    },
    text(text) {
      if (!isText || length > mostCharacters) return;
      string += text;
      length += text.length;
    },
  });
  return strings;
}

async function readStyles(pack: OfficePackage, part: string): Promise<NumberStyle[]> {
  const codes = new Map<number, string>();
  const ids: number[] = [];
  let isCellStyle = false;
  await readXml(pack.read(part), {
    open(name, attributes) {
      const id = Number(attribute(attributes, 'numFmtId'));
      if (name === 'numFmt') codes.set(id, attribute(attributes, 'formatCode') ?? '');
      if (name === 'cellXfs') isCellStyle = true;
      if (name === 'xf' && isCellStyle) ids.push(id);
    },
    close(name) {
      if (name === 'cellXfs') isCellStyle = false;
    },
  });
  return ids.map((formatId) => ({ formatId, code: codes.get(formatId) }));
}

async function readRows(pack: OfficePackage, part: string, book: Workbook): Promise<string[]> {
  const rows: string[] = [];
  let cells: string[] = [];
  let cell: Attributes = {};
  let value = '';
  let isValue = false;
  let count = 0;
  const place = createPlace();
  const endCell = () => {
    const text = showCell(value, cell, book).replace(/\s+/g, ' ').trim();
    count += 1;
    if (text === '') return;
    place.reach(book.extent);
    cells.push(text);
    book.room -= text.length + 1;
  };
  await readXml(pack.read(part), {
    open(name, attributes) {
      if (name === 'row') {
        cells = [];
        place.startRow(attributes);
      }
      if (name === 'c') {
        place.startCell(attributes);
        cell = attributes;
        value = '';
      }
      isValue = name === 'v' || name === 't';
    },
    close(name) {
      isValue = false;
      if (name === 'c' && book.room > 0) endCell();
      if (name === 'row' && cells.length > 0) rows.push(cells.join('\t'));
    },
    text(text) {
      if (isValue) value += text;
    },
    isDone: () => book.room <= 0 || count >= mostCellsPerSheet,
  });
  return rows;
}

/** Cells and rows say where they are (`C12`); those that do not follow the one before them. */
function createPlace() {
  let [row, column] = [0, 0];
  return {
    startRow(attributes: Attributes) {
      row = Number(attributes.r) || row + 1;
      column = 0;
    },
    startCell(attributes: Attributes) {
      const letters = /^[A-Z]{1,3}/.exec(attributes.r ?? '')?.[0];
      if (!letters) column += 1;
      else column = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0);
    },
    reach(extent: Workbook['extent']) {
      extent.rowCount = Math.max(extent.rowCount, row);
      extent.columnCount = Math.max(extent.columnCount, column);
    },
  };
}

function showCell(value: string, cell: Attributes, book: Workbook): string {
  const type = cell.t ?? 'n';
  if (type === 's') return book.strings[Number(value)] ?? '';
  if (type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (type !== 'n') return value;
  return showNumber(value, book.styles[Number(cell.s ?? 0)], book.countsFrom1904);
}

/** Text in shapes and charts that lie on a sheet. */
async function readDrawings(pack: OfficePackage, relations: Relation[]): Promise<string[]> {
  const lines: string[] = [];
  for (const drawing of relations.filter(({ type }) => type === 'drawing')) {
    lines.push(...(await readDrawingText(pack, drawing.part)));
    for (const found of await readRelations(pack, drawing.part))
      if (['chart', 'chartEx', 'diagramData'].includes(found.type))
        lines.push(...(await readDrawingText(pack, found.part)));
  }
  return lines;
}

/** Where there are comments of today's kind, those of the old kind only say that they can not be shown. */
async function readSheetComments(pack: OfficePackage, relations: Relation[]): Promise<string[]> {
  const threaded = relations.filter(({ type }) => type === 'threadedComment');
  const wanted = threaded.length > 0 ? threaded : relations.filter(({ type }) => type === 'comments');
  const lines: string[] = [];
  for (const found of wanted) lines.push(...(await readComments(pack, found.part)));
  return lines;
}
