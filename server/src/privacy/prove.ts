import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../context.ts';
import type { Address } from '../db/address.ts';
import type { Proof } from './contract.ts';
import { countMentions, listTextTables } from './scan-queries.ts';

const limitMs = 60_000;

/** Looks through every column of every table that can hold text, and through the files that wait to be written. */
export async function proveErased({ db, config, clock }: Context, address: Address): Promise<Proof> {
  const tables = await listTextTables(db);
  const left: Proof['left'] = [];
  const unchecked: string[] = [];
  for (const table of tables) {
    const name = table.schema === 'public' ? table.name : `${table.schema}.${table.name}`;
    const found = await countMentions(db, table, address, limitMs);
    if (!found) unchecked.push(name);
    else left.push(...found.map((row) => ({ table: name, ...row })));
  }
  return {
    checkedAt: clock(),
    tableCount: tables.length,
    columnCount: tables.reduce((sum, { columns }) => sum + columns.length, 0),
    left,
    unchecked,
    waitingFileCount: await countWaitingFiles(config.dataDir, address),
  };
}

/** What came while the database was away is in files until it is written; erased people are left out of it then. */
async function countWaitingFiles(dataDir: string, { spellings }: Address): Promise<number> {
  const folder = join(dataDir, 'spool');
  const names = await readdir(folder).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8').catch(() => '')));
  return texts.filter((text) => spellings.some((each) => text.toLowerCase().includes(each))).length;
}
