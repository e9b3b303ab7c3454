import { CsvError, type Info, parse } from 'csv-parse';
import { parse as parseAtOnce } from 'csv-parse/sync';
import { Problem } from '../http/problem.ts';
import type { DealImport } from './contract.ts';

type Encoding = DealImport['encoding'];
type Separator = DealImport['separator'];

/** Learns from bytes as they pass how their text is encoded. */
export function watchEncoding() {
  const strict = new TextDecoder('utf-8', { fatal: true });
  let head = Buffer.alloc(0);
  let isUtf8 = true;
  return {
    add(bytes: Buffer): void {
      if (head.length < headBytes) head = Buffer.concat([head, bytes.subarray(0, headBytes - head.length)]);
      if (!isUtf8) return;
      try {
        strict.decode(bytes, { stream: true });
      } catch {
        isUtf8 = false;
      }
    },
    end(): { encoding: Encoding; head: string } {
      // A letter that is cut off at the end is none of UTF-8.
      if (isUtf8) isUtf8 = endsWell(strict);
      const encoding = findWideEncoding(head) ?? (isUtf8 ? 'utf-8' : 'windows-1252');
      // PostgreSQL keeps no text with a zero in it; the rows that hold one are named when they are read.
      return {
        encoding,
        head: new TextDecoder(encoding).decode(head, { stream: true }).replaceAll('\0', ''),
      };
    },
  };
}

function endsWell(decoder: { decode(): string }): boolean {
  try {
    decoder.decode();
    return true;
  } catch {
    return false;
  }
}

const headBytes = 262_144;

function findWideEncoding(head: Buffer): Encoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const looked = head.subarray(0, 2000);
  const zeros = [0, 0];
  looked.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  // Most letters of a CSV header are ASCII, of which one byte of two is zero.
  if ((zeros[1] ?? 0) > looked.length / 4) return 'utf-16le';
  if ((zeros[0] ?? 0) > looked.length / 4) return 'utf-16be';
  return undefined;
}

export interface FileHead {
  separator: Separator;
  header: string[];
  samples: string[][];
}

/** The separator that makes most of the first line, and some rows for whoever says what the columns are. */
export function readHead(text: string): FileHead {
  const lastBreak = text.lastIndexOf('\n');
  const whole = text.length < headBytes / 4 || lastBreak < 0 ? text : text.slice(0, lastBreak);
  const tries = ([',', ';', '\t'] as const).map((separator) => ({
    separator,
    rows: tryRows(whole, separator),
  }));
  const best = tries.toSorted((a, b) => (b.rows[0]?.length ?? 0) - (a.rows[0]?.length ?? 0))[0];
  const header = best?.rows[0] ?? [];
  if (!best || header.length < 2)
    throw new Problem(
      'refused_import',
      'The first line must name the columns, parted by commas, semicolons or tabs. Save the sheet as CSV and try again.',
    );
  if (header.length > 500)
    throw new Problem(
      'refused_import',
      'The file has more than 500 columns. Keep those of deals and try again.',
    );
  const rows = best.rows.slice(1);
  const samples = header.map((_, column) =>
    [...new Set(rows.map((row) => row[column]?.trim().slice(0, 120) ?? '').filter(Boolean))].slice(0, 3),
  );
  return { separator: best.separator, header: header.map((name) => name.trim().slice(0, 120)), samples };
}

function tryRows(text: string, delimiter: string): string[][] {
  try {
    return parseAtOnce(text, { ...csvOptions, delimiter, to: 50 }) as unknown as string[][];
  } catch {
    return tryHeader(text, delimiter);
  }
}

/** A file may be broken further down, which whoever checks it is told with the line. */
function tryHeader(text: string, delimiter: string): string[][] {
  try {
    return parseAtOnce(text, { ...csvOptions, delimiter, to: 1 }) as unknown as string[][];
  } catch {
    return [];
  }
}

const csvOptions = {
  bom: true,
  relax_column_count: true,
  skip_empty_lines: true,
  skip_records_with_empty_values: true,
  max_record_size: 1_000_000,
} as const;

export interface FileRow {
  line: number;
  values: string[];
}

/** The rows below the header in batches, read as they are needed. */
export async function* readBatches(
  chunks: AsyncIterable<Buffer>,
  { encoding, separator }: { encoding: string; separator: string },
  size: number,
): AsyncGenerator<FileRow[]> {
  let lastLine = 0;
  const parser = parse({
    ...csvOptions,
    delimiter: separator,
    info: true,
    // Rows that were read but not handed on yet are dropped when the text turns out to be broken.
    on_record: (row, { lines }) => {
      lastLine = lines;
      return row;
    },
  });
  const feeding = feed(chunks, encoding, parser);
  let batch: FileRow[] = [];
  let isHeader = true;
  try {
    for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: Info }>) {
      if (isHeader) {
        isHeader = false;
        continue;
      }
      const breaks = record.reduce((sum, field) => sum + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
      batch.push({ line: info.lines - breaks, values: record });
      if (batch.length < size) continue;
      yield batch;
      batch = [];
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Problem('refused_import', faultWords(error, lastLine + 1));
  } finally {
    parser.destroy();
    await feeding;
  }
  if (batch.length > 0) yield batch;
}

/** What is wrong with the text itself, from the line at which the row begins that can't be read. */
function faultWords({ code, message, lines }: CsvError, line: number): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED')
    return `Line ${line}: a quote that opens in this row is never closed, so where it ends is unknown. Close it, or take it away, and upload the file again.`;
  if (code === 'CSV_MAX_RECORD_SIZE')
    return `Line ${line}: the row that begins here is longer than 1 MB; most often a quote in it is never closed. Mend the row and upload the file again.`;
  const where = typeof lines === 'number' ? lines : line;
  return `Line ${where}: this is not valid CSV. ${message.slice(0, 300).replace(/\.?$/, '.')} A quote inside of a value is written twice. Mend the row and upload the file again.`;
}

/** Hands text on only as fast as it is parsed, so that a large file never stands in memory. */
async function feed(
  chunks: AsyncIterable<Buffer>,
  encoding: string,
  parser: ReturnType<typeof parse>,
): Promise<void> {
  const decoder = new TextDecoder(encoding);
  try {
    for await (const chunk of chunks) {
      if (parser.destroyed) return;
      if (parser.write(decoder.decode(chunk, { stream: true }))) continue;
      await new Promise<void>((resolve) => {
        const goOn = () => {
          parser.off('drain', goOn).off('close', goOn);
          resolve();
        };
        parser.on('drain', goOn).on('close', goOn);
      });
    }
    if (!parser.destroyed) parser.end(decoder.decode());
  } catch (error) {
    parser.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}
