import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { findInDump, keyOf, makePerson, sendForm } from '../support/person.ts';
import { beat, get, open, pageTokenOf, post, prospect } from '../support/prospect.ts';

let app: TestApp;
let admin: TestClient;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
  admin = await app.client('admin');
  rep = await app.clientOf(await app.make.user({ role: 'rep', name: 'Rita Rep' }));
});
afterAll(() => app.close());

const lookUp = async (email: string) => (await admin.send('POST', '/privacy/look-ups', { email })).body;
const erase = (email: string) => admin.send('POST', '/privacy/erasures', { email });
const exportOf = (email: string) => admin.send('POST', '/privacy/exports', { email });

describe('what is known of a person', () => {
  it('is handed out whole, in one file, without what is known of others', async () => {
    const person = await makePerson(app, rep, { name: 'Erin Export', email: 'erin@customer.example' });
    const { status, body } = await exportOf(' Erin@Customer.example ');
    expect(status).toBe(200);
    expect(Object.keys(body)).toEqual([
      'address',
      'exportedAt',
      'instance',
      'contacts',
      'recipients',
      'shareLinks',
      'namedInShareLinks',
      'visitors',
      'visits',
      'linkHits',
      'emailCodes',
      'roomQuestions',
      'namedInRooms',
      'followUps',
      'searches',
      'savedSearches',
      'requests',
      'collections',
    ]);
    expect(body.recipients).toMatchObject([{ name: 'Erin Export', email: 'erin@customer.example' }]);
    expect(body.shareLinks).toMatchObject([{ id: person.link.id, sentBy: 'Rita Rep' }]);
    expect(body.visits.map(({ shareLinkId }: { shareLinkId: string }) => shareLinkId)).toEqual([
      person.link.id,
      person.other.id,
    ]);
    expect(body.visits[0].pages).toMatchObject([{ page: 1, activeMs: 4_000 }]);
    expect(body.visits[0].judgements[0]).toHaveProperty('reasons');
    expect(body.linkHits.length).toBeGreaterThan(1);
    const text = JSON.stringify(body);
    expect(text).not.toContain(person.link.token);
    expect(text).not.toContain(keyOf(app, 'erin@customer.example'));
    expect(text).not.toContain('Somebody beside');
  });

  it('is handed out with what reports still count of visits that were too old to be kept', async () => {
    const person = await makePerson(app, rep, { name: 'Olga Old', email: 'olga@customer.example' });
    await countNow(app.ctx);
    await app.ctx.db.deleteFrom('visit').where('shareLinkId', '=', person.link.id).execute();
    const { body } = await exportOf('olga@customer.example');
    expect(body.readings).toMatchObject([{ shareLinkId: person.link.id, activeMs: 4_000 }]);
  });

  it('is said in numbers before anything is changed', async () => {
    await makePerson(app, rep, { name: 'Dora Dry', email: 'dora@customer.example' });
    const before = await findInDump(app, 'dora@customer.example');
    const { counts, userName, erasedAt } = await lookUp('dora@customer.example');
    expect(counts).toMatchObject({ recipient: 1, contact: 1, visit: 2, visitor: 1, room_question: 1 });
    expect([userName, erasedAt]).toEqual([null, null]);
    expect(await findInDump(app, 'dora@customer.example')).toEqual(before);
  });

  it('is nothing of an address that nobody knows, and the answer says so', async () => {
    expect(await lookUp('nobody@customer.example')).toEqual({ counts: {}, userName: null, erasedAt: null });
    for (const answer of [await exportOf('nobody@customer.example'), await erase('nobody@customer.example')])
      expect([answer.status, answer.body.detail]).toEqual([
        404,
        'Nothing is known of this address. Check how it is written.',
      ]);
    expect((await erase('not an address')).status).toBe(400);
  });
});

describe('erasing a person', () => {
  it('leaves nothing that names them in any table, keeps what was counted, and proves it', async () => {
    const person = await makePerson(app, rep, { name: 'Ada Erasable', email: 'ada@customer.example' });
    const visitsBefore = (await rep.get(`/share-links/${person.link.id}/visits`)).body;
    expect((await findInDump(app, 'ada@customer.example')).length).toBeGreaterThan(12);

    const heard: string[] = [];
    const stop = app.ctx.listener.on('share_changed', (payload) => heard.push(payload));
    await expect.poll(() => app.ctx.listener.isCurrent()).toBe(true);
    const { status, body } = await erase('ADA@customer.example');
    // Every process hears of it, for what it keeps in memory.
    await expect.poll(() => heard).toContain('person_erased');
    stop();
    expect(status).toBe(201);
    expect(body.proof).toMatchObject({ left: [], unchecked: [], waitingFileCount: 0 });
    expect(body.proof.tableCount).toBeGreaterThan(50);
    expect(body.addressHashes).toEqual([keyOf(app, 'ada@customer.example')]);
    expect(body.counts).toMatchObject({ recipient: 1, contact: 1, visit: 2, visitor: 1, email_code: 1 });

    // Whoever has a longer address is somebody else.
    const rows = await findInDump(app, 'ada@customer.example');
    expect(rows.filter((row) => !row.includes('beside.ada@customer.example'))).toEqual([]);
    expect(rows.length).toBeGreaterThan(0);
    for (const trace of ['Ada Erasable', person.who.address.split('.').slice(0, 3).join('.')])
      expect(await findInDump(app, trace)).toEqual([]);
    const hashes = await findInDump(app, keyOf(app, 'ada@customer.example'));
    expect(hashes.map((row) => row.split(':')[0])).toEqual(['public.privacy_request']);

    const visits = (await rep.get(`/share-links/${person.link.id}/visits`)).body;
    expect(visits.items).toHaveLength(1);
    expect(visits.items[0]).toMatchObject({ visitor: { name: null, email: null }, activeMs: 4_000 });
    expect(visits.items[0].judgement).toEqual(visitsBefore.items[0].judgement);
    expect(visits.linkHitCount).toBe(visitsBefore.linkHitCount);
    const [mine] = (await rep.get(`/share-links?assetId=${person.asset.id}`)).body.items.filter(
      ({ id }: { id: string }) => id === person.link.id,
    );
    expect(mine).toMatchObject({ state: 'revoked', message: '', recipient: { email: null } });
    expect(mine.recipient.name).toMatch(/^Erased recipient /);

    const listed = (await admin.get('/privacy')).body.requests;
    expect(listed[0]).toMatchObject({ id: body.id, kind: 'erase', proof: { left: [] } });
    const lines = app.logLines.filter((line) => line.includes('person_erase'));
    expect(lines).toHaveLength(1);
    expect(app.logLines.some((line) => /ada@customer\.example/i.test(line))).toBe(false);
  });

  it('does not judge again what was counted of them', async () => {
    const person = await makePerson(app, rep, { name: 'Jude Judged', email: 'jude@customer.example' });
    await erase('jude@customer.example');
    const judgementOf = async () =>
      (await rep.get(`/share-links/${person.link.id}/visits`)).body.items[0].judgement;
    const before = await judgementOf();
    await admin.send('POST', '/measurement/rejudgings');
    await app.drain(['rejudge-visits', 'settle-judgements']);
    expect(await judgementOf()).toEqual(before);
  });

  it('ends a visit that goes on: later beats, downloads and openings are refused', async () => {
    const person = await makePerson(app, rep, { name: 'Lena Live', email: 'lena@customer.example' });
    const { who, other } = person;
    const page = await (await get(who, `/s/${other.token}`)).text();
    const onOther = await open(who, other.token);
    await erase('lena@customer.example');
    for (const visitToken of [person.visitToken, onOther]) {
      const answer = await beat(who, visitToken, { pages: [{ page: 2, activeMs: 1_000 }] });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect((await post(who, '/t/downloads', { visitToken })).status).toBe(404);
    }
    const opening = { pageToken: pageTokenOf(page), visitToken: onOther, tabKey: 'tabtab01', signals: {} };
    expect((await post(who, '/t/visits', opening)).status).toBe(404);
    // Nor is the address taken from the cookie of this browser, on a page that is loaded anew.
    const again = pageTokenOf(await (await get(who, `/s/${other.token}`)).text());
    if (again !== undefined)
      expect((await post(who, '/t/visits', { ...opening, pageToken: again })).status).toBe(404);
    expect((await lookUp('lena@customer.example')).counts).toEqual({});
    // Somebody who says it anew, later, is known anew.
    app.travel(1_000);
    await sendForm(await prospect(app), `/s/${other.token}/email`, { email: 'lena@customer.example' });
  });

  it('finds an address in any case, composed or not, and in either script', async () => {
    const person = await makePerson(app, rep, { name: 'Zoë Unicode', email: 'zoë.o+x@müller.example' });
    await app.ctx.db
      .updateTable('shareLink')
      .set({ message: `ZOË.O+X@XN--MLLER-KVA.EXAMPLE, ${'zoë.o+x@müller.example'.normalize('NFD')}` })
      .where('id', '=', person.other.id)
      .execute();
    const { status, body } = await erase('Zoë.O+x@MÜLLER.example'.normalize('NFD'));
    expect(status).toBe(201);
    expect(body.proof.left).toEqual([]);
    expect(body.addressHashes).toHaveLength(2);
    const { message, allowedEmails } = await app.ctx.db
      .selectFrom('shareLink')
      .select(['message', 'allowedEmails'])
      .where('id', '=', person.other.id)
      .executeTakeFirstOrThrow();
    expect(message).toBe('[erased], [erased]');
    // It opens to nobody else than before.
    expect(allowedEmails.toSorted()).toEqual(['beside.zoë.o+x@müller.example', 'erased@erased.invalid']);
  });

  it('a second time finds nothing and says when it was done; of two at once one does it', async () => {
    await makePerson(app, rep, { name: 'Tess Twice', email: 'tess@customer.example' });
    const answers = await Promise.all([erase('tess@customer.example'), erase('Tess@customer.example')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 404]);
    const again = await erase('tess@customer.example');
    expect(again.status).toBe(404);
    expect(again.body.detail).toMatch(
      /^Nothing is known of this address\. It was erased on \d{4}-\d\d-\d\d\.$/,
    );
    expect((await lookUp('tess@customer.example')).erasedAt).not.toBeNull();
  });

  it('is refused for somebody who signs in here, who can have what is known', async () => {
    await app.make.user({ name: 'Uma User', email: 'Uma@offshelf.example' });
    const refused = await erase('uma@offshelf.example');
    expect([refused.status, refused.body.code]).toEqual([409, 'conflict']);
    expect(refused.body.detail).toContain('Uma User signs in');
    expect((await lookUp('uma@offshelf.example')).userName).toBe('Uma User');
    expect((await exportOf('uma@offshelf.example')).body.user).toMatchObject({ name: 'Uma User' });
  });

  it('says where the address still stands in what the company publishes', async () => {
    await makePerson(app, rep, { name: 'Paul Printed', email: 'paul@customer.example' });
    await app.make.asset({ title: 'Case study', description: 'Ask paul@customer.example.' });
    const { body } = await erase('paul@customer.example');
    expect(body.proof.left).toEqual([{ table: 'asset', column: 'description', count: 1 }]);
  });

  it('takes what was spooled before into account, and nothing of the person from there', async () => {
    const link = await app.make.shareLink();
    await makePerson(app, rep, { name: 'Sam Spooled', email: 'sam@customer.example' });
    const openedAt = new Date(app.ctx.clock().getTime() - 60_000).toISOString();
    await erase('sam@customer.example');
    const { replayOpenings } = await import('../../server/src/tracking/replay.ts');
    await replayOpenings(app.ctx, [
      {
        visitId: 'vis_000000000000000000001',
        shareLinkId: link.id,
        assetVersionId: null,
        earlierVisitId: null,
        visitor: {
          kind: 'email',
          hash: keyOf(app, 'sam@customer.example'),
          email: 'sam@customer.example',
          name: null,
        },
        userAgent: '',
        network: '',
        country: null,
        isInternal: false,
        requestFacts: {},
        browserFacts: {},
        openedAt,
      },
    ]);
    expect((await lookUp('sam@customer.example')).counts).toEqual({});
  });
});
