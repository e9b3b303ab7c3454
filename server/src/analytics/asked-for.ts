import type { Database } from '../db/database.ts';
import { listSearchRows, type SearchRow } from './gap-queries.ts';
import { succeedingDwellMs } from './metrics.ts';
import type { Window } from './queries.ts';

/** A report looks at so much and no more; of a busier company at the newest. */
const mostSearches = 20_000;

export interface AskedSearch extends SearchRow {
  /** What was typed; empty for a text that was pasted. */
  query: string;
  isPasted: boolean;
}

/**
 * What was asked for in the window. What a buyer wrote is nobody else's to read, and its names and greetings are no
 * words to search with: of a text that was pasted only the terms that were recognised in it count.
 */
export async function listAskedFor(db: Database, window: Window): Promise<AskedSearch[]> {
  const rows = await listSearchRows(db, window, { succeedingDwellMs, limit: mostSearches });
  return rows.map((row) => {
    const isPasted = looksPasted(row.query);
    return { ...row, isPasted, ...(isPasted && { query: '', clusterKey: '' }) };
  });
}

/** Nobody types more than that into a search box. */
const longestTyped = 200;
const marks = [
  /\n/,
  // An address, a number to call, a greeting, a farewell.
  /[^\s@]@[^\s@]+\.[^\s@]/,
  /(?:\+|\b00?)\d[\d\s()/.-]{6,}\d/,
  /^\s*(?:hi|hello|hey|dear)\s+\p{Lu}[^,]{0,60},/iu,
  /\b(?:(?:kind|best|warm)\s+(?:regards|wishes)|sincerely|yours\s+(?:truly|faithfully))\b/i,
];

/** Whether a text is a piece of a message and not what somebody typed to search for. */
export function looksPasted(text: string): boolean {
  return text.length > longestTyped || marks.some((mark) => mark.test(text.trim()));
}
