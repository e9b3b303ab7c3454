import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { createLog } from '../../server/src/http/log.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await createTestDatabase();
  db = database.db;
  await sql`create table note (id int primary key, text text)`.execute(db);
});

afterAll(() => database.close());

const insert = (trx: Database, id: number) => sql`insert into note (id) values (${id})`.execute(trx);
const ids = async () =>
  (await sql<{ id: number }>`select id from note order by id`.execute(db)).rows.map(({ id }) => id);

test('values come back as what they were', async () => {
  const at = new Date('2026-11-22T10:11:12.345Z');
  const { rows } = await sql`select
    ${['a', 'b"c', 'd\\e', null]}::text[] as texts, ${[]}::text[] as none, ${[1, 2]}::int[] as numbers,
    ${{ some_key: ['x'], nested: { a_b: 1 } }}::jsonb as object, ${[{ a: 1 }, 2]}::jsonb as list, ${'text'}::jsonb as json_text,
    ${null}::jsonb as json_null, ${at}::timestamptz as instant, ${[at]}::timestamptz[] as instants, ${'2026-11-22'}::date as day,
    ${12}::bigint as big, 1.50::numeric as exact, ${true}::boolean as yes, ${Buffer.from('hi')}::bytea as bytes`.execute(
    db,
  );
  expect(rows).toEqual([
    {
      texts: ['a', 'b"c', 'd\\e', null],
      none: [],
      numbers: [1, 2],
      object: { some_key: ['x'], nested: { a_b: 1 } },
      list: [{ a: 1 }, 2],
      jsonText: 'text',
      jsonNull: null,
      instant: at,
      instants: [at],
      day: '2026-11-22',
      big: 12,
      exact: '1.50',
      yes: true,
      bytes: Buffer.from('hi'),
    },
  ]);
});

test('a write says how many rows it touched', async () => {
  const { numAffectedRows } = await sql`insert into note (id) values (101), (102)`.execute(db);
  expect(numAffectedRows).toBe(2n);
  expect((await sql`delete from note where id > 100`.execute(db)).numAffectedRows).toBe(2n);
});

test('a transaction is kept whole or not at all', async () => {
  await db.transaction().execute((trx) => Promise.all([insert(trx, 1), insert(trx, 2)]));
  const failing = db.transaction().execute(async (trx) => {
    await insert(trx, 3);
    throw new Error('no');
  });
  await expect(failing).rejects.toThrow('no');
  expect(await ids()).toEqual([1, 2]);
});

test('a broken constraint names itself', async () => {
  await expect(insert(db, 1)).rejects.toMatchObject({ code: '23505', constraint_name: 'note_pkey' });
  await expect(db.transaction().execute((trx) => insert(trx, 1))).rejects.toMatchObject({ code: '23505' });
});

test('a failure that was swallowed can not be committed by accident', async () => {
  const swallowing = db.transaction().execute(async (trx) => {
    await insert(trx, 4);
    await insert(trx, 1).catch(() => {});
  });
  await expect(swallowing).rejects.toMatchObject({ code: '23505' });
  expect(await ids()).toEqual([1, 2]);
});

test('a transaction that fails before the server hears of it leaves no trace on its connection', async () => {
  const other = connectDatabase(database.url, { log: createLog('silent'), max: 1 });
  const failing = other.transaction().execute(async (trx) => {
    await insert(trx, 4);
    await sql`select 9007199254740993::bigint as big`.execute(trx);
  });
  await expect(failing).rejects.toThrow('too large for a JavaScript number');
  await insert(other, 104);
  await other.destroy();
  expect(await ids()).toEqual([1, 2, 104]);
  await sql`delete from note where id = 104`.execute(db);
});

test('a savepoint undoes a failure and the rest is kept', async () => {
  const trx = await db.startTransaction().execute();
  await insert(trx, 5);
  const saved = await trx.savepoint('before').execute();
  await insert(saved, 1).catch(() => {});
  await saved.rollbackToSavepoint('before').execute();
  await insert(saved, 6);
  await trx.commit().execute();
  expect(await ids()).toEqual([1, 2, 5, 6]);
});

test('a transaction that loses its connection fails at once, keeps nothing, and the next one works', async () => {
  const losing = db.transaction().execute(async (trx) => {
    await insert(trx, 7);
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(trx);
    await sql`select pg_terminate_backend(${rows[0]?.pid}, 1000)`.execute(db);
    await insert(trx, 8);
  });
  await expect(losing).rejects.toMatchObject({ code: expect.stringMatching(/^CONNECTION_|^57P01|^EPIPE/) });
  await db.transaction().execute((trx) => insert(trx, 9));
  expect(await ids()).toEqual([1, 2, 5, 6, 9]);
});

test('more work than connections waits its turn', async () => {
  const all = Array.from({ length: 60 }, (_, n) =>
    sql<{ n: number }>`select ${n}::int as n, pg_sleep(0.005)`.execute(db),
  );
  expect((await Promise.all(all)).map(({ rows }) => rows[0]?.n)).toEqual(
    Array.from({ length: 60 }, (_, n) => n),
  );
});

test('closing refuses what comes after', async () => {
  const other = connectDatabase(database.url, { log: createLog('silent'), max: 1 });
  await sql`select 1`.execute(other);
  await other.destroy();
  await expect(sql`select 1`.execute(other)).rejects.toThrow();
});

test('a server that is not there is an error within seconds', async () => {
  const other = connectDatabase('postgres://nobody@localhost:1/none', { log: createLog('silent') });
  const all = Array.from({ length: 20 }, () => sql`select 1`.execute(other));
  const results = await Promise.allSettled(all);
  expect(results.map(({ status }) => status)).toEqual(results.map(() => 'rejected'));
  await other.destroy();
});

test('every uncaught error but the known one of the driver still ends the process', () => {
  const late = 'new TypeError("Cannot read properties of null (reading \'write\')")';
  const frame =
    'at Immediate.nextWrite [as _onImmediate] (file:///app/node_modules/postgres/src/connection.js:255:22)';
  const known = `const error = ${late}; error.stack = error.message + ${JSON.stringify(`\n    ${frame}`)}; throw error;`;
  expect(exitCodeOf(known)).toBe(0);
  expect(exitCodeOf(`throw ${late};`)).not.toBe(0);
  expect(exitCodeOf("throw new Error('another');")).not.toBe(0);
});

/** Runs a process that uses the database, in which an error is thrown where nobody can catch it. */
function exitCodeOf(throwing: string): number | null {
  const module = (path: string) => JSON.stringify(join(import.meta.dirname, '../../server/src', path));
  const code = `
    import { connectDatabase } from ${module('db/database.ts')};
    import { createLog } from ${module('http/log.ts')};
    const db = connectDatabase(${JSON.stringify(database.url)}, { log: createLog('silent') });
    await db.selectFrom('jobRun').selectAll().execute();
    setImmediate(() => { ${throwing} });
    setTimeout(() => db.destroy(), 50);`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', code]).status;
}
