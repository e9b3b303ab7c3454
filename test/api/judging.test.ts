import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { judgingJobs } from '../../server/src/judging/jobs.ts';
import { describeRules } from '../../server/src/judging/rules.ts';
import { judgeVisits } from '../../server/src/judging/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { beat, get, livelySignals, open, prospect } from '../support/prospect.ts';

const minute = 60_000;

let app: TestApp;
let rep: TestClient;
let colleague: TestClient;
let marketing: TestClient;
let admin: TestClient;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
  rep = await app.client('rep');
  colleague = await app.client('rep');
  marketing = await app.client('marketing');
  admin = await app.client('admin');
});
afterAll(() => app.close());

async function makeLink() {
  return app.make.shareLink({
    createdByUserId: rep.userId ?? '',
    createdAt: new Date(app.ctx.clock().getTime() - 60 * minute),
  });
}

async function visitOf(shareLinkId: string) {
  return app.ctx.db
    .selectFrom('visit')
    .selectAll()
    .where('shareLinkId', '=', shareLinkId)
    .executeTakeFirstOrThrow();
}

async function currentOf(visitId: string) {
  return app.ctx.db
    .selectFrom('currentJudgement')
    .selectAll()
    .where('visitId', '=', visitId)
    .executeTakeFirstOrThrow();
}

/** Somebody opens a share link of the rep, touches it and reads for eight seconds. */
async function read(): Promise<string> {
  const link = await makeLink();
  const who = await prospect(app);
  const visitToken = await open(who, link.token);
  app.travel(9_000);
  await beat(who, visitToken, { pages: [{ page: 1, activeMs: 8_000 }], hasTrustedInput: true });
  const { id } = await visitOf(link.id);
  await expect.poll(async () => (await currentOf(id)).class, { timeout: 15_000 }).toBe('human-likely');
  return id;
}

describe('why a visit counts as it does', () => {
  it('is told with signs, rules and what was thought before', async () => {
    const id = await read();
    const { status, body } = await rep.get(`/visits/${id}/judgement`);
    expect(status).toBe(200);
    expect(body.current).toMatchObject({
      class: 'human-likely',
      ruleVersion: 2,
      judgedBy: null,
      isUndone: false,
    });
    expect(body.byRules).toEqual(body.current);
    expect(body.current.reasons.map(({ rule }: { rule: string }) => rule)).toEqual([
      'trusted-input',
      'reading-time',
    ]);
    expect(body.history.map((it: { class: string }) => it.class)).toContain('unsure');
    const { rules } = await app.ctx.db
      .selectFrom('judgementRules')
      .selectAll()
      .where('version', '=', 2)
      .executeTakeFirstOrThrow();
    expect(rules).toHaveLength(describeRules().length);
  });

  it('is told to the sender and to those who see everybody’s, and to nobody else', async () => {
    const id = await read();
    expect((await colleague.get(`/visits/${id}/judgement`)).status).toBe(404);
    expect((await colleague.send('POST', `/visits/${id}/judgement`, { said: 'machine' })).status).toBe(404);
    expect((await colleague.send('DELETE', `/visits/${id}/judgement`)).status).toBe(404);
    expect((await marketing.get(`/visits/${id}/judgement`)).status).toBe(200);
    expect((await rep.get('/visits/vis_0000000000/judgement')).status).toBe(404);
    expect((await rep.send('POST', `/visits/${id}/judgement`, { said: 'ghost' })).status).toBe(400);
  });
});

describe('a person’s word', () => {
  it.each([
    ['own', 'internal'],
    ['person', 'human-confirmed'],
    ['machine', 'scanner'],
  ])('stands above every rule and can be taken back: %s', async (said, expected) => {
    const id = await read();
    const { body } = await rep.send('POST', `/visits/${id}/judgement`, { said });
    expect(body.current).toMatchObject({ class: expected, judgedBy: expect.stringMatching(/^User/) });
    expect(body.byRules.class).toBe('human-likely');
    await app.ctx.db.updateTable('visit').set({ hasTrustedInput: false }).where('id', '=', id).execute();
    await judgeVisits(app.ctx.db, app.ctx.clock(), [id]);
    expect((await currentOf(id)).class).toBe(expected);

    expect((await rep.send('DELETE', `/visits/${id}/judgement`)).status).toBe(204);
    expect((await rep.send('DELETE', `/visits/${id}/judgement`)).status).toBe(204);
    const after = (await rep.get(`/visits/${id}/judgement`)).body;
    expect(after.current).toMatchObject({ class: 'unsure', judgedBy: null });
    expect(after.history.filter((it: { isUndone: boolean }) => it.isUndone)).toHaveLength(1);
  });

  it('stands also when a judgement of the rules is written after it', async () => {
    const id = await read();
    await rep.send('POST', `/visits/${id}/judgement`, { said: 'machine' });
    await app.ctx.db
      .insertInto('judgement')
      .values({
        visitId: id,
        class: 'human-likely',
        probability: 0.9,
        reasons: [] as never,
        ruleVersion: 2,
        judgedAt: app.ctx.clock(),
      })
      .execute();
    expect((await currentOf(id)).class).toBe('scanner');
  });

  it('gives way to a later word', async () => {
    const id = await read();
    await rep.send('POST', `/visits/${id}/judgement`, { said: 'machine' });
    const { body } = await marketing.send('POST', `/visits/${id}/judgement`, { said: 'person' });
    expect(body.current.class).toBe('human-confirmed');
    expect(body.history[0]).toMatchObject({ class: 'scanner', isUndone: true });
  });
});

describe('what comes to light later', () => {
  it('is judged within minutes: a visit whose browser follows the trap', async () => {
    const link = await makeLink();
    const who = await prospect(app, { 'accept-language': '' });
    await open(who, link.token);
    const { id } = await visitOf(link.id);
    expect((await currentOf(id)).class).toBe('unsure');
    expect((await get(who, `/s/${link.token}/trap`)).status).toBe(404);
    await expect
      .poll(
        async () =>
          (await app.ctx.db.selectFrom('linkHit').select('id').where('shareLinkId', '=', link.id).execute())
            .length,
        { timeout: 15_000 },
      )
      .toBe(2);
    app.travel(2 * minute);
    await app.ctx.db
      .updateTable('visit')
      .set({ requestFacts: { hasLanguage: false } as never })
      .where('id', '=', id)
      .execute();
    await judgingJobs['settle-judgements'](app.ctx);
    const { class: judgedAs, pattern } = await currentOf(id);
    expect(pattern).toContain('trap');
    expect(judgedAs).toBe('scanner');
  });
});

describe('judging the past again', () => {
  it('goes on in the background, says what changed, and leaves a person’s word alone', async () => {
    const [changed, overruled] = [await read(), await read()];
    await rep.send('POST', `/visits/${overruled}/judgement`, { said: 'machine' });
    const { db } = app.ctx;
    for (const id of [changed, overruled]) {
      await db
        .deleteFrom('judgement')
        .where('visitId', '=', id)
        .where('judgedByUserId', 'is', null)
        .execute();
      await db
        .insertInto('judgement')
        .values({
          visitId: id,
          class: 'bot',
          probability: 0.1,
          reasons: [] as never,
          ruleVersion: 1,
          judgedAt: app.ctx.clock(),
        })
        .execute();
    }
    const asked = await admin.send('POST', '/measurement/rejudgings');
    expect(asked.status).toBe(201);
    expect(asked.body).toMatchObject({ ruleVersion: 2, doneCount: 0, finishedAt: null });
    expect((await admin.send('POST', '/measurement/rejudgings')).body.id).toBe(asked.body.id);
    expect((await marketing.send('POST', '/measurement/rejudgings')).status).toBe(403);
    await app.drain(['rejudge-visits']);

    const [latest] = (await marketing.get('/measurement')).body.rejudgings;
    expect(latest).toMatchObject({ id: asked.body.id, finishedAt: expect.any(String) });
    expect(latest.doneCount).toBe(latest.totalCount);
    expect(latest.changes).toContainEqual({ from: 'bot', to: 'human-likely', count: 1 });
    expect((await currentOf(changed)).class).toBe('human-likely');
    expect((await currentOf(overruled)).class).toBe('scanner');
    const line = app.logLines.find((it) => it.includes('"past_rejudged"')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ ruleVersion: 2, changes: { 'bot → human-likely': 1 } });
  });
});

describe('learning from confirmed visits', () => {
  it('moves the probability of a pattern towards what it turned out to be', async () => {
    const id = await read();
    const { pattern, probability } = await currentOf(id);
    const others = [await read(), await read(), await read()];
    for (const other of others) await rep.send('POST', `/visits/${other}/judgement`, { said: 'machine' });
    await judgingJobs['calibrate-judgements'](app.ctx);
    const row = await app.ctx.db
      .selectFrom('signalPattern')
      .selectAll()
      .where('pattern', '=', pattern ?? '')
      .executeTakeFirstOrThrow();
    expect(row.otherCount).toBeGreaterThanOrEqual(3);
    expect(row.probability).toBeLessThan(probability ?? 0);
    expect(row.low).toBeLessThan(row.probability);
    expect(row.high).toBeGreaterThan(row.probability);

    const { body } = await marketing.get('/measurement');
    expect(body.calibration.confirmedCount).toBeGreaterThanOrEqual(3);
    expect(body.calibration.rows.length).toBeGreaterThan(0);
    const { observed } = (await rep.get(`/visits/${id}/judgement`)).body;
    expect(observed).toMatchObject({ otherCount: row.otherCount, humanCount: row.humanCount });
    // Nothing is learned twice: the counts are made anew.
    await judgingJobs['calibrate-judgements'](app.ctx);
    const again = await app.ctx.db
      .selectFrom('signalPattern')
      .selectAll()
      .where('pattern', '=', pattern ?? '')
      .execute();
    expect(again.map(({ otherCount }) => otherCount)).toEqual([row.otherCount]);
    await app.ctx.db.deleteFrom('signalPattern').execute();
  });
});

describe('how well this instance measures', () => {
  it('is shown with its rules, its corpus and what is hidden', async () => {
    const link = await makeLink();
    await get(await prospect(app, { 'user-agent': 'curl/8.9.1' }), `/s/${link.token}`);
    await expect
      .poll(async () => (await marketing.get('/measurement')).body.requests.classes, { timeout: 15_000 })
      .toContainEqual({ class: 'bot', count: 1 });
    const { body } = await marketing.get('/measurement');
    expect(body).toMatchObject({ ruleVersion: 2, corpus: { browserDroppedCount: 0 } });
    expect(body.rules).toEqual(describeRules());
    expect(body.visits.classes.map((row: { class: string }) => row.class)).toContain('human-likely');
    expect(body.visits.overruledCount).toBeGreaterThan(0);
    expect(body.silentVisits.count).toBeGreaterThan(0);
    expect(body.ages).toMatchObject({ waitingCount: 0, latestJudgementAt: expect.any(String) });
    expect((await rep.get('/measurement')).status).toBe(403);
  });

  it('is shown with the beats that were lost, which the numbers of the others give away', async () => {
    const link = await makeLink();
    const who = await prospect(app);
    const visitToken = await open(who, link.token, null, livelySignals);
    const tell = (tabKey: string, number: number) =>
      beat(who, visitToken, { pages: [{ page: 1, activeMs: 1_000 }], tabKey, number });
    const beats = async () => (await marketing.get('/measurement')).body.beats;
    expect(await beats()).toEqual({ sentCount: 0, receivedCount: 0 });
    for (const number of [2, 1, 2]) await tell('tabtab01', number);
    expect(await beats()).toEqual({ sentCount: 2, receivedCount: 2 });
    // Another tab counts for itself, and nobody has sent a thousand within a moment.
    for (const number of [5, 6, 1_000]) await tell('tabtab02', number);
    expect(await beats()).toEqual({ sentCount: 8, receivedCount: 4 });
    await tell('tabtab02', 3);
    expect(await beats()).toEqual({ sentCount: 8, receivedCount: 5 });
  });
});
