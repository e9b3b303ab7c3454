import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { runImport } from '../../server/src/assets/import-run.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { upload } from '../support/upload.ts';

let app: TestApp;
let marketing: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
});
afterAll(() => app.close());

const taxonomyJson = JSON.stringify({
  dimensions: [
    { key: 'persona', terms: [{ name: 'Developer', synonyms: ['coder'] }, { name: 'Buyer' }] },
    { key: 'language', terms: [{ name: 'English' }, { name: 'German' }] },
  ],
});
const header = 'file,url,title,description,personas,language,audience,review_by,owner_role';

async function plan(rows: string[], files: Record<string, string>, body: object = {}) {
  const uploaded = [];
  for (const [path, content] of Object.entries(files)) {
    const { body: ticket } = await upload(marketing, path.split('/').at(-1) ?? '', content);
    uploaded.push({ path, uploadTicket: ticket.uploadTicket });
  }
  const libraryCsv = [header, ...rows].join('\n');
  return marketing.send('POST', '/imports', {
    sourceName: 'test',
    libraryCsv,
    taxonomyJson,
    files: uploaded,
    ...body,
  });
}

async function run(importRunId: string) {
  const started = await marketing.send('POST', `/imports/${importRunId}/start`);
  expect(started.status).toBe(202);
  await app.drain();
  return (await marketing.get(`/imports/${importRunId}`)).body;
}

const actionsOf = (body: { rows: { action: string }[] }) => body.rows.map((row) => row.action);
const countAssets = async () => (await marketing.get('/assets')).body.total;

/** Two files and a web link, new for each test. */
let serial = 0;
let key: string;
let rows: string[];
let files: Record<string, string>;
beforeEach(() => {
  serial += 1;
  key = `set${serial}`;
  rows = [
    `${key}/a.md,,Title ${key} A,About A,Developer;Buyer,English,external,2030-01-31,product marketing`,
    `${key}/büro.txt,,Title ${key} B,,coder,,internal,,`,
    `,https://example.com/${key},Title ${key} C,,,,,,`,
  ];
  files = { [`${key}/a.md`]: `# A of ${key}`, [`folder/${key}/bu\u0308ro.txt`]: `B of ${key}` };
});

describe('an import', () => {
  test('changes nothing until it is started, and then does what the dry run said', async () => {
    const before = await countAssets();
    const { status, body } = await plan(rows, files);
    expect(status).toBe(201);
    expect(body).toMatchObject({
      state: 'ready',
      totalCount: 3,
      counts: { create: 3, update: 0, unchanged: 0, error: 0 },
      notes: ['The taxonomy adds 4 terms.'],
    });
    expect(body.rows[0]).toMatchObject({ line: 2, action: 'create', detail: 'A new asset, published.' });
    expect(await countAssets()).toBe(before);
    const done = await run(body.id);
    expect(done).toMatchObject({ state: 'done', doneCount: 3, counts: { create: 3, error: 0 } });
    expect(actionsOf(done)).toEqual(['done', 'done', 'done']);
    const { body: asset } = await marketing.get(`/assets/${done.rows[0].assetId}`);
    expect(asset).toMatchObject({
      title: `Title ${key} A`,
      status: 'published',
      audience: 'external',
      reviewOn: '2030-01-31',
      ownerUserId: null,
      ownerName: 'product marketing',
      ownerRole: 'product marketing',
    });
    expect(asset.terms.map((term: { name: string }) => term.name).toSorted()).toEqual([
      'Buyer',
      'Developer',
      'English',
    ]);
    const { body: second } = await marketing.get(`/assets/${done.rows[1].assetId}`);
    expect(second.terms.map((term: { name: string }) => term.name)).toEqual(['Developer']);
    expect(await (await marketing.fetch(`/api/assets/${second.id}/file`)).text()).toBe(`B of ${key}`);
    expect((await marketing.get('/imports')).body.items[0]).toMatchObject({ id: body.id, state: 'done' });
  });

  test('that comes again changes nothing', async () => {
    await run((await plan(rows, files)).body.id);
    const before = (await marketing.get('/assets?limit=200')).body;
    const { body } = await plan(rows, files);
    expect(body.counts).toEqual({ create: 0, update: 0, unchanged: 3, error: 0 });
    expect(body.notes).toEqual(['The taxonomy is here already.']);
    await run(body.id);
    expect((await marketing.get('/assets?limit=200')).body).toEqual(before);
  });

  test('says in words what changes, and changes that', async () => {
    const first = await run((await plan(rows, files)).body.id);
    rows[0] = `${key}/a.md,,New title ${key},About A,Buyer,German,external,2031-01-31,product marketing`;
    files[`${key}/a.md`] = `# Another A of ${key}`;
    const { body } = await plan(rows, files);
    expect(actionsOf(body)).toEqual(['update', 'unchanged', 'unchanged']);
    expect(body.rows[0].detail).toBe(
      `A new version of the file. Title: “Title ${key} A” becomes “New title ${key}”. Review date: “2030-01-31” becomes “2031-01-31”. Persona: Developer removed. Language: German added, English removed.`,
    );
    await run(body.id);
    const { body: asset } = await marketing.get(`/assets/${first.rows[0].assetId}`);
    expect(asset).toMatchObject({ title: `New title ${key}`, versionNumber: 2, revision: 2 });
    expect(asset.terms.map((term: { name: string }) => term.name)).toEqual(['Buyer', 'German']);
  });

  test('leaves alone what it has no column for', async () => {
    const first = await run((await plan(rows, files)).body.id);
    const assetId = first.rows[0].assetId;
    const { body: before } = await marketing.get(`/assets/${assetId}`);
    await marketing.send('PATCH', `/assets/${assetId}`, {
      revision: before.revision,
      talkTrack: 'By hand.',
      status: 'archived',
    });
    const libraryCsv = `file,title\n${key}/a.md,Title ${key} A\n`;
    const { body } = await plan([], files, { libraryCsv });
    expect(actionsOf(body)).toEqual(['unchanged']);
    await run(body.id);
    expect((await marketing.get(`/assets/${assetId}`)).body).toMatchObject({
      talkTrack: 'By hand.',
      status: 'archived',
    });
  });

  test('says of each row that can not be taken why, with its line', async () => {
    const { body } = await plan(
      [
        ...rows,
        `${key}/missing.pdf,,Missing,,,,,,`,
        `,https://example.com/${key}/x,Term,,Astronaut,English;German,,,`,
        `${key}/copy.md,,Copy,,,,,,`,
        `,https://example.com/${key},Again,,,,,,`,
        `,,Nothing,,,,,,`,
      ],
      { ...files, [`${key}/copy.md`]: `# A of ${key}` },
    );
    expect(body.counts).toMatchObject({ create: 3, error: 5 });
    const details = Object.fromEntries(
      body.rows.flatMap((row: { line: number; action: string; detail: string }) =>
        row.action === 'error' ? [[row.line, row.detail]] : [],
      ),
    );
    expect(details).toEqual({
      5: `The file “${key}/missing.pdf” is not among the chosen files. Add it, or correct its path.`,
      6: 'The persona “Astronaut” is not in the taxonomy. Add it there or correct it. An asset has one language, this row names 2.',
      7: 'Line 2 has the same file under another name. Keep one.',
      8: 'Line 4 has the same file or address. Keep one of the two.',
      9: 'The row has neither a file nor a url. Add one of them.',
    });
    const done = await run(body.id);
    expect(done).toMatchObject({ state: 'done', doneCount: 3, counts: { error: 5 } });
  });

  test('is stopped by no date that lies outside of the calendar', async () => {
    const { body } = await plan(
      [`,https://example.com/${key}/zero,Zero,,,,,0000-01-01,`, ...rows.slice(2)],
      {},
      { options: { publishedAt: '0000-01-01T00:00:00Z' } },
    );
    expect(actionsOf(body)).toEqual(['error', 'create']);
    const done = await run(body.id);
    expect([done.state, actionsOf(done)]).toEqual(['done', ['error', 'error']]);
    expect(done.rows[1].detail).toContain('outside of the calendar');
  });

  test('refuses tables that nobody wrote by hand', async () => {
    const send = async (libraryCsv: string, dealsCsv: string | null = null) =>
      (await plan([], {}, { libraryCsv, dealsCsv })).body;
    const columns = Array.from({ length: 201 }, (_, index) => `c${index}`).join(',');
    expect(await send(columns)).toMatchObject({
      code: 'refused_import',
      detail: expect.stringContaining('201'),
    });
    const long = await send(`title,url\n${'a\n'.repeat(20_001)}`);
    expect(long).toMatchObject({ code: 'refused_import', detail: expect.stringContaining('20,000 rows') });
    const deals = await send(`title,url\na,https://example.com/${key}`, `${'a\n'.repeat(100_002)}`);
    expect(deals).toMatchObject({ code: 'refused_import', detail: expect.stringContaining('100,000 rows') });
  });

  test('refuses a row with characters that can not be kept', async () => {
    const { status, body } = await plan(
      [`,https://example.com/${key}/nul,A\u0000B,,,,,,`, `,https://example.com/${key}/half,A\ud800B,,,,,,`],
      {},
    );
    expect([status, actionsOf(body)]).toEqual([201, ['error', 'error']]);
    expect(body.rows[0].detail).toContain('Save library.csv as UTF-8');
  });

  test('refuses a file that somebody has put into the library by hand', async () => {
    await app.make.asset({ content: `# A of ${key}`, title: 'By hand' });
    const { body } = await plan(rows, files);
    expect(body.rows[0]).toMatchObject({
      action: 'error',
      detail: expect.stringContaining('“By hand” in the library'),
    });
  });

  test('dates rows back, and keeps drafts drafts', async () => {
    const options = { publishedAt: '2026-06-01T00:00:00Z' };
    const done = await run((await plan(rows, files, { options })).body.id);
    const { body: asset } = await marketing.get(`/assets/${done.rows[0].assetId}`);
    expect(asset.publishedAt).toBe('2026-06-01T00:00:00.000Z');
    const [change] = await app.ctx.db
      .selectFrom('assetStatusChange')
      .select('changedAt')
      .where('assetId', '=', asset.id)
      .execute();
    expect(change?.changedAt.toISOString()).toBe('2026-06-01T00:00:00.000Z');
    const libraryCsv = `url,title,published_at,status\nhttps://example.com/${key}/1,Own date,2026-05-05,\nhttps://example.com/${key}/2,A draft,,draft\n`;
    const own = await run((await plan([], {}, { libraryCsv, options })).body.id);
    const read = async (index: number) => (await marketing.get(`/assets/${own.rows[index].assetId}`)).body;
    expect((await read(0)).publishedAt).toBe('2026-05-05T00:00:00.000Z');
    expect(await read(1)).toMatchObject({ status: 'draft', publishedAt: null });
    const future = await plan(rows, files, { options: { publishedAt: '2999-01-01T00:00:00Z' } });
    expect(future.body.code).toBe('invalid_request');
  });

  test.each([
    ['malformed CSV', { libraryCsv: 'file,title\na.md,"A\n' }, 'library.csv, line'],
    ['malformed JSON', { taxonomyJson: '{' }, 'taxonomy.json is not valid JSON'],
    ['malformed deals', { dealsCsv: 'a,b\n1,2\n' }, 'deals.csv lacks'],
  ])('with %s is refused whole', async (_case, body, sentence) => {
    const before = (await marketing.get('/imports')).body.items.length;
    const answer = await plan(rows, files, body);
    expect([answer.status, answer.body.code]).toEqual([422, 'refused_import']);
    expect(answer.body.detail).toContain(sentence);
    expect((await marketing.get('/imports')).body.items).toHaveLength(before);
  });
});

describe('a run', () => {
  test('whose job failed for good says so, and starting it again finishes it', async () => {
    const { body: planned } = await plan(rows, files);
    await marketing.send('POST', `/imports/${planned.id}/start`);
    expect((await marketing.get(`/imports/${planned.id}`)).body.state).toBe('running');
    await app.ctx.db
      .updateTable('jobRun')
      .set({ state: 'failed' })
      .where('key', '=', `run-import:${planned.id}`)
      .execute();
    expect((await marketing.get(`/imports/${planned.id}`)).body.state).toBe('failed');
    expect((await run(planned.id)).state).toBe('done');
  });

  test('that was killed goes on where it stopped', async () => {
    const { body } = await plan(rows, files);
    const before = await countAssets();
    await marketing.send('POST', `/imports/${body.id}/start`);
    const { db } = app.ctx;
    let transactions = 0;
    const dying = new Proxy(db, {
      get(target, property) {
        // The first row is two transactions in: the taxonomy and the row itself.
        if (property === 'transaction' && ++transactions > 2) throw new Error('killed');
        const value = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    await expect(runImport({ ...app.ctx, db: dying }, { importRunId: body.id })).rejects.toThrow('killed');
    expect(await countAssets()).toBe(before + 1);
    expect((await marketing.get(`/imports/${body.id}`)).body).toMatchObject({
      state: 'running',
      doneCount: 1,
    });
    const done = await run(body.id);
    expect(done).toMatchObject({ state: 'done', doneCount: 3 });
    expect(await countAssets()).toBe(before + 3);
  });

  test('by two workers at once makes each asset once', async () => {
    const { body } = await plan(rows, files);
    const before = await countAssets();
    await marketing.send('POST', `/imports/${body.id}/start`);
    await Promise.all([1, 2, 3].map(() => runImport(app.ctx, { importRunId: body.id })));
    expect(await countAssets()).toBe(before + 3);
    await app.drain();
    expect((await run(body.id)).doneCount).toBe(3);
  });

  test('tells of a row that the library does not allow any more', async () => {
    const { body } = await plan(rows, files);
    await app.make.asset({ content: `# A of ${key}`, title: 'Came between' });
    const done = await run(body.id);
    expect(actionsOf(done)).toEqual(['error', 'done', 'done']);
    expect(done.rows[0].detail).toContain('“Came between”');
    expect(done).toMatchObject({ state: 'done', doneCount: 3, counts: { error: 1 } });
  });

  test('that is not there is not found', async () => {
    expect((await marketing.get('/imports/imp_0000000000unknown')).status).toBe(404);
    expect((await marketing.send('POST', '/imports/imp_0000000000unknown/start')).status).toBe(404);
  });
});
