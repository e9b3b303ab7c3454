import { z } from 'zod';
import { readCsvFile } from '../http/csv-file.ts';
import { Problem } from '../http/problem.ts';
import { type DimensionKey, dimensionKey } from '../taxonomy/contract.ts';
import { assetStatus, audience } from './contract.ts';

/** What one line of a library.csv says. A field whose column is not there is undefined and stays as it is. */
export interface LibraryRow {
  line: number;
  /** What the row is known by when it comes again: its path or its address. */
  importKey: string;
  filePath: string | null;
  url: string | null;
  title: string;
  description?: string | undefined;
  useWhen?: string | undefined;
  talkTrack?: string | undefined;
  ownerRole?: string | undefined;
  audience?: 'internal' | 'external' | undefined;
  reviewOn?: string | null | undefined;
  status?: 'draft' | 'published' | 'archived' | undefined;
  /** An ISO 8601 instant. */
  publishedAt?: string | undefined;
  /** The terms by name, of each dimension that has a column. */
  terms: Partial<Record<DimensionKey, string[]>>;
}

export interface RowError {
  line: number;
  title: string;
  detail: string;
}

export interface LibraryFile {
  rows: LibraryRow[];
  errors: RowError[];
  notes: string[];
}

/** A larger file is split, so that no import fills the memory or holds up everybody else. */
const mostRows = 20_000;
const mostColumns = 200;

const fieldColumns = [
  'file',
  'url',
  'title',
  'description',
  'use_when',
  'talk_track',
  'owner_role',
  'audience',
  'review_by',
  'status',
  'published_at',
] as const;

/** A dimension's column is named like it or in the plural. */
const dimensionColumns = new Map<string, DimensionKey>(
  dimensionKey.options.flatMap((key) => [
    [key, key],
    [key === 'industry' ? 'industries' : `${key}s`, key],
  ]),
);

/** Reads a library.csv: rows that can be taken, and sentences for each that can not. */
export function readLibraryFile(csvText: string, now: Date): LibraryFile {
  const [header, ...records] = readCsvFile(csvText, 'library.csv', mostRows);
  if (!header) throw new Problem('refused_import', 'library.csv is empty. Its first line names the columns.');
  const columns = header.record.map((name) => name.trim().toLowerCase());
  const notes = checkColumns(columns);
  const rows: LibraryRow[] = [];
  const errors: RowError[] = [];
  const lines = new Map<string, number>();
  for (const { record, line } of records) {
    const cells = new Map(columns.map((column, index) => [column, record[index]?.trim() ?? '']));
    const title = cells.get('title') ?? '';
    const refuse = (detail: string) => errors.push({ line, title, detail });
    if (record.length > columns.length) {
      refuse(
        `This row has ${record.length} cells for ${columns.length} columns. Put quotes around a cell with commas.`,
      );
      continue;
    }
    const result = readRow(cells, line, now);
    if ('faults' in result) {
      refuse(result.faults.join(' '));
      continue;
    }
    const earlier = lines.get(result.importKey);
    if (earlier !== undefined) refuse(`Line ${earlier} has the same file or address. Keep one of the two.`);
    else {
      lines.set(result.importKey, line);
      rows.push(result);
    }
  }
  if (rows.length + errors.length === 0)
    throw new Problem(
      'refused_import',
      'library.csv has column names but no rows. Add a row for each asset.',
    );
  return { rows, errors, notes };
}

function checkColumns(columns: string[]): string[] {
  const refuse = (detail: string): never => {
    throw new Problem('refused_import', `library.csv, line 1: ${detail}`);
  };
  if (columns.length > mostColumns)
    refuse(
      `there are ${columns.length} columns. Remove those that are not needed; ${mostColumns} are taken.`,
    );
  const repeated = columns.find((column, index) => column !== '' && columns.indexOf(column) < index);
  if (repeated) refuse(`the column “${repeated}” is there twice. Remove one.`);
  if (columns.length === 1 && columns[0]?.includes(';'))
    refuse('the columns are separated by semicolons. Save the file with commas between the columns.');
  if (!columns.includes('title')) refuse('there is no column “title”. The first line must name the columns.');
  if (!columns.includes('file') && !columns.includes('url'))
    refuse('there is neither a column “file” nor a column “url”. Each asset needs one of them.');
  const unknown = columns.filter(
    (column) =>
      column !== '' && !(fieldColumns as readonly string[]).includes(column) && !dimensionColumns.has(column),
  );
  if (unknown.length === 0) return [];
  const names = unknown.map((column) => `“${column}”`).join(', ');
  return [`${unknown.length === 1 ? 'A column is' : 'Columns are'} not known and left out: ${names}.`];
}

const text = (longest: number) => z.string().max(longest, `is longer than ${longest} characters.`);
const webAddress = z.url({ protocol: /^https?$/ }).max(2000);
const hasYear = (text: string) => !text.startsWith('0000');
const isoDay = z.iso.date().refine(hasYear);
const isoInstant = z.union([z.iso.datetime({ offset: true }), z.iso.date()]).refine(hasYear);

function readRow(cells: Map<string, string>, line: number, now: Date): LibraryRow | { faults: string[] } {
  const faults: string[] = [];
  const cell = (column: string) => cells.get(column);
  /** A column that is not there is undefined; a cell that is wrong adds a sentence. */
  function read<T>(column: string, schema: z.ZodType<T>, fault: (value: string) => string): T | undefined {
    const value = cell(column);
    if (value === undefined) return undefined;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    faults.push(fault(value));
    return undefined;
  }
  const filled = <T>(column: string, schema: z.ZodType<T>, fault: (value: string) => string) =>
    cell(column) ? read(column, schema, fault) : undefined;
  const tooLong = (column: string, longest: number) => () =>
    `The ${column} is longer than ${longest} characters.`;

  if ([...cells.values()].some((value) => value.includes('\ufffd') || value.includes('\0')))
    faults.push('Some characters cannot be read. Save library.csv as UTF-8.');
  const title = cell('title') ?? '';
  if (title === '') faults.push('The title is missing.');
  else read('title', text(200), tooLong('title', 200));
  const filePath = cell('file') || null;
  const url = cell('url') || null;
  if (filePath && url) faults.push('The row has both a file and a url. Keep one of them.');
  if (!filePath && !url) faults.push('The row has neither a file nor a url. Add one of them.');
  filled(
    'url',
    webAddress,
    (value) => `“${value}” is not a web address that starts with https:// or http://.`,
  );
  const publishedAt = filled(
    'published_at',
    isoInstant,
    (value) => `published_at “${value}” is not a date like 2026-06-01.`,
  );
  if (publishedAt && new Date(publishedAt) > now)
    faults.push(`published_at “${publishedAt}” is in the future.`);
  const row: LibraryRow = {
    line,
    importKey: url ?? normalisePath(filePath ?? ''),
    filePath: filePath && normalisePath(filePath),
    url,
    title,
    description: read('description', text(4000), tooLong('description', 4000)),
    useWhen: read('use_when', text(1000), tooLong('use_when line', 1000)),
    talkTrack: read('talk_track', text(8000), tooLong('talk track', 8000)),
    ownerRole: read('owner_role', text(80), tooLong('owner role', 80)),
    audience: filled(
      'audience',
      audience,
      (value) => `The audience “${value}” is not known. Write internal or external.`,
    ),
    reviewOn:
      cell('review_by') === ''
        ? null
        : read('review_by', isoDay, (value) => `review_by “${value}” is not a date like 2027-03-31.`),
    status: filled(
      'status',
      assetStatus,
      (value) => `The status “${value}” is not known. Write draft, published or archived.`,
    ),
    publishedAt: publishedAt && new Date(publishedAt).toISOString(),
    terms: readTerms(cells),
  };
  return faults.length > 0 ? { faults } : row;
}

function readTerms(cells: Map<string, string>): LibraryRow['terms'] {
  const terms: LibraryRow['terms'] = {};
  for (const [column, key] of dimensionColumns) {
    const value = cells.get(column);
    if (value === undefined) continue;
    const names = value.split(';').map((name) => name.trim());
    terms[key] = [...new Set([...(terms[key] ?? []), ...names.filter(Boolean)])];
  }
  return terms;
}

/** Macs and Linux write ü differently, Windows writes \ for /. */
export function normalisePath(path: string): string {
  return path
    .normalize('NFC')
    .replaceAll('\\', '/')
    .replace(/^(\.?\/)+/, '');
}
