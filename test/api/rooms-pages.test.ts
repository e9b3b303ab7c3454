import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';
import {
  beat,
  get,
  hitsOf,
  open,
  type Prospect,
  pageTokenOf,
  post,
  prospect,
  sendForm,
} from '../support/prospect.ts';
import { ask, makeRoom } from '../support/room.ts';

let app: TestApp;
let rep: TestClient;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
  rep = await app.clientOf(await app.make.user({ role: 'rep', name: 'Ann Rep' }));
});
afterAll(() => app.close());

const textOf = async (who: Prospect, path: string, headers = {}) => (await get(who, path, headers)).text();

async function progressOf(who: Prospect, token: string, visitToken: string) {
  const response = await post(who, `/s/${token}/progress`, { visitToken });
  return { status: response.status, body: response.status === 200 ? await response.json() : undefined };
}

describe('the page of a room', () => {
  it('says who made it, why each item matters and how long it takes', async () => {
    const { token, deck, guide, link } = await makeRoom(app, rep, { message: 'As promised, Ann' });
    const who = await prospect(app);
    const response = await get(who, `/s/${token}`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toContain('<b>Ann Rep</b> put this together for <b>Jane Doe</b>');
    expect(text).toContain('As promised, Ann');
    expect(text).toContain('<h1>For Northwind</h1>');
    expect(text).toContain('<p>Start with the deck.</p><p>Then we talk.</p>');
    expect(text).toContain('The &lt;deck&gt;');
    expect(text).toContain('You asked about &lt;rollout&gt;.');
    expect(text).toContain('3 pages, about 1 min to read');
    expect(text.indexOf(deck.id)).toBeLessThan(text.indexOf(guide.id));
    expect(text).toContain('Ann Rep can see when this room is opened');
    expect(text).toContain('3 items, about 1 min in all');
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe-inline');
    expect(response.headers.get('set-cookie')).toBeNull();
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(1);
  });

  it('shows the next step as a link or as a date for the calendar', async () => {
    const { token, path } = await makeRoom(app, rep);
    const who = await prospect(app);
    const ics = () => get(who, `/s/${token}/next-step.ics`);
    expect((await ics()).status).toBe(404);
    await rep.send('PATCH', path, { nextStep: { label: 'Book a call', url: 'https://cal.example.com/ann' } });
    expect(await textOf(who, `/s/${token}`)).toContain(
      'href="https://cal.example.com/ann" target="_blank" rel="noopener noreferrer nofollow">Open cal.example.com',
    );
    const at = '2031-12-03T14:00:00Z';
    await rep.send('PATCH', path, { nextStep: { label: 'Prices, and “scope”; all of it', at } });
    expect(await textOf(who, `/s/${token}`)).toContain('Wednesday, 3 December 2031 at 14:00 UTC');
    const calendar = await (await ics()).text();
    expect(calendar).toContain('DTSTART:20311203T140000Z');
    expect(calendar).toContain('SUMMARY:Prices\\, and “scope”\\; all of it');
  });

  it('opens each item in the viewer, with the way back and on, and with the files below it', async () => {
    const { token, deck, guide, link } = await makeRoom(app, rep);
    const who = await prospect(app);
    const text = await textOf(who, `/s/${token}/items/${deck.id}`);
    expect(text).toContain(`<a href="/s/${token}">Back to For Northwind</a>, 1 of 3`);
    expect(text).toContain('You asked about &lt;rollout&gt;.');
    expect(text).toContain(`<a rel="next" href="/s/${token}/items/${guide.id}">Next: Pricing guide</a>`);
    expect(text).not.toContain('rel="prev"');
    expect(text).toContain(`/s/${token}/items/${deck.id}/download`);
    expect(pageTokenOf(text)).toBeDefined();
    const file = await get(who, `/s/${token}/items/${guide.id}/download`);
    expect(file.status).toBe(200);
    expect(file.headers.get('content-disposition')).toContain('attachment');
    const inPrivate = await textOf(who, `/s/${token}/items/${guide.id}?private=1`);
    expect(inPrivate).toContain(`href="/s/${token}?private=1"`);
    expect(pageTokenOf(inPrivate)).toBeUndefined();
    // The room itself has no file.
    expect((await get(who, `/s/${token}/download`)).status).toBe(404);
    expect((await get(who, `/s/${token}/content`)).status).toBe(404);
    await expect.poll(async () => (await hitsOf(app, link.id)).length).toBe(2);
  });

  it('shows nothing that is not in it', async () => {
    const { token } = await makeRoom(app, rep);
    const who = await prospect(app);
    const other = await app.make.asset({ title: 'Secret plan' });
    for (const id of [other.id, newId('ast'), 'x', '%00', '..'])
      expect((await get(who, `/s/${token}/items/${id}/download`)).status, id).toBe(404);
    const single = await app.make.shareLink({ assetId: other.id });
    expect((await get(who, `/s/${single.token}/items/${other.id}`)).status).toBe(404);
    expect((await ask(who, single.token, { question: 'Hello?' })).status).toBe(404);
  });

  it('has one passcode for all of it, and ends with all of it', async () => {
    const { token, deck, link } = await makeRoom(app, rep, { passcodeHash: await hashSecret('open-up') });
    const who = await prospect(app);
    const addresses = [
      '',
      `/items/${deck.id}`,
      `/items/${deck.id}/download`,
      `/items/${deck.id}/pages/1/image?w=480`,
    ];
    for (const address of addresses)
      expect((await get(who, `/s/${token}${address}`)).status, address).toBe(401);
    expect((await ask(who, token, { question: 'Let me in?' })).status).toBe(401);
    const tried = await sendForm(who, `/s/${token}/passcode`, { passcode: 'open-up' });
    expect(tried.status).toBe(303);
    for (const address of addresses.slice(0, 3))
      expect((await get(who, `/s/${token}${address}`)).status, address).toBe(200);
    await rep.send('POST', `/share-links/${link.id}/revoke`);
    await expect
      .poll(async () => (await get(who, `/s/${token}/items/${deck.id}`)).status, { timeout: 15_000 })
      .toBe(410);
    expect((await ask(who, token, { question: 'Why?' })).status).toBe(410);
  });

  it('says kindly that an item was taken out, also to whoever has it open', async () => {
    const { token, path, deck, guide } = await makeRoom(app, rep);
    const who = await prospect(app);
    const visitToken = await open(who, `${token}/items/${deck.id}`);
    await rep.send('DELETE', `${path}/items/${deck.id}`);
    const gone = async () => get(who, `/s/${token}/items/${deck.id}`);
    await expect.poll(async () => (await gone()).status, { timeout: 15_000 }).toBe(410);
    expect(await (await gone()).text()).toContain('This is no longer in the room');
    expect((await get(who, `/s/${token}/items/${deck.id}/pages/1/image?w=800`)).status).toBe(410);
    expect(await textOf(who, `/s/${token}`)).not.toContain(deck.id);
    // What was read before still arrives.
    const told = await beat(who, visitToken, {
      pages: [{ page: 1, activeMs: 4_000 }],
      hasTrustedInput: true,
    });
    expect(told.status).toBeLessThan(300);
    await rep.send('DELETE', `${path}/items/${guide.id}`);
    await rep.send('DELETE', `${path}/items/${(await rep.get(path)).body.items[0].asset.id}`);
    expect(await textOf(who, `/s/${token}`)).toContain('There is nothing in this room at the moment');
  });
});

describe('where a reader stands in a room', () => {
  it('is one visit across the room and its items, and tells the pages that were read', async () => {
    const { token, deck, guide, link } = await makeRoom(app, rep);
    const who = await prospect(app);
    const inRoom = await open(who, token);
    expect((await progressOf(who, token, inRoom)).body).toEqual({
      sum: '',
      states: expect.objectContaining({ [deck.id]: '', [guide.id]: '' }),
      fresh: [],
    });
    const inDeck = await open(who, `${token}/items/${deck.id}`, inRoom);
    app.travel(60_000);
    const pages = [
      { page: 1, activeMs: 20_000 },
      { page: 2, activeMs: 20_000 },
      { page: 3, activeMs: 100 },
    ];
    await beat(who, inDeck, { pages, hasTrustedInput: true });
    await expect
      .poll(async () => (await progressOf(who, token, inRoom)).body.states[deck.id], { timeout: 15_000 })
      .toBe('2 of 3 read');
    expect((await progressOf(who, token, inDeck)).body.sum).toBe('You have read 2 of 4 pages.');
    const { db } = app.ctx;
    const visits = await db.selectFrom('visit').selectAll().where('shareLinkId', '=', link.id).execute();
    expect(visits).toHaveLength(1);
    const opened = await db
      .selectFrom('visitVersion')
      .selectAll()
      .where('visitId', '=', visits[0]?.id ?? '')
      .execute();
    expect(opened.map(({ assetVersionId }) => assetVersionId)).toEqual([deck.versionId]);
  });

  it('shows what is new to whoever was there before, until they have seen it', async () => {
    const { token, path } = await makeRoom(app, rep);
    const who = await prospect(app);
    const first = await open(who, token);
    app.travel(60_000);
    const added = await app.make.asset({ title: 'Added later' });
    await rep.send('PUT', `${path}/items/${added.id}`, { note: 'New this week.' });
    await expect
      .poll(async () => (await progressOf(who, token, first)).body.fresh, { timeout: 15_000 })
      .toEqual([added.id]);
    expect(await textOf(who, `/s/${token}`)).toMatch(/data-fresh>Added \d+ \w+</);
    app.travel(3 * 60 * 60_000);
    const second = await open(who, token);
    const { body } = await progressOf(who, token, second);
    expect(body.fresh).toEqual([added.id]);
    expect(body.sum).toBe('1 item is new since your last visit.');
    await open(who, `${token}/items/${added.id}`, second);
    expect((await progressOf(who, token, second)).body.fresh).toEqual([]);
    // Somebody who comes for the first time has nothing that is new.
    const other = await prospect(app);
    expect((await progressOf(other, token, await open(other, token))).body.fresh).toEqual([]);
  });

  it('is told to nobody but the visitor of this very share link', async () => {
    const [mine, theirs] = [await makeRoom(app, rep), await makeRoom(app, rep)];
    const who = await prospect(app);
    const visitToken = await open(who, mine.token);
    expect((await progressOf(who, theirs.token, visitToken)).status).toBe(204);
    for (const forged of ['', 'x', `${visitToken}x`, 'a'.repeat(5_000)])
      expect((await progressOf(who, mine.token, forged)).status, forged.slice(0, 20)).toBe(
        forged.length > 4_000 ? 413 : 204,
      );
  });
});
