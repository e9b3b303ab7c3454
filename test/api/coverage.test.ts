import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;

let app: TestApp;
let rep: TestClient;
let marketing: TestClient;
let terms: Record<'cfo' | 'ciso' | 'early' | 'late' | 'price' | 'risk', string>;

beforeAll(async () => {
  app = await startTestApp();
  rep = await app.client('rep');
  marketing = await app.client('marketing');
  const term = async (dimensionKey: string, name: string, position: number) =>
    (await app.make.term({ dimensionKey, name, position })).id;
  terms = {
    cfo: await term('persona', 'CFO', 1),
    ciso: await term('persona', 'CISO', 2),
    early: await term('stage', 'Early', 1),
    late: await term('stage', 'Late', 2),
    price: await term('objection', 'Price', 1),
    risk: await term('objection', 'Risk', 2),
  };
});
afterAll(() => app.close());
beforeEach(async () => {
  for (const table of ['coverageTarget', 'objectionNote', 'search', 'deal', 'assetMonth'] as const)
    await app.ctx.db.deleteFrom(table).execute();
  await app.ctx.db.updateTable('asset').set({ currentVersionId: null }).execute();
  await app.ctx.db.deleteFrom('asset').execute();
});

async function read(query = '') {
  const { status, body } = await marketing.get(`/report/coverage?${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

async function cellOf(row: string, column: string, query = '') {
  const { cells } = await read(query);
  return cells.find(
    ({ rowTermId, columnTermId }: { rowTermId: string; columnTermId: string }) =>
      rowTermId === row && columnTermId === column,
  );
}

const asset = (termIds: string[]) => app.make.asset({ kind: 'web_link', termIds });
const note = (body: object) => rep.send('POST', '/objection-notes', { text: 'No.', ...body });

describe('cells', () => {
  test('every pair of the axes is there in the order of the taxonomy, also when nothing is in it', async () => {
    const { cells, rowTerms, columnTerms, eligibleCount, isDemandEnough } = await read();
    expect(
      cells.map((cell: { rowTermId: string; columnTermId: string }) => [cell.rowTermId, cell.columnTermId]),
    ).toEqual([
      [terms.cfo, terms.early],
      [terms.cfo, terms.late],
      [terms.ciso, terms.early],
      [terms.ciso, terms.late],
    ]);
    expect([rowTerms.length, columnTerms.length, eligibleCount, isDemandEnough]).toEqual([2, 2, 0, false]);
    expect(
      cells.every(
        ({ state, standing }: { state: string; standing: string }) =>
          state === 'empty' && standing === 'even',
      ),
    ).toBe(true);
  });

  test('an asset without a persona stands in no cell of one and is counted as untagged', async () => {
    await asset([terms.cfo, terms.late, terms.price]);
    await asset([terms.late, terms.price]);
    const { untagged } = await read();
    expect(untagged).toEqual([
      { dimensionKey: 'persona', assetCount: 1 },
      { dimensionKey: 'stage', assetCount: 0 },
      { dimensionKey: 'objection', assetCount: 0 },
    ]);
    expect(await cellOf(terms.cfo, terms.late)).toMatchObject({ assetCount: 1, state: 'has' });
    expect(await cellOf(terms.late, terms.price, 'rows=stage&columns=objection')).toMatchObject({
      assetCount: 2,
    });
  });

  test('the third dimension plays no part, narrows to one term, or splits every cell', async () => {
    await asset([terms.cfo, terms.late, terms.price]);
    await asset([terms.cfo, terms.late]);
    expect(await cellOf(terms.cfo, terms.late)).toMatchObject({ assetCount: 2, thirdTermId: null });
    expect(await cellOf(terms.cfo, terms.late, `third=${terms.price}`)).toMatchObject({ assetCount: 1 });
    expect(await cellOf(terms.cfo, terms.late, `third=${terms.risk}`)).toMatchObject({ assetCount: 0 });
    const { cells } = await read('third=each');
    expect(cells).toHaveLength(8);
  });

  test('a cell is as far as its furthest asset got in the window', async () => {
    const { id: assetId } = await asset([terms.cfo, terms.late]);
    const month = (daysAgo: number) =>
      `${app
        .ago(daysAgo * day)
        .toISOString()
        .slice(0, 7)}-01`;
    const bit = (daysAgo: number) => 1 << (app.ago(daysAgo * day).getUTCDate() - 1);
    const happened = (daysAgo: number, what: 'sharedDays' | 'readDays') =>
      app.ctx.db
        .insertInto('assetMonth')
        .values({ assetId, month: month(daysAgo), buyerSliceId: 0, [what]: bit(daysAgo) })
        .execute();
    await happened(120, 'readDays');
    expect((await cellOf(terms.cfo, terms.late)).state).toBe('has');
    expect((await cellOf(terms.cfo, terms.late, 'days=180')).state).toBe('read');
    await happened(2, 'sharedDays');
    expect((await cellOf(terms.cfo, terms.late)).state).toBe('shared');
  });
});

describe('demand', () => {
  test('searches, notes and the open deals behind them make an empty cell thin', async () => {
    await app.ctx.db
      .insertInto('currencyRate')
      .values({ currency: 'EUR', rate: '1', isBase: true, changedAt: app.ago(0) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const account = await app.make.account();
    const deal = async (stage: string, currency: string) => {
      const id = newId('deal');
      await app.ctx.db
        .insertInto('deal')
        .values({
          id,
          externalId: id,
          accountId: account.id,
          amount: '900',
          currency,
          stage,
          outcome: 'open',
          openedAt: app.ago(day),
        })
        .execute();
      return id;
    };
    const late = await deal('late', 'EUR');
    await deal('Late', 'JPY');
    await deal('Somewhere else', 'EUR');
    await app.make.search({
      termIds: [terms.cfo, terms.late],
      searchedAt: app.ago(day),
      accountId: account.id,
    });
    await note({ dealId: late, personaTermId: terms.cfo, objectionTermId: terms.price });
    const report = await read();
    expect(report.thin).toHaveLength(1);
    expect(report.thin[0]).toMatchObject({
      rowTermId: terms.cfo,
      columnTermId: terms.late,
      state: 'empty',
      standing: 'thin',
      searchCount: 1,
      failedSearchCount: 1,
      noteCount: 1,
      openDealCount: 2,
      openValue: 900,
      unconvertedDealCount: 1,
    });
    expect(report).toMatchObject({
      baseCurrency: 'EUR',
      unconverted: [{ currency: 'JPY', dealCount: 1, amount: 900 }],
      placed: { searchCount: 1, noteCount: 1 },
    });
    expect(report.stageValues.find(({ termId }: { termId: string }) => termId === terms.late)).toMatchObject({
      openDealCount: 2,
      openValue: 900,
    });
  });

  test('what names one term of the axes only stands in no cell and is said', async () => {
    await app.make.search({ termIds: [terms.cfo], searchedAt: app.ago(day) });
    const { named, placed, thin } = await read();
    expect([named.searchCount, placed.searchCount, thin.length]).toEqual([1, 0, 0]);
  });

  test('nothing is called fat until enough was asked for to tell', async () => {
    for (let count = 0; count < 3; count++) await asset([terms.ciso, terms.early]);
    expect((await read()).fat).toEqual([]);
    for (let count = 0; count < 20; count++)
      await note({ personaTermId: terms.cfo, stageTermId: terms.late });
    const { fat, isDemandEnough } = await read();
    expect(isDemandEnough).toBe(true);
    expect(fat).toMatchObject([{ rowTermId: terms.ciso, columnTermId: terms.early, assetCount: 3 }]);
  });
});

describe('targets', () => {
  const cell = () => ({ personaTermId: terms.cfo, stageTermId: terms.late });

  test('marketing sets and changes one, and is told what was wanted before', async () => {
    const set = async (wantedCount: number | null) =>
      (await marketing.send('PUT', '/coverage-targets', { ...cell(), wantedCount })).body;
    expect(await set(3)).toEqual({ wantedCount: 3, beforeCount: null });
    expect(await cellOf(terms.cfo, terms.late)).toMatchObject({ wantedCount: 3, standing: 'thin' });
    expect(await set(0)).toEqual({ wantedCount: 0, beforeCount: 3 });
    expect(await cellOf(terms.cfo, terms.late)).toMatchObject({ wantedCount: 0, standing: 'even' });
    expect(await set(null)).toEqual({ wantedCount: null, beforeCount: 0 });
  });

  test('a target of three terms is not one of two', async () => {
    await marketing.send('PUT', '/coverage-targets', {
      ...cell(),
      objectionTermId: terms.price,
      wantedCount: 2,
    });
    expect((await cellOf(terms.cfo, terms.late)).wantedCount).toBeNull();
    expect((await cellOf(terms.cfo, terms.late, `third=${terms.price}`)).wantedCount).toBe(2);
  });

  test('a rep sets none, and a cell of one term is refused', async () => {
    expect((await rep.send('PUT', '/coverage-targets', { ...cell(), wantedCount: 1 })).status).toBe(403);
    const one = await marketing.send('PUT', '/coverage-targets', {
      personaTermId: terms.cfo,
      wantedCount: 1,
    });
    expect(one.status).toBe(400);
    const wrong = await marketing.send('PUT', '/coverage-targets', {
      personaTermId: terms.late,
      stageTermId: terms.late,
      wantedCount: 1,
    });
    expect(wrong.body.errors).toMatchObject([{ pointer: '/body/personaTermId' }]);
  });
});

describe('one cell', () => {
  const readCell = (query: string) => marketing.get(`/report/coverage/cell?${query}`);

  test('names what is in it, what nearly fits, who asks and what is asked for already', async () => {
    const fits = await asset([terms.cfo, terms.late, terms.price]);
    const near = await asset([terms.cfo, terms.price]);
    await asset([terms.price]);
    await app.make.search({
      termIds: Object.values(terms),
      searchedAt: app.ago(day),
      userId: rep.userId ?? '',
    });
    await note({
      text: 'Far too dear.',
      personaTermId: terms.cfo,
      stageTermId: terms.late,
      objectionTermId: terms.price,
    });
    await rep.send('POST', '/requests', {
      title: 'A price sheet',
      termIds: [terms.cfo, terms.late, terms.price],
    });
    const { status, body } = await readCell(
      `cellPersona=${terms.cfo}&cellStage=${terms.late}&cellObjection=${terms.price}`,
    );
    expect(status).toBe(200);
    expect(body.cell).toMatchObject({ assetCount: 1, searchCount: 1, noteCount: 1, state: 'has' });
    expect(body.assets).toMatchObject([{ id: fits.id, isShared: false }]);
    expect(body.nearAssets).toMatchObject([{ id: near.id, missing: [{ id: terms.late }] }]);
    expect(body.notes).toMatchObject([{ text: 'Far too dear.' }]);
    expect(body.searchers).toMatchObject([{ userId: rep.userId, searchCount: 1 }]);
    expect(body.requests).toMatchObject([{ title: 'A price sheet' }]);
  });

  test('of two terms counts as the grid does', async () => {
    await asset([terms.cfo, terms.late]);
    await note({ personaTermId: terms.cfo, stageTermId: terms.late });
    const { body } = await readCell(`cellPersona=${terms.cfo}&cellStage=${terms.late}`);
    const {
      rowTermId: _,
      columnTermId: __,
      thirdTermId: ___,
      standing: ____,
      ...counts
    } = await cellOf(terms.cfo, terms.late);
    expect(body.cell).toEqual(counts);
  });

  test('of one term, or of a term that is gone, is refused', async () => {
    expect((await readCell(`cellPersona=${terms.cfo}`)).status).toBe(400);
    expect((await readCell(`cellPersona=${newId('trm')}&cellStage=${terms.late}`)).status).toBe(404);
  });
});

test('wrong axes are refused with the field that is wrong', async () => {
  const same = await marketing.get('/report/coverage?rows=stage&columns=stage');
  expect(same.body.errors).toMatchObject([{ pointer: '/query/columns' }]);
  const third = await marketing.get(`/report/coverage?third=${terms.late}`);
  expect(third.body.errors).toMatchObject([{ pointer: '/query/third' }]);
});

test('objections are counted against the time before', async () => {
  await note({ objectionTermId: terms.price });
  const { body } = await marketing.get('/report/objections');
  expect(body.items).toMatchObject([{ term: { id: terms.price }, count: 1, beforeCount: 0 }]);
});
