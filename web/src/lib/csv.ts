export type CsvCell = string | number;

/** Excel and its kin take a text that starts like this for a formula. */
const looksLikeFormula = /^[=+\-@\t\r\n＝＋－＠]/;

function encodeCell(cell: CsvCell): string {
  if (typeof cell === 'number') return cell.toString();
  const safe = looksLikeFormula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * Rows for machines and people alike: numbers with a dot, days as in ISO 8601, and what could be taken for a formula as
 * text.
 */
export function encodeCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => row.map(encodeCell).join(',')).join('\r\n');
}

interface CsvTable {
  head: readonly string[];
  rows: readonly (readonly CsvCell[])[];
  /** What the file is, and whatever else its reader has to know. */
  about: readonly (readonly CsvCell[])[];
  asOf: Date;
  metrics: readonly { name: string; definition: string }[];
}

/** A table whose first line names its columns, as spreadsheets expect it; what its numbers mean stands below them. */
export function encodeTable({ head, rows, about, asOf, metrics }: CsvTable): string {
  return encodeCsv([
    head,
    ...rows,
    [],
    ['About these numbers'],
    ...about,
    ['As of', asOf.toISOString()],
    ...metrics.map(({ name, definition }) => [name, definition]),
  ]);
}

/** Gives the browser a file that was made on the page. The mark at its start tells Excel that it is UTF-8. */
export function saveCsv(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob(['\u{feff}', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
