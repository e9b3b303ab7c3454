import { CsvError, type Info } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { Problem } from './problem.ts';

interface CsvRecord {
  record: string[];
  /** Where the record begins. */
  line: number;
}

/** The rows of a file that was handed in, its header first. A larger file is split by whoever hands it in. */
export function readCsvFile(csvText: string, fileName: string, mostRows: number): CsvRecord[] {
  try {
    const options = {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      // The header, and one row more than is taken.
      to: mostRows + 2,
      max_record_size: 1_000_000,
    } as const;
    const rows = parse(csvText, options) as unknown as { record: string[]; info: Info }[];
    if (rows.length > mostRows + 1)
      throw new Problem(
        'refused_import',
        `${fileName} has more than ${mostRows.toLocaleString('en')} rows. Split it and import one part after the other.`,
      );
    return rows.map(({ record, info }) => ({ record, line: info.lines - countLineBreaks(record) }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error.lines === 'number' ? `, line ${error.lines}` : '';
    throw new Problem(
      'refused_import',
      `${fileName}${line}: this is not valid CSV. ${error.message.replace(/\.?$/, '.')} Mend it and try again.`,
    );
  }
}

function countLineBreaks(record: string[]): number {
  return record.reduce((sum, field) => sum + (field.match(/\r\n|\n|\r/g)?.length ?? 0), 0);
}
