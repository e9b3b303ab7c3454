import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { migrate } from '../../server/src/db/migrate.ts';
import { createLog } from '../../server/src/http/log.ts';
import { createEmptyDatabase, type TestDatabase } from '../support/database.ts';

const log = createLog('silent');
let database: TestDatabase;
let migrationsDir: string;

beforeEach(async () => {
  database = await createEmptyDatabase();
  migrationsDir = await mkdtemp(join(tmpdir(), 'offshelf-migrations-'));
  await write('0001_init.sql', 'create table note (id int primary key);\ninsert into note values (1);');
});

afterEach(async () => {
  await database.close();
  await rm(migrationsDir, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFile(join(migrationsDir, name), text);
const run = () => migrate(database.url, { log, migrationsDir });
const select = async (query: string) => (await sql.raw(query).execute(database.db)).rows;

test('migrations are applied once, in order, and with them the tables of the job queue', async () => {
  await run();
  await write('0002_add_text.sql', "alter table note add text text not null default 'x'");
  await run();
  await run();
  expect(await select('select * from note')).toEqual([{ id: 1, text: 'x' }]);
  expect(await select("select name from schema_migration where name like '0%' order by name")).toEqual([
    { name: '0001_init.sql' },
    { name: '0002_add_text.sql' },
  ]);
  expect(await select("select (graphile_worker.add_job('index-asset')).id is not null as is_queued")).toEqual(
    [{ isQueued: true }],
  );
});

test('starts that race wait for each other', async () => {
  await write('0002_slow.sql', 'select pg_sleep(0.2); insert into note values (2);');
  await Promise.all(Array.from({ length: 5 }, run));
  expect(await select('select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('of a migration that fails nothing is kept, and the message says where it failed', async () => {
  await run();
  await write('0002_broken.sql', 'insert into note values (2);\n\ninsert into notes values (3);');
  await expect(run()).rejects.toThrow(
    'The migration 0002_broken.sql failed, line 3: relation "notes" does not exist. Nothing of it was kept.',
  );
  expect(await select('select id from note')).toEqual([{ id: 1 }]);
  await write('0002_broken.sql', 'insert into note values (2);');
  await run();
  expect(await select('select id from note order by id')).toEqual([{ id: 1 }, { id: 2 }]);
});

test('a migration that was edited after it was applied is named', async () => {
  await run();
  await write('0001_init.sql', 'create table note (id bigint primary key);');
  await expect(run()).rejects.toThrow('0001_init.sql was changed after it was applied');
});

test('a database that is newer than the code is refused', async () => {
  await write('0002_newer.sql', 'select 1');
  await run();
  await rm(join(migrationsDir, '0002_newer.sql'));
  await expect(run()).rejects.toThrow('newer than this Offshelf: it has the migration 0002_newer.sql');
});

test('a migration that sorts before an applied one is refused', async () => {
  await write('0003_later.sql', 'select 1');
  await run();
  await write('0002_late.sql', 'select 1');
  await expect(run()).rejects.toThrow('0002_late.sql sorts before 0003_later.sql');
});

test('a file that is not named like a migration is refused', async () => {
  await write('add-team.sql', 'select 1');
  await expect(run()).rejects.toThrow('add-team.sql must be named like 0002_add_team.sql');
});
