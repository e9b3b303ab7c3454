import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { postgresEngine } from '../../server/src/indexing/postgres.ts';
import { findLastRebuild } from '../../server/src/indexing/queries.ts';
import { checkIndexes, queueRebuild, readDocuments, runRebuild } from '../../server/src/indexing/rebuild.ts';
import { startTestApp, type TestApp } from '../support/app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.close());

it('a batch that is indexed and a change of many assets never wait for each other in a circle', async () => {
  const { db } = app.ctx;
  const engine = postgresEngine(db);
  const assetIds = [(await app.make.asset()).id, (await app.make.asset()).id];
  const [first = '', second = ''] = assetIds;
  await engine.index(await readDocuments(app.ctx, assetIds));
  const documents = await readDocuments(app.ctx, assetIds);
  const readAt = documents[0]?.readAt;
  const listWritten = async () => {
    const { rows } = await sql<{ assetId: string }>`
      select asset_id from search_document where indexed_at = ${readAt} order by asset_id`.execute(db);
    return rows.map(({ assetId }) => assetId);
  };
  let indexing: Promise<void> | undefined;
  await db.transaction().execute(async (trx) => {
    const move = (assetId: string) =>
      trx.updateTable('asset').set({ publishedAt: app.ctx.clock() }).where('id', '=', assetId).execute();
    await move(second);
    indexing = engine.index(documents);
    // What is free is written at once; the other one when its turn has come.
    await expect.poll(listWritten).toEqual([first]);
    await move(first);
  });
  await indexing;
  expect(await listWritten()).toEqual(assetIds.toSorted());
});

it('whoever changes many assets does not wait for pages that are being written', async () => {
  const { db } = app.ctx;
  const asset = await app.make.asset();
  const marketing = await app.client('marketing');
  await db.transaction().execute(async (trx) => {
    await sql`insert into search_page (asset_id, page_number, text, vector) values (${asset.id}, 1, 'x', 'x')`.execute(
      trx,
    );
    const changes = [{ assetId: asset.id, patch: { reviewOn: '2030-01-01' } }];
    expect((await marketing.send('POST', '/assets/bulk', { changes })).status).toBe(200);
  });
});

it('a rebuild whose process was killed begins again at the next start, once', async () => {
  const { ctx } = app;
  const at = ctx.clock();
  await ctx.db
    .insertInto('searchRebuild')
    .values({ state: 'running', isFirstFill: false, requestedAt: at, startedAt: at, seenAt: at })
    .execute();
  const killed = await findLastRebuild(ctx.db);
  await queueRebuild(ctx);
  expect((await findLastRebuild(ctx.db))?.number).toBe(killed?.number);
  await ctx.db
    .insertInto('jobRun')
    .values({
      id: newId('job'),
      name: 'rebuild-search-index',
      payload: { number: killed?.number },
      state: 'failed',
      tries: 1,
      maxTries: 1,
      queuedAt: at,
    })
    .execute();
  await checkIndexes(ctx);
  const again = await findLastRebuild(ctx.db);
  expect([again?.state, (again?.number ?? 0) > (killed?.number ?? 0)]).toEqual(['queued', true]);
  await runRebuild(ctx, again?.number ?? 0, new AbortController().signal);
  await checkIndexes(ctx);
  expect(await findLastRebuild(ctx.db)).toMatchObject({ number: again?.number, state: 'done' });
});
