import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import { get, open, type Prospect, prospect, sendForm } from '../support/prospect.ts';
import { ask, makeRoom } from '../support/room.ts';

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
  rep = await app.clientOf(await app.make.user({ role: 'rep', name: 'Ann Rep' }));
});
afterAll(() => app.close());

const textOf = async (who: Prospect, path: string, headers = {}) => (await get(who, path, headers)).text();

async function questionsOf(path: string) {
  return (await rep.get(path)).body.questions;
}

describe('passing a room on', () => {
  const forward = (who: Prospect, token: string, form: Record<string, string>) =>
    sendForm(who, `/s/${token}/forward`, form);

  it('makes a named link of its own, which ends with the first one', async () => {
    const { token, path, link } = await makeRoom(app, rep);
    const who = await prospect(app);
    const visit = await open(who, token);
    const made = await forward(who, token, { name: ' Tom <b>T</b> ', email: 'tom@customer.example', visit });
    const text = await made.text();
    expect(made.status).toBe(201);
    expect(text).toContain('A link for Tom &lt;b&gt;T&lt;/b&gt;');
    const theirs = /value="[^"]*\/s\/([\w-]+)"/.exec(text)?.[1] ?? '';
    expect(theirs).not.toBe(token);
    const tom = await prospect(app);
    expect(await textOf(tom, `/s/${theirs}`)).toContain('for <b>Tom &lt;b&gt;T&lt;/b&gt;</b>');
    const { holders } = (await rep.get(path)).body;
    expect(holders).toHaveLength(2);
    expect(
      holders.find(({ forwardedByName }: { forwardedByName: string | null }) => forwardedByName),
    ).toMatchObject({
      recipientName: 'Tom <b>T</b>',
      forwardedByName: 'Jane Doe',
    });
    const row = await app.ctx.db
      .selectFrom('shareLink')
      .select('forwardedByVisitorId')
      .where('parentShareLinkId', '=', link.id)
      .executeTakeFirstOrThrow();
    expect(row.forwardedByVisitorId).toMatch(/^vis_/);
    await rep.send('POST', `/share-links/${link.id}/revoke`);
    await expect.poll(async () => (await get(tom, `/s/${theirs}`)).status, { timeout: 15_000 }).toBe(410);
  });

  it('says what is missing, keeps what was typed, and is limited', async () => {
    const { token } = await makeRoom(app, rep);
    const who = await prospect(app);
    expect((await forward(who, token, { name: ' ' })).status).toBe(400);
    const wrong = await forward(who, token, { name: 'Tom', email: 'not an address' });
    expect(wrong.status).toBe(400);
    expect(await wrong.text()).toContain('value="not an address"');
    const statuses: number[] = [];
    for (let count = 0; count < 11; count += 1)
      statuses.push((await forward(who, token, { name: `Colleague ${count}` })).status);
    expect(statuses).toEqual([...Array.from({ length: 10 }, () => 201), 429]);
  });
});

describe('a question', () => {
  it('is asked without script, read by the maker and answered in the room, and belongs to the story of the link', async () => {
    const { token, path, deck, link } = await makeRoom(app, rep);
    const who = await prospect(app);
    const asked = await ask(who, token, {
      question: ' Does it run <b>offline</b>?\r\nAnd where? ',
      name: 'Jane',
      about: deck.id,
    });
    expect(asked.status).toBe(303);
    expect(asked.headers.get('location')).toBe(`/s/${token}#questions`);
    const [question] = await questionsOf(path);
    expect(question).toMatchObject({
      text: 'Does it run <b>offline</b>?\nAnd where?',
      askedByName: 'Jane',
      recipientName: 'Jane Doe',
      asset: { id: deck.id },
      answer: null,
      isForAll: false,
    });
    const waiting = await textOf(who, `/s/${token}`);
    expect(waiting).toContain('Does it run &lt;b&gt;offline&lt;/b&gt;?<br>And where?');
    expect(waiting).toContain('Ann Rep has not answered yet');
    const inbox = (await rep.get('/room-questions')).body;
    expect(inbox.items[0].id).toBe(question.id);
    expect(inbox.openCount).toBeGreaterThan(0);
    const answered = await rep.send('PATCH', `/room-questions/${question.id}`, {
      answer: 'Yes, <i>for a week</i>.',
    });
    expect(answered.body).toMatchObject({ answer: 'Yes, <i>for a week</i>.', answeredByName: 'Ann Rep' });
    await expect
      .poll(() => textOf(who, `/s/${token}`), { timeout: 15_000 })
      .toContain('Yes, &lt;i&gt;for a week&lt;/i&gt;.');
    expect((await rep.get(path)).body.openQuestionCount).toBe(0);
    const { events } = (await rep.get(`/share-links/${link.id}/timeline`)).body;
    expect(events.find(({ kind }: { kind: string }) => kind === 'asked')).toMatchObject({
      questionId: question.id,
      byName: 'Jane',
      answer: 'Yes, <i>for a week</i>.',
      answeredByName: 'Ann Rep',
    });
  });

  it('is read by other holders only when it is answered for everybody, and without a name', async () => {
    const { token, path, roomId } = await makeRoom(app, rep);
    const other = await app.make.shareLink({ roomId, assetId: null, createdByUserId: rep.userId ?? '' });
    const [who, them] = [await prospect(app), await prospect(app)];
    await ask(who, token, { question: 'What does it cost us?', name: 'Jane from Northwind' });
    const [question] = await questionsOf(path);
    const change = (body: object) => rep.send('PATCH', `/room-questions/${question.id}`, body);
    expect((await change({ isForAll: true })).body.code).toBe('conflict');
    await change({ answer: 'As listed.' });
    expect(await textOf(them, `/s/${other.token}`)).not.toContain('What does it cost us?');
    await change({ isForAll: true });
    await expect
      .poll(() => textOf(them, `/s/${other.token}`), { timeout: 15_000 })
      .toContain('What does it cost us?');
    const theirs = await textOf(them, `/s/${other.token}`);
    expect(theirs).toContain('Asked by another reader');
    expect(theirs).not.toContain('Jane from Northwind');
    await change({ isHidden: true });
    await expect
      .poll(() => textOf(who, `/s/${token}`), { timeout: 15_000 })
      .not.toContain('What does it cost us?');
  });

  it('is refused when it is empty or too long, and what was typed stays', async () => {
    const { token, path } = await makeRoom(app, rep);
    const who = await prospect(app);
    const long = await ask(who, token, { question: `${'ö'.repeat(9_999)}<`, name: 'Jane "J" Doe' });
    const text = await long.text();
    expect(long.status).toBe(400);
    expect(text).toContain('longer than 2,000 letters');
    expect(text).toContain(`${'ö'.repeat(9_999)}&lt;</textarea>`);
    expect(text).toContain('value="Jane &quot;J&quot; Doe"');
    expect((await ask(who, token, { question: ' \n\u200b ' })).status).toBe(400);
    expect((await ask(who, token, {})).status).toBe(400);
    expect((await ask(who, token, { question: 'x'.repeat(300_000) })).status).toBe(413);
    expect(await questionsOf(path)).toEqual([]);
    expect((await ask(who, token, { question: 'zero \0 and \ud800 half', about: newId('ast') })).status).toBe(
      303,
    );
    expect((await questionsOf(path))[0]).toMatchObject({ asset: null });
  });

  it('is limited for each address and each share link, and says to wait', async () => {
    const { token, path } = await makeRoom(app, rep);
    const who = await prospect(app);
    const statuses: number[] = [];
    for (let count = 0; count < 8; count += 1)
      statuses.push((await ask(who, token, { question: `Question ${count}?` })).status);
    expect(statuses).toEqual([303, 303, 303, 303, 303, 303, 429, 429]);
    const refused = await ask(who, token, { question: 'One more?' });
    expect(refused.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(await refused.text()).toContain('One more?</textarea>');
    expect(await questionsOf(path)).toHaveLength(6);
    const others = await Promise.all(
      Array.from({ length: 30 }, async (_, index) =>
        ask(await prospect(app), token, { question: `From elsewhere ${index}?` }),
      ),
    );
    expect(others.filter(({ status }) => status === 303)).toHaveLength(24);
  });

  it('has to come from its own page, and a private one tells nothing of the visit', async () => {
    const { token, path } = await makeRoom(app, rep);
    const who = await prospect(app);
    const foreign = await ask(who, token, { question: 'Hi?' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect((await get(who, `/s/${token}/questions`)).status).toBe(405);
    const visit = await open(who, token);
    const hidden = await ask(who, token, { question: 'In private?', private: '1', visit });
    expect(hidden.headers.get('location')).toBe(`/s/${token}?private=1#questions`);
    await ask(who, token, { question: 'In the open?', visit });
    const rows = await app.ctx.db.selectFrom('roomQuestion').select(['text', 'visitorId']).execute();
    expect(rows.find(({ text }) => text === 'In private?')?.visitorId).toBeNull();
    expect(rows.find(({ text }) => text === 'In the open?')?.visitorId).toMatch(/^vis_/);
    expect(await questionsOf(path)).toHaveLength(2);
  });

  it('is answered and hidden by those who look after the room, and by nobody else', async () => {
    const { token, path } = await makeRoom(app, rep);
    await ask(await prospect(app), token, { question: 'Anybody there?' });
    const [question] = await questionsOf(path);
    const stranger = await app.client('rep');
    const change = (client: TestClient, id: string, body: object) =>
      client.send('PATCH', `/room-questions/${id}`, body);
    expect((await change(stranger, question.id, { answer: 'Me' })).body.code).toBe('not_found');
    expect((await change(rep, newId('que'), { answer: 'Me' })).body.code).toBe('not_found');
    expect((await change(rep, question.id, { answer: '  ' })).body.code).toBe('invalid_request');
    expect((await change(rep, question.id, { answer: 'x'.repeat(4_001) })).status).toBe(400);
    expect((await change(rep, question.id, {})).status).toBe(200);
    expect((await change(await app.client('marketing'), question.id, { answer: 'Yes.' })).status).toBe(200);
    expect((await stranger.get('/room-questions')).body.items).toEqual([]);
  });
});
