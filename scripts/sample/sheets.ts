import writeExcelFile from 'write-excel-file/node';
import { brand, documentDate } from './brand.ts';
import { evaluateSheets, type SheetText } from './formula.ts';
import { parseMarkdown, plainText } from './markdown.ts';
import { rewriteZip } from './zip.ts';

/** Makes a workbook from one source: each "##" with its table is a sheet; "=…" is a formula, "18%" a share. */
export async function writeSheets(body: string): Promise<Buffer> {
  const sheets = readSheets(body);
  const values = evaluateSheets(sheets);
  const isCalculator = sheets.some((sheet) =>
    sheet.rows.some((row) => row.some((text) => text.startsWith('='))),
  );
  const bytes = await writeExcelFile(
    sheets.map((sheet) => ({
      sheet: sheet.name,
      data: sheet.rows.map((row, rowAt) =>
        row.map((text, columnAt) =>
          cellOf(text, values.get(cellKey(sheet.name, columnAt, rowAt)) ?? null, rowAt, isCalculator),
        ),
      ),
      columns: columnWidths(sheet.rows).map((width) => ({ width })),
      stickyRowsCount: 1,
      orientation: 'landscape' as const,
    })),
    { fontFamily: 'Arial', fontSize: 10 },
  ).toBuffer();
  return rewriteZip(bytes, (name, text) => pinDates(name, addFormulas(name, text, sheets)));
}

function cellKey(sheet: string, column: number, row: number) {
  return `${sheet}!${String.fromCharCode(65 + column)}${row + 1}`;
}

function readSheets(body: string): SheetText[] {
  const sheets: SheetText[] = [];
  let name = '';
  for (const block of parseMarkdown(body)) {
    if (block.kind === 'heading') name = plainText(block.runs);
    if (block.kind !== 'table') continue;
    sheets.push({ name, rows: [block.head, ...block.rows].map((row) => row.map(plainText)) });
  }
  return sheets;
}

function cellOf(text: string, value: number | null, row: number, isCalculator: boolean) {
  if (row === 0) {
    const color = `#${brand.white}`;
    return {
      value: text,
      fontWeight: 'bold' as const,
      textColor: color,
      backgroundColor: `#${brand.navy}`,
      height: 22,
    };
  }
  if (text === '') return null;
  if (value === null) return { value: text, wrap: true, alignVertical: 'top' as const };
  const isShare = text.endsWith('%');
  const format = isShare ? '0%' : Number.isInteger(value) || Math.abs(value) >= 100 ? '#,##0' : '#,##0.0';
  const isFormula = text.startsWith('=');
  return {
    value,
    format,
    alignVertical: 'top' as const,
    ...(isFormula ? { fontWeight: 'bold' as const } : {}),
    ...(isCalculator && !isFormula ? { backgroundColor: '#FFF6D6' } : {}),
  };
}

function columnWidths(rows: string[][]) {
  const count = Math.max(...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, column) => {
    const longest = Math.max(
      ...rows.map((row) => (row[column]?.startsWith('=') ? 12 : (row[column]?.length ?? 0))),
    );
    return Math.min(118, Math.max(10, longest + 3));
  });
}

/** The values are stored as numbers first; here each formula joins its value, so that a preview shows both. */
function addFormulas(name: string, xml: string, sheets: SheetText[]) {
  const number = /^xl\/worksheets\/sheet(\d+)\.xml$/.exec(name)?.[1];
  const sheet = number === undefined ? undefined : sheets[Number(number) - 1];
  if (!sheet) return xml;
  return xml.replaceAll(
    /<c r="([A-Z])(\d+)"([^>]*)><v>/g,
    (whole, column: string, row: string, rest: string) => {
      const text = sheet.rows[Number(row) - 1]?.[column.charCodeAt(0) - 65] ?? '';
      return text.startsWith('=')
        ? `<c r="${column}${row}"${rest}><f>${escapeXml(text.slice(1))}</f><v>`
        : whole;
    },
  );
}

function escapeXml(text: string) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function pinDates(name: string, text: string) {
  if (!name.startsWith('docProps/')) return text;
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, documentDate.toISOString());
}
