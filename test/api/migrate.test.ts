import { copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultMigrationsDir, migrate } from '../../server/src/db/migrate.ts';
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

test('what was shared and read before there were rooms, gates and privacy modes is all there afterwards', async () => {
  await rm(join(migrationsDir, '0001_init.sql'));
  const names = (await readdir(defaultMigrationsDir)).toSorted();
  expect(names.map((name) => Number.parseInt(name, 10))).toEqual(names.map((_, index) => index + 1));
  for (const name of names.filter((each) => each < '0006'))
    await copyFile(join(defaultMigrationsDir, name), join(migrationsDir, name));
  await run();
  const past = `
    insert into "user" (id, email, name, role) values ('usr_1', 'rob@example.com', 'Rob', 'rep');
    insert into asset (id, kind, title) values ('ast_1', 'web_link', 'Status');
    insert into asset_version (id, asset_id, number, url, media_type)
      values ('ver_1', 'ast_1', 1, 'https://example.com', 'text/uri-list');
    insert into recipient (id, name) values ('rcp_1', 'Dana');
    insert into share_link (id, asset_id, recipient_id, created_by_user_id, token_hash, token_sealed, created_at)
      values ('lnk_1', 'ast_1', 'rcp_1', 'usr_1', 'hash', 'sealed', '2026-01-01');
    insert into link_hit (share_link_id, method, status, occurred_at)
      select 'lnk_1', 'GET', 200, '2026-01-02' from generate_series(1, 12);
    insert into visitor (id, key_kind, key_hash) values ('vis_1', 'browser', 'key');
    insert into visit (id, share_link_id, asset_version_id, visitor_id, downloaded_at, started_at, last_active_at)
      values ('vis_2', 'lnk_1', 'ver_1', 'vis_1', '2026-01-02 10:01', '2026-01-02 10:00', '2026-01-02 10:02');
    insert into page_view values ('vis_2', 'tabtab01', 1, 7000, '2026-01-02 10:00', '2026-01-02 10:02');
    insert into judgement (visit_id, class, probability, reasons, rule_version, judged_at)
      values ('vis_2', 'human-likely', 0.9, '["Moved the pointer"]', 1, '2026-01-02 10:02')`;
  for (const statement of past.split(';')) await select(statement);
  await migrate(database.url, { log });
  expect(
    await select(`
      select link.token_hash, link.revoked_at, visitor.key_kind, seen.asset_id, page.active_ms, judged.is_human,
        judged.reasons -> 0 ->> 'sentence' as reason, opened.downloaded_at is not null as is_downloaded,
        (select count(distinct id)::int from link_hit where share_link_id = link.id) as hits,
        (select count(*)::int from link_hit_2026_01) + (select count(*)::int from page_view_2026_01) as in_months,
        (select time_zone from rollup_state) as counted_by
      from share_link link
      join visit on visit.share_link_id = link.id
      join visitor on visitor.id = visit.visitor_id
      join visited_asset seen on seen.visit_id = visit.id
      join visit_version opened on opened.visit_id = visit.id
      join current_judgement judged on judged.visit_id = visit.id
      cross join lateral pages_of_visit(visit.id) page`),
  ).toEqual([
    {
      tokenHash: 'hash',
      revokedAt: null,
      keyKind: 'cookie',
      assetId: 'ast_1',
      activeMs: 7_000,
      isHuman: true,
      reason: 'Moved the pointer',
      isDownloaded: true,
      hits: 12,
      inMonths: 13,
      countedBy: null,
    },
  ]);
});
