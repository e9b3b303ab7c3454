export type CsvCell = string | number;

/** Excel and its kin take a text that starts like this for a formula. */
const looksLikeFormula = /^[=+\-@\t\r]/;

function encodeCell(cell: CsvCell): string {
  if (typeof cell === 'number') return cell.toString();
  const safe = looksLikeFormula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function encodeCsv(rows: readonly (readonly CsvCell[])[]): string {
  return rows.map((row) => row.map(encodeCell).join(',')).join('\r\n');
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
