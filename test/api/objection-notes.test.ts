import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { countObjections } from '../../server/src/feedback/service.ts';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;

let app: TestApp;
let rita: TestClient;
let otto: TestClient;
let marketing: TestClient;
let tooExpensive: { id: string };
let buyer: { id: string };
let negotiation: { id: string };

beforeAll(async () => {
  app = await startTestApp();
  rita = await app.clientOf(await app.make.user({ name: 'Rita', email: 'rita@example.com' }));
  otto = await app.clientOf(await app.make.user({ name: 'Otto' }));
  marketing = await app.client('marketing');
  tooExpensive = await app.make.term({
    dimensionKey: 'objection',
    name: 'Too expensive',
    synonyms: ['costs too much', 'over budget'],
  });
  buyer = await app.make.term({ dimensionKey: 'persona', name: 'Procurement' });
  negotiation = await app.make.term({
    dimensionKey: 'stage',
    name: 'Negotiation',
    synonyms: ['Final talks'],
  });
});
afterAll(() => app.close());
beforeEach(async () => {
  await app.ctx.db.deleteFrom('objectionNote').execute();
  await app.ctx.db.deleteFrom('deal').execute();
});

async function deal(row: { stage?: string; amount?: string; currency?: string; accountId?: string } = {}) {
  const accountId = row.accountId ?? (await app.make.account()).id;
  const id = newId('deal');
  await app.ctx.db
    .insertInto('deal')
    .values({
      id,
      externalId: id,
      amount: '1000',
      currency: 'EUR',
      stage: 'Negotiation',
      outcome: 'open',
      openedAt: app.ago(30 * day),
      ...row,
      accountId,
    })
    .execute();
  return { id, accountId };
}

async function note(body: object = {}, client = rita) {
  const answer = await client.send('POST', '/objection-notes', { text: 'It costs too much.', ...body });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

describe('noting an objection', () => {
  test('the words are enough', async () => {
    const noted = await note({ text: '  “Your price is a joke.”  ' });
    expect(noted).toMatchObject({
      text: '“Your price is a joke.”',
      objection: null,
      persona: null,
      deal: null,
      notedByName: 'Rita',
      isOwn: true,
    });
  });

  test('the stage is that of the deal, by its name or a synonym', async () => {
    const one = await deal({ stage: 'negotiation' });
    const other = await deal({ stage: 'Final talks' });
    expect((await note({ dealId: one.id })).stage).toMatchObject({ id: negotiation.id });
    expect((await note({ dealId: other.id })).stage).toMatchObject({ id: negotiation.id });
    expect((await note({ dealId: (await deal({ stage: 'Unheard of' })).id })).stage).toBeNull();
  });

  test('of a share link come its asset and, where there is only one, the open deal of its account', async () => {
    const { id: dealId, accountId } = await deal();
    const recipient = await app.make.recipient({ accountId });
    const link = await app.make.shareLink({
      recipientId: recipient.id,
      createdByUserId: rita.userId ?? '',
    });
    const noted = await note({ shareLinkId: link.id });
    expect(noted).toMatchObject({ asset: { id: link.assetId }, deal: { id: dealId } });
    await deal({ accountId });
    expect((await note({ shareLinkId: link.id })).deal).toBeNull();
  });

  test('the terms that the words speak of are suggested', async () => {
    const { body } = await rita.send('POST', '/objection-notes/suggestions', {
      text: 'Procurement says that it costs way too much',
    });
    expect(body.terms.map(({ id }: { id: string }) => id).toSorted()).toEqual(
      [tooExpensive.id, buyer.id].toSorted(),
    );
  });

  test('what is no objection, no deal or no words is refused with its field', async () => {
    const wrong = await rita.send('POST', '/objection-notes', { text: 'No.', objectionTermId: buyer.id });
    expect(wrong).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/objectionTermId' }] } });
    const gone = await rita.send('POST', '/objection-notes', { text: 'No.', dealId: newId('deal') });
    expect(gone).toMatchObject({ status: 400, body: { errors: [{ pointer: '/body/dealId' }] } });
    const empty = await rita.send('POST', '/objection-notes', { text: '   ' });
    expect(empty.body.errors[0]).toMatchObject({ pointer: '/body/text' });
  });

  test('half a character is taken as a mark for what is lost, and whatever else is typed as it is', async () => {
    expect((await note({ text: 'a\ud800b' })).text).toBe('a\ufffdb');
    expect((await note({ text: `'; drop table objection_note; --` })).text).toContain('drop table');
  });
});

describe('changing and taking back', () => {
  test('whoever noted it does both', async () => {
    const { id } = await note();
    const { body } = await rita.send('PATCH', `/objection-notes/${id}`, {
      text: 'Over budget.',
      dealId: (await deal()).id,
    });
    expect(body).toMatchObject({ text: 'Over budget.', stage: { id: negotiation.id } });
    expect((await rita.send('DELETE', `/objection-notes/${id}`)).status).toBe(204);
    expect((await rita.get('/objection-notes')).body.items).toEqual([]);
    expect((await rita.send('DELETE', `/objection-notes/${id}`)).status).toBe(404);
  });

  test('marketing says which objection it is, and leaves the words', async () => {
    const { id } = await note();
    const sorted = await marketing.send('PATCH', `/objection-notes/${id}`, {
      objectionTermId: tooExpensive.id,
    });
    expect(sorted.body.objection).toMatchObject({ name: 'Too expensive' });
    expect((await marketing.send('PATCH', `/objection-notes/${id}`, { text: 'Other words.' })).status).toBe(
      403,
    );
    expect((await marketing.send('DELETE', `/objection-notes/${id}`)).status).toBe(403);
  });

  test('a colleague does neither', async () => {
    const { id } = await note();
    expect((await otto.send('PATCH', `/objection-notes/${id}`, { text: 'Mine.' })).status).toBe(403);
    expect((await otto.send('DELETE', `/objection-notes/${id}`)).status).toBe(403);
  });
});

describe('the list', () => {
  test('is newest first, in pages, and narrows by term, deal and own', async () => {
    const { id: dealId } = await deal();
    const made = [];
    for (const body of [{}, { objectionTermId: tooExpensive.id }, { dealId }, {}, {}])
      made.push(await note(body));
    await note({ text: 'Otto heard this.' }, otto);
    const first = (await rita.get('/objection-notes?isOwn=true&limit=3')).body;
    const second = (await rita.get(`/objection-notes?isOwn=true&limit=3&cursor=${first.nextCursor}`)).body;
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(ids.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
    expect(second.nextCursor).toBeNull();
    const idsOf = async (query: string) =>
      (await marketing.get(`/objection-notes?${query}`)).body.items.map(({ id }: { id: string }) => id);
    expect(await idsOf(`objection=${tooExpensive.id}`)).toEqual([made[1].id]);
    expect(await idsOf(`deal=${dealId}`)).toEqual([made[2].id]);
    expect(await idsOf('isUnsorted=true')).toHaveLength(5);
  });

  test('offers the open deals, those of whoever asks first', async () => {
    const { id: large } = await deal({ amount: '900000' });
    const { id: own } = await deal();
    await app.ctx.db
      .updateTable('deal')
      .set({ ownerEmail: 'RITA@example.com' })
      .where('id', '=', own)
      .execute();
    const { body } = await rita.get('/objection-notes/deals');
    expect(body.items.map(({ id }: { id: string }) => id)).toEqual([own, large]);
  });
});

describe('counting', () => {
  const windows = () => ({
    window: { start: app.ago(30 * day), end: app.ago(0) },
    before: { start: app.ago(60 * day), end: app.ago(30 * day) },
    buyerSliceIds: [0],
  });
  const move = (id: string, days: number) =>
    app.ctx.db
      .updateTable('objectionNote')
      .set({ notedAt: app.ago(days * day) })
      .where('id', '=', id)
      .execute();

  test('says how often, how often before, and what the open deals of it are worth', async () => {
    await app.ctx.db
      .insertInto('currencyRate')
      .values({ currency: 'EUR', rate: '1', isBase: true, changedAt: app.ago(0) })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const euros = await deal({ amount: '500' });
    const yen = await deal({ currency: 'JPY' });
    for (const [dealId, days] of [
      [euros.id, 1],
      [euros.id, 2],
      [yen.id, 3],
      [null, 40],
      [null, 90],
    ] as const)
      await move((await note({ objectionTermId: tooExpensive.id, dealId })).id, days);
    await move((await note()).id, 1);
    expect(await countObjections(app.ctx.db, windows())).toMatchObject([
      {
        term: { id: tooExpensive.id },
        count: 3,
        beforeCount: 1,
        dealCount: 2,
        openValue: 500,
        unconvertedCount: 1,
      },
      { term: null, count: 1, beforeCount: 0, dealCount: 0, openValue: 0 },
    ]);
  });

  test('a merged term takes its notes and targets along', async () => {
    const from = await app.make.term({ dimensionKey: 'objection', name: 'Pricey' });
    await note({ objectionTermId: from.id });
    const target = (objectionTermId: string, wantedCount: number) =>
      app.ctx.db
        .insertInto('coverageTarget')
        .values({ personaTermId: buyer.id, objectionTermId, wantedCount, setAt: app.ago(0) })
        .execute();
    await target(from.id, 3);
    expect(
      (await marketing.send('POST', `/terms/${from.id}/merge`, { intoTermId: tooExpensive.id })).status,
    ).toBe(200);
    const { items } = (await marketing.get('/objection-notes')).body;
    expect(items[0].objection).toMatchObject({ id: tooExpensive.id });
    const targets = await app.ctx.db.selectFrom('coverageTarget').selectAll().execute();
    expect(targets).toMatchObject([{ objectionTermId: tooExpensive.id, wantedCount: 3 }]);
  });
});

test('erasing an address takes it out of the words, and takes the words of a share link to it whole', async () => {
  const admin = await app.client('admin');
  const email = 'carla.buyer@customer.example';
  const recipient = await app.make.recipient({ name: 'Carla Buyer', email });
  const link = await app.make.shareLink({ recipientId: recipient.id });
  await note({ text: `Carla Buyer (${email}) finds it slow.` });
  await note({ text: 'Not secure enough for my board.', shareLinkId: link.id });
  await note({ text: 'Somebody else said this.' });
  const known = (await admin.send('POST', '/privacy/exports', { email })).body;
  expect(known.objectionNotes).toHaveLength(2);
  const { status, body } = await admin.send('POST', '/privacy/erasures', { email });
  expect(status).toBe(201);
  expect(body.proof.left).toEqual([]);
  const texts = (await marketing.get('/objection-notes')).body.items.map(
    ({ text }: { text: string }) => text,
  );
  expect(texts.toSorted()).toEqual([
    'Somebody else said this.',
    '[erased]',
    '[erased] ([erased]) finds it slow.',
  ]);
});
