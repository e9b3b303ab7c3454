import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { readAddress } from '../../server/src/db/address.ts';
import { dealJobs } from '../../server/src/deals/jobs.ts';
import { erasePerson } from '../../server/src/deals/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { dealFile, dealImports, dealLine, historyCell } from '../support/deal-files.ts';

let app: TestApp;
let manager: TestClient;
const { upload, check, start, take, errorsOf, read } = dealImports(
  () => app,
  () => manager,
);

beforeAll(async () => {
  app = await startTestApp();
  manager = await app.client('manager');
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('deal').execute();
});

const deals = () => app.ctx.db.selectFrom('deal').selectAll().orderBy('externalId').execute();

describe('a file that is no file of deals', () => {
  test('with its first line alone has nothing to import', async () => {
    const run = await check(dealFile());
    expect(run).toMatchObject({
      state: 'checked',
      rowCount: 0,
      counts: { created: 0, error: 0, removed: 0 },
    });
  });

  test('with one row and no line break at its end is taken', async () => {
    expect((await take(dealFile(dealLine('A-1')))).counts).toMatchObject({ created: 1, error: 0 });
  });

  test('with ten thousand columns is refused at once', async () => {
    const { status, body } = await upload(
      Array.from({ length: 10_000 }, (_, index) => `column_${index}`).join(','),
    );
    expect([status, body.detail]).toEqual([422, expect.stringContaining('more than 500 columns')]);
  });

  test('whose columns are of something else asks for each that is needed', async () => {
    const { body } = await upload('Artikel;Lager;Preis\r\n1;Nord;2\r\n');
    const refused = await manager.send('POST', `/deal-imports/${body.id}/check`, body.settings);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(
      ['external_id', 'account', 'amount', 'created_at', 'stage', 'currency'].map(
        (field) => `/body/columns/${field}`,
      ),
    );
  });

  test('that ends within a quote is refused with the line at which it opens', async () => {
    const run = await check(`${dealFile(dealLine('A-1'))}\r\n"A-2,Acme,5\r\nA-3,Acme,5\r\n`);
    expect(run).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(
        /^Line 3: a quote that opens in this row is never closed.*upload the file/,
      ),
    });
  });

  test('with a row of a megabyte and more is refused with its line', async () => {
    const run = await check(dealFile(dealLine('A-1'), dealLine('A-2', { account: 'x'.repeat(1_100_000) })));
    expect(run).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/^Line 3: the row that begins here is longer than 1 MB/),
    });
    expect(await deals()).toEqual([]);
  });

  test('whose last letter alone is none of UTF-8 is read as Windows-1252', async () => {
    const { body } = await upload(Buffer.from('id,account,stage\n1,Acme,Café', 'latin1'));
    expect([body.encoding, body.samples[2]]).toEqual(['windows-1252', ['Café']]);
  });
});

test('zeros among the letters are named with line and column, wherever they stand', async () => {
  const { status, body } = await upload(
    `external_id,acc\0ount,amount,currency,created_at,stage\nB\0-1,Ac\0me,1,EUR,2026-01-01,One\n`,
    'de\0als.csv',
  );
  expect([status, body.fileName, body.header[1], body.samples[1]]).toEqual([
    201,
    'deals.csv',
    'account',
    ['Acme'],
  ]);
  const run = await check(
    dealFile(
      dealLine('B\0-1'),
      dealLine('B-2', { amount: '1\x000' }),
      dealLine('B-3', { owner_email: 'a\0@example.com' }),
      dealLine('B-4'),
    ),
  );
  expect(run).toMatchObject({ state: 'checked', counts: { created: 1, error: 3 } });
  expect(await errorsOf(run)).toEqual([
    '2: external_id holds a sign that is no text. Export the file again.',
    '3: amount holds a sign that is no text. Export the file again.',
    '4: owner_email holds a sign that is no text. Export the file again.',
  ]);
});

test('errors name the column as the file does, and long values only by how they begin', async () => {
  const run = await check(
    `Deal-ID;Kunde;Betrag;Währung;Angelegt am;Phase\r\nC-1;Acme;${'9x'.repeat(100)};EUR;2026-01-01;Eins\r\n` +
      `C-2;;5;EUR;2026-01-01;Eins\r\nC-3;Acme;5;EUR;gestern;Eins\r\nC-4;${'y'.repeat(301)};5;EUR;2026-01-01;Eins\r\n`,
  );
  expect(await errorsOf(run)).toEqual([
    expect.stringMatching(/^2: Betrag “(9x){40}…” must be a number/),
    '3: Kunde is empty. Fill it in.',
    '4: Angelegt am “gestern” must be a date like 2026-03-31 or 2026-03-31T09:00:00Z.',
    '5: Kunde is longer than 300 signs. Shorten it.',
  ]);
});

test('of an external id that comes twice the first row counts, in one batch and across batches', async () => {
  const many = Array.from({ length: 2500 }, (_, index) => dealLine(`D-${index}`, { amount: '1' }));
  const run = await take(
    dealFile(dealLine('D-1', { amount: '7' }), ...many, dealLine('D-2400', { amount: '9' })),
  );
  expect(run.counts).toMatchObject({ created: 2500, error: 2 });
  expect(await errorsOf(run)).toEqual([
    '4: external_id “D-1” is on line 2 already, and the first one counts. Delete one of them.',
    '2503: external_id “D-2400” is on line 2403 already, and the first one counts. Delete one of them.',
  ]);
  const amounts = new Map((await deals()).map((deal) => [deal.externalId, deal.amount]));
  expect([amounts.get('D-1'), amounts.get('D-2400')]).toEqual(['7.00', '1.00']);
});

describe('times', () => {
  beforeAll(async () => {
    const admin = await app.client('admin');
    const { status } = await admin.send('PATCH', '/settings', { timeZone: 'Europe/Berlin' });
    expect(status).toBe(200);
  });

  test('without a zone are those of the clock where the company is, in summer and in winter', async () => {
    await take(
      dealFile(
        dealLine('E-1', { created_at: '2026-03-28 12:00' }),
        // Does not come: the clock is put forward at two.
        dealLine('E-2', { created_at: '2026-03-29T02:30:00' }),
        dealLine('E-3', { created_at: '2026-07-01' }),
        // Comes twice.
        dealLine('E-4', { created_at: '2026-10-25T02:30:00' }),
        dealLine('E-5', { created_at: '2026-10-25T02:30:00+01:00' }),
      ),
    );
    expect((await deals()).map((deal) => deal.openedAt.toISOString())).toEqual([
      '2026-03-28T11:00:00.000Z',
      '2026-03-29T01:30:00.000Z',
      '2026-06-30T22:00:00.000Z',
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });

  test('a day on which a deal was closed holds what happened on it', async () => {
    const run = await take(
      dealFile(
        dealLine('F-1', {
          outcome: 'lost',
          closed_at: '2026-03-29',
          stage_history: historyCell(['One', '2026-03-01'], ['Two', '2026-03-29T21:59:00Z']),
        }),
        dealLine('F-2', {
          outcome: 'lost',
          closed_at: '2026-03-29',
          stage_history: historyCell(['One', '2026-03-01'], ['Two', '2026-03-29T22:01:00Z']),
        }),
      ),
    );
    expect(await errorsOf(run)).toEqual([
      '3: The stage “Two” was entered after the deal was lost. Check both dates.',
    ]);
    expect((await deals()).map((deal) => deal.closedAt)).toEqual([new Date('2026-03-29T21:59:00Z')]);
  });

  test('a deal that was won may go on through stages, as customers do', async () => {
    const run = await take(
      dealFile(
        dealLine('F-3', {
          outcome: 'won',
          closed_at: '2026-03-01T10:00:00Z',
          stage: 'Expansion',
          stage_history: historyCell(['Proposal', '2026-02-01'], ['Expansion', '2026-06-01']),
        }),
      ),
    );
    expect(run.counts).toMatchObject({ created: 1, error: 0 });
  });

  test.each(['2026-02-30', '30.02.2026', '1.1.0026', '01.01.2026 25:00', '0000-01-01'])(
    'like %s are no day of the calendar',
    async (text) => {
      const run = await check(dealFile(dealLine('G-1', { created_at: text })), { dateFormat: 'dmy' });
      expect(await errorsOf(run)).toEqual([expect.stringMatching(/^2: created_at “/)]);
    },
  );
});

test('a person who is forgotten stands in no import any more', async () => {
  const gone = 'gone.person@example.com';
  const content = dealFile(
    dealLine('L-1', { owner_email: gone }),
    dealLine('L-2', { amount: gone }),
    dealLine(gone, { amount: '' }),
  );
  await take(content);
  const failed = await check(`${content}\r\n"never closed`);
  const { body: waiting } = await upload(content);
  await erasePerson(app.ctx.db, readAddress(gone));
  expect((await manager.get(`/deal-imports/${waiting.id}`)).status).toBe(404);
  expect((await read(failed.id)).isFileKept).toBe(false);
  for (const table of ['deal', 'deal_import', 'deal_import_row', 'deal_import_error', 'deal_import_chunk']) {
    const { rows } = await sql`select from ${sql.table(table)} t where t::text ilike ${`%${gone}%`}`.execute(
      app.ctx.db,
    );
    expect([table, rows.length]).toEqual([table, 0]);
  }
  expect(await erasePerson(app.ctx.db, readAddress(gone))).toEqual({
    deal: 0,
    deal_import: 0,
    deal_import_error: 0,
  });
});

describe('an import', () => {
  test('can be stopped while it is checked and while it is imported, and keeps what it did', async () => {
    const content = dealFile(...Array.from({ length: 4500 }, (_, index) => dealLine(`H-${index}`)));
    const { body: uploaded } = await upload(content);
    await manager.send('POST', `/deal-imports/${uploaded.id}/check`, uploaded.settings);
    const unchecked = await manager.send('POST', `/deal-imports/${uploaded.id}/stop`);
    expect([unchecked.status, unchecked.body.state]).toEqual([200, 'uploaded']);
    await app.drain(['run-deal-import']);
    expect((await read(uploaded.id)).state).toBe('uploaded');

    const checked = await check(content);
    await manager.send('POST', `/deal-imports/${checked.id}/start`);
    // As if the first batch were done when it is stopped.
    await app.ctx.db
      .updateTable('dealImport')
      .set({ doneCount: 2000 })
      .where('id', '=', checked.id)
      .execute();
    const stopped = await manager.send('POST', `/deal-imports/${checked.id}/stop`);
    expect(stopped.body).toMatchObject({
      state: 'failed',
      failure: expect.stringMatching(/stopped it after 2,000 rows\. What was imported until then stays/),
    });
    await app.drain(['run-deal-import']);
    expect(await deals()).toEqual([]);
    expect((await manager.send('POST', `/deal-imports/${checked.id}/start`)).status).toBe(409);
    expect(await manager.send('POST', `/deal-imports/${checked.id}/check`, uploaded.settings)).toMatchObject({
      status: 202,
    });
    await app.drain(['run-deal-import']);
    expect((await start(checked.id)).counts).toMatchObject({ created: 4500 });
    const after = await manager.send('POST', `/deal-imports/${checked.id}/stop`);
    expect(after.body).toMatchObject({ state: 'done', doneCount: 4500 });
  });

  test('that runs beside another one of the same deals makes no deal twice', async () => {
    const lines = Array.from({ length: 3000 }, (_, index) => dealLine(`I-${index}`));
    const first = await check(dealFile(...lines));
    const second = await check(dealFile(...lines.toReversed()));
    for (const { id } of [first, second])
      expect((await manager.send('POST', `/deal-imports/${id}/start`)).status).toBe(202);
    await Promise.all([app.drain(['run-deal-import']), app.drain(['run-deal-import'])]);
    const [one, two] = [await read(first.id), await read(second.id)];
    expect([one.state, two.state]).toEqual(['done', 'done']);
    expect(one.counts.created + two.counts.created).toBe(3000);
    expect(one.counts.unchanged + two.counts.unchanged).toBe(3000);
    expect(await deals()).toHaveLength(3000);
  });

  test('that nobody goes on with is forgotten after a day; what was imported stays in the list', async () => {
    const content = dealFile(dealLine('J-1'));
    const { body: uploaded } = await upload(content);
    const checked = await check(content);
    const done = await take(content);
    const failed = await check(`${content}\r\n"never closed`);
    const standing = await check(content);
    await manager.send('POST', `/deal-imports/${standing.id}/start`);
    const age = (hours: number) =>
      sql`update deal_import set changed_at = ${app.ago(hours * 3_600_000)}`.execute(app.ctx.db);
    await age(23);
    await dealJobs['sweep-deal-imports'](app.ctx);
    expect((await read(uploaded.id)).isFileKept).toBe(true);
    await age(25);
    await dealJobs['sweep-deal-imports'](app.ctx);
    for (const { id } of [uploaded, checked])
      expect((await manager.get(`/deal-imports/${id}`)).status).toBe(404);
    expect(await read(done.id)).toMatchObject({ state: 'done', isFileKept: false, samples: [] });
    expect(await read(standing.id)).toMatchObject({ state: 'failed', isFileKept: false });
    expect(await read(failed.id)).toMatchObject({ state: 'failed', isFileKept: false });
    const again = await manager.send('POST', `/deal-imports/${failed.id}/check`, uploaded.settings);
    expect([again.status, again.body.detail]).toEqual([409, expect.stringContaining('Upload it again')]);
    const { rows } = await sql`select from deal_import_chunk`.execute(app.ctx.db);
    expect(rows).toEqual([]);
  });

  test('that is refused or cut off while it comes leaves nothing behind', async () => {
    const count = async () =>
      (await sql<{ count: number }>`select count(*)::int as count from deal_import`.execute(app.ctx.db)).rows;
    const before = await count();
    expect((await upload('no columns here')).status).toBe(422);
    const cut = new AbortController();
    const body = new ReadableStream({
      async start(controller) {
        controller.enqueue(new Uint8Array(Buffer.from(dealFile(dealLine('K-1')))));
        cut.abort();
      },
    });
    await manager
      .fetch('/api/deal-imports?fileName=cut.csv', {
        method: 'POST',
        body,
        signal: cut.signal,
        duplex: 'half',
      } as RequestInit)
      .catch(() => {});
    await expect.poll(count, { timeout: 15_000 }).toEqual(before);
    expect(
      (await manager.get('/deal-imports')).body.items.map((run: { fileName: string }) => run.fileName),
    ).not.toContain('cut.csv');
  });
});
