import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { dealImports, dealFile as file, historyCell, dealLine as row } from '../support/deal-files.ts';

let app: TestApp;
let manager: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  manager = await app.client('manager');
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('deal').execute();
});

const { upload, check, take, errorsOf } = dealImports(
  () => app,
  () => manager,
);
const deals = () => app.ctx.db.selectFrom('deal').selectAll().orderBy('externalId').execute();

describe('a file', () => {
  const text =
    'Deal-ID;Kunde;Betrag;Währung;Angelegt am;Phase\r\nA-1;Müller & Söhne €;1.234,56;EUR;31.12.2025;Angebot\r\n';
  const windows = Buffer.from([...text].map((sign) => (sign === '€' ? 0x80 : sign.charCodeAt(0))));
  const wide = Buffer.from(`\u{feff}${text}`, 'utf16le');
  test.each([
    ['utf-8', Buffer.from(text)],
    ['utf-8', Buffer.from(`\u{feff}${text}`)],
    ['utf-16le', wide],
    ['utf-16be', Buffer.from(wide).swap16()],
    ['windows-1252', windows],
  ])('in %s is read with its letters, columns and decimals', async (encoding, bytes) => {
    const { status, body } = await upload(bytes);
    expect([status, body.encoding, body.separator]).toEqual([201, encoding, ';']);
    expect(body.settings.columns).toEqual({
      external_id: 0,
      account: 1,
      amount: 2,
      currency: 3,
      created_at: 4,
      stage: 5,
    });
    expect(body.samples[1]).toEqual(['Müller & Söhne €']);
    const run = await take(bytes, { dateFormat: 'dmy' });
    expect(run.counts).toMatchObject({ created: 1, error: 0 });
    expect(await deals()).toMatchObject([{ amount: '1234.56', openedAt: new Date('2025-12-31') }]);
  });

  test('in another order with columns of its own is mapped by hand, and that is remembered', async () => {
    const content = 'foo\tbar\tbaz\tqux\tquux\n7\tX-1\tAcme\t2026-02-01\tProposal\n';
    const { body } = await upload(content);
    const refused = await manager.send('POST', `/deal-imports/${body.id}/check`, body.settings);
    expect(refused.status).toBe(400);
    expect(refused.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toContain(
      '/body/columns/account',
    );
    const columns = { external_id: 1, account: 2, amount: 0, created_at: 3, stage: 4 };
    await take(content, { columns, defaultCurrency: 'GBP' });
    expect(await deals()).toMatchObject([{ externalId: 'X-1', currency: 'GBP', amount: '7.00' }]);
    expect((await upload(content)).body.settings).toMatchObject({ columns, defaultCurrency: 'GBP' });
  });

  test.each([
    ['', 'first line must name the columns'],
    ['just words\nand more\n', 'first line must name the columns'],
  ])('like %j is refused with what to do', async (content, reason) => {
    const { status, body } = await upload(content);
    expect([status, body.detail]).toEqual([422, expect.stringContaining(reason)]);
  });

  test('that is broken further down fails with the line and changes nothing', async () => {
    const run = await check(`${file(row('B-1'))}\r\n"B-2","Ac"me,`);
    expect(run).toMatchObject({ state: 'failed', failure: expect.stringContaining('not valid CSV') });
    expect(await deals()).toEqual([]);
    expect((await manager.send('POST', `/deal-imports/${run.id}/start`)).status).toBe(409);
  });
});

test('a check changes nothing, an import does, and a second one finds everything unchanged', async () => {
  const content = file(row('C-1'), row('C-2', { outcome: 'won', closed_at: '2026-02-01' }));
  const checked = await check(content);
  expect(checked.counts).toMatchObject({ created: 2, unchanged: 0 });
  expect(await deals()).toEqual([]);
  await take(content);
  expect((await take(content)).counts).toMatchObject({ created: 0, updated: 0, unchanged: 2 });
  expect((await take(file(row('C-1', { amount: '5' }), row('C-2')))).counts).toMatchObject({ updated: 2 });
});

test('every row that is not taken is named with line, cause and what to do', async () => {
  const run = await check(
    file(
      row('D-1'),
      row('D-1'),
      row(''),
      row('D-2', { amount: '1.234' }),
      row('D-3', { created_at: '03/04/2026' }),
      row('D-4', { amount: '=1+1' }),
      row('D-5', { outcome: 'maybe' }),
      row('D-6', { stage_history: historyCell(['One', '2026-01-06'], ['Two', '2026-01-06']) }),
      row('D-7', { stage_history: '[' }),
      row('D-8', { outcome: 'won' }),
      `${row('D-9')},extra`,
    ),
  );
  expect(run.counts).toMatchObject({ created: 1, error: 10 });
  expect(await errorsOf(run)).toEqual([
    '3: external_id “D-1” is on line 2 already, and the first one counts. Delete one of them.',
    '4: external_id is empty. Fill it in.',
    expect.stringContaining('5: amount “1.234” could be 1234 or 1.234'),
    expect.stringContaining('6: created_at “03/04/2026” does not say which number is the month'),
    expect.stringContaining('7: amount “=1+1” must be a number'),
    expect.stringContaining('8: outcome “maybe” must be open'),
    expect.stringContaining('9: The stages “One” and “Two” were entered at the same moment'),
    expect.stringContaining('10: stage_history must be a JSON list'),
    expect.stringContaining('11: The deal is won, so it needs closed_at'),
    expect.stringContaining('12: There are 11 values for 10 columns'),
  ]);
});

test('what is odd is taken and named: stages that are no term or go back, owners who left, no rate', async () => {
  await app.make.term({ dimensionKey: 'stage', name: 'Discovery', position: 901 });
  await app.make.term({ dimensionKey: 'stage', name: 'Proposal', position: 902 });
  await app.make.user({ email: 'here@example.com' });
  await app.make.user({ email: 'left@example.com', deactivatedAt: new Date() });
  const history = JSON.stringify([
    { stage: 'Discovery', entered_at: '2026-03-01' },
    { stage: 'Proposal', entered_at: '2026-02-01' },
  ]);
  const run = await take(
    file(
      row('E-1', { owner_email: 'here@example.com', stage_history: history }),
      row('E-2', { owner_email: 'left@example.com', stage: 'Angebot' }),
      row('E-3', { stage: 'Verhandlung', currency: 'JPY' }),
    ),
    { stageNames: { Angebot: 'Proposal' } },
  );
  expect(run.notes).toMatchObject({
    unknownStages: [{ name: 'Verhandlung', count: 1 }],
    unknownOwners: [{ name: 'left@example.com', count: 1 }],
    backwards: 1,
    sorted: 1,
  });
  expect(run.notes.unratedCurrencies).toContainEqual({ name: 'JPY', count: 1 });
  expect((await deals()).map((deal) => deal.stage)).toEqual(['Discovery', 'Proposal', 'Verhandlung']);
});

test('deals that a complete file lacks are marked as removed, and come back when they are there again', async () => {
  await take(file(row('F-1'), row('F-2')));
  const partial = await take(file(row('F-1')), { isComplete: false });
  expect(partial.counts.removed).toBe(0);
  const complete = await take(file(row('F-1')), { isComplete: true });
  expect(complete.counts).toMatchObject({ removed: 1, unchanged: 1 });
  expect((await deals()).map((deal) => deal.removedAt !== null)).toEqual([false, true]);
  expect((await take(file(row('F-1'), row('F-2')))).counts).toMatchObject({ updated: 1, unchanged: 1 });
  expect((await deals()).map((deal) => deal.removedAt)).toEqual([null, null]);
});

test('an import that was cut off goes on with the first rows that are not done', async () => {
  const ids = Array.from({ length: 4500 }, (_, index) => `G-${index}`);
  const checked = await check(file(...ids.map((id) => row(id))));
  await manager.send('POST', `/deal-imports/${checked.id}/start`);
  // As after a crash behind the first batch: its rows and its progress are there, and the job runs again.
  await app.ctx.db
    .updateTable('dealImport')
    .set({
      doneCount: 2000,
      counts: { created: 2000, updated: 0, unchanged: 0, error: 0, removed: 0 } as never,
    })
    .where('id', '=', checked.id)
    .execute();
  await app.drain(['run-deal-import']);
  const done = (await manager.get(`/deal-imports/${checked.id}`)).body;
  expect(done).toMatchObject({ state: 'done', doneCount: 4500, counts: { created: 4500 } });
  expect(await deals()).toHaveLength(2500);
});
