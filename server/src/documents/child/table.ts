import { escapeHtml } from '../escape-html.ts';
import { longestShown, restNote } from './markdown.ts';

/** A wider table is read in the program that wrote it. */
const mostColumns = 50;
const mostRows = 2000;
const longestCell = 2000;

/** A file of more is no table for people. */
const mostCells = 1_000_000;
/** A quote that stays open longer was none: it would make one cell of the rest of the file. */
const longestQuoted = 100_000;

/**
 * The rows of a table in a text file, forgiving what spreadsheets forgive; undefined when it is too large for one. The
 * library that reads tables for imports gives a file up for one stray quote, and takes half a minute for hostile ones.
 */
export function parseTable(text: string, mediaType: string): string[][] | undefined {
  const delimiter = mediaType === 'text/tab-separated-values' ? '\t' : guessDelimiter(text);
  const plainCell = new RegExp(`[^${delimiter === '|' ? '\\|' : delimiter}\n]*`, 'y');
  const rows: string[][] = [];
  let row: string[] = [];
  let cellCount = 0;
  for (let at = 0; at < text.length; at += 1) {
    const quoted = text[at] === '"' ? readQuoted(text, at, delimiter) : undefined;
    plainCell.lastIndex = at;
    const cell = quoted?.cell ?? plainCell.exec(text)?.[0] ?? '';
    at = quoted?.end ?? at + cell.length;
    row.push(cell.trim());
    cellCount += 1;
    if (cellCount > mostCells) return undefined;
    if (text[at] === delimiter && at < text.length - 1) continue;
    if (row.some((found) => found !== '')) rows.push(row);
    row = [];
  }
  return rows;
}

/** A cell in quotes, where a double quote stands for one; undefined when the quote is only a character. */
function readQuoted(
  text: string,
  start: number,
  delimiter: string,
): { cell: string; end: number } | undefined {
  let cell = '';
  for (let at = start + 1; cell.length < longestQuoted; ) {
    const quote = text.indexOf('"', at);
    if (quote < 0 || quote - at > longestQuoted) return undefined;
    cell += text.slice(at, quote);
    const after = text[quote + 1];
    if (after === undefined || after === '\n' || after === delimiter) return { cell, end: quote + 1 };
    if (after !== '"') return undefined;
    cell += '"';
    at = quote + 2;
  }
  return undefined;
}

/** One line for each row, as the rows of tables in other documents are read. */
export function tableWords(rows: string[][]): string {
  return rows.map((row) => row.filter((cell) => cell !== '').join(' · ')).join('\n');
}

export function renderTable(rows: string[][]): string {
  const columnCount = Math.min(mostColumns, widest(rows));
  const hasHeader = beginsWithHeader(rows);
  const shown: string[] = [];
  let length = 0;
  for (const [index, row] of rows.slice(0, mostRows).entries()) {
    const html = renderRow(row, columnCount, hasHeader && index === 0 ? 'th' : 'td');
    length += html.length;
    if (length > longestShown) break;
    shown.push(hasHeader && index === 0 ? `<thead>${html}</thead>\n` : html);
  }
  const isCut =
    shown.length < rows.length || rows.some((row) => row.length > columnCount || row.some(isLongCell));
  return `<table>\n${shown.join('')}</table>\n${isCut ? restNote : ''}`;
}

/** Spreadsheets write semicolons where the comma stands for the decimal point. */
function guessDelimiter(text: string): string {
  const lines = text.slice(0, 20_000).split('\n').slice(0, 20);
  const counts = [',', ';', '\t', '|'].map((delimiter) => ({
    delimiter,
    // The line that has it least often says most: prose has a comma now and then, a table in every row.
    least: Math.min(
      ...lines.filter((line) => line.trim() !== '').map((line) => line.split(delimiter).length - 1),
    ),
  }));
  return counts.toSorted((a, b) => b.least - a.least)[0]?.delimiter ?? ',';
}

function widest(rows: string[][]): number {
  return rows.reduce((most, row) => Math.max(most, row.length), 0);
}

/** Names of columns are words, and no two are the same. */
function beginsWithHeader([first, ...rest]: string[][]): boolean {
  if (!first || rest.length === 0) return false;
  const named = first.filter((cell) => cell !== '');
  return (
    named.length > first.length / 2 &&
    new Set(named).size === named.length &&
    named.every((cell) => /\p{L}/u.test(cell) && cell.length <= 100)
  );
}

function renderRow(row: string[], columnCount: number, tag: 'td' | 'th'): string {
  let cells = '';
  for (let column = 0; column < columnCount; column += 1) {
    const cell = row[column] ?? '';
    cells += `<${tag}>${escapeHtml(isLongCell(cell) ? `${cell.slice(0, longestCell)}…`.toWellFormed() : cell)}</${tag}>`;
  }
  return `<tr>${cells}</tr>\n`;
}

function isLongCell(cell: string): boolean {
  return cell.length > longestCell;
}
