import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashToken } from '../../server/src/http/ids.ts';
import { hashSecret } from '../../server/src/http/secrets.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { get, open, pageTokenOf, post, prospect, sendForm } from '../support/prospect.ts';
import { makeRoom } from '../support/room.ts';
import { startSecondApp } from '../support/second-app.ts';

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

const day = 24 * 60 * 60_000;
const yesterday = () => new Date(app.ctx.clock().getTime() - day);

async function childPath(who: Awaited<ReturnType<typeof prospect>>, token: string): Promise<string> {
  const made = await sendForm(who, `/s/${token}/forward`, { name: 'Cleo Colleague' });
  const url = /value="([^"]+\/s\/[\w-]+)"/.exec(await made.text())?.[1];
  return url === undefined ? `refused with ${made.status}` : new URL(url).pathname;
}

describe('a share link for few', () => {
  it('goes on opening for the reader who filled it, whose browser nobody asked for a name', async () => {
    const link = await app.make.shareLink({ maxVisitors: 1, createdAt: yesterday() });
    const [first, second] = [await prospect(app), await prospect(app)];
    const pageToken = pageTokenOf(await (await get(first, `/s/${link.token}`)).text());
    const opened = await post(first, '/t/visits', { pageToken, tabKey: 'tabtab01' });
    const sentToPages = opened.headers.getSetCookie().filter((cookie) => cookie.includes('Path=/s;'));
    const cookie = sentToPages.map((each) => each.split(';')[0]).join('; ');
    expect((await get(first, `/s/${link.token}`, { cookie })).status).toBe(200);
    expect((await get(first, `/s/${link.token}/content`, { cookie })).status).toBe(200);
    expect((await get(second, `/s/${link.token}`)).status).toBe(403);
  });
});

describe('what was passed on', () => {
  it('ends with what it came from when that is made undone, however often it was passed on', async () => {
    const rep = await app.client('rep');
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '' });
    const who = await prospect(app);
    const child = await childPath(who, link.token);
    const grandchild = await childPath(who, child.slice(3));
    expect((await get(who, grandchild)).status).toBe(200);
    await rep.send('POST', '/share-links/undo', { shareLinkIds: [link.id] });
    await expect.poll(async () => (await get(who, grandchild)).status, { timeout: 15_000 }).toBe(404);
  });

  it('is revoked with what it came from, also when both happen at the same moment', async () => {
    const rep = await app.client('rep');
    const { db } = app.ctx;
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '' });
    const child = await app.make.shareLink({ parentShareLinkId: null });
    const forwarding = await db.startTransaction().execute();
    const pending = forwarding.selectFrom('shareLink').select('id').where('id', '=', link.id).forUpdate();
    await pending.execute();
    await forwarding
      .updateTable('shareLink')
      .set({ parentShareLinkId: link.id })
      .where('id', '=', child.id)
      .execute();
    const revoking = rep.send('POST', `/share-links/${link.id}/revoke`);
    await expect
      .poll(
        () =>
          db
            .selectFrom('pg_locks' as never)
            .select('pid' as never)
            .where('granted' as never, '=', false as never)
            .execute(),
        { timeout: 15_000 },
      )
      .not.toEqual([]);
    await forwarding.commit().execute();
    expect((await revoking).status).toBe(200);
    expect((await get(await prospect(app), `/s/${child.token}`)).status).toBe(410);
  });

  it('is limited for one address, whichever of the new links it passes on', async () => {
    const { token } = await app.make.shareLink();
    const who = await prospect(app);
    const paths = [`/s/${token}`];
    let refused: string | undefined;
    for (let count = 0; count < 40 && refused === undefined; count += 1) {
      const path = await childPath(who, (paths[Math.floor(count / 5)] ?? '').slice(3));
      if (path.startsWith('/s/')) paths.push(path);
      else refused = path;
    }
    expect(refused).toBe('refused with 429');
  });
});

describe('a passcode', () => {
  it('is guessed by nobody from many addresses at once, also not at two processes', async () => {
    const link = await app.make.shareLink({ passcodeHash: await hashSecret('open sesame') });
    const second = await startSecondApp(app);
    const guess = async (passcode: string, index: number) => {
      const { headers } = await prospect(app);
      const { url } = index % 2 === 0 ? app : second;
      const { status } = await fetch(`${url}/s/${link.token}/passcode`, {
        method: 'POST',
        headers: { ...headers, origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ passcode }).toString(),
        redirect: 'manual',
      });
      return status;
    };
    const answers = await Promise.all(Array.from({ length: 130 }, (_, index) => guess(`no ${index}`, index)));
    expect(answers.filter((status) => status === 401)).toHaveLength(100);
    expect(answers.filter((status) => status === 429)).toHaveLength(30);
    expect(await guess('open sesame', 0)).toBe(429);
    await second.close();
  });
});

describe('a passcode that was changed', () => {
  it('is asked of those again who knew the one before', async () => {
    const rep = await app.client('rep');
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '' });
    await rep.send('PATCH', `/share-links/${link.id}`, { passcode: 'first-one' });
    const who = await prospect(app);
    const path = `/s/${link.token}`;
    await sendForm(who, `${path}/passcode`, { passcode: 'first-one' });
    expect((await get(who, path)).status).toBe(200);
    await rep.send('PATCH', `/share-links/${link.id}`, { passcode: 'second-one' });
    expect((await get(who, path)).status).toBe(401);
    await sendForm(who, `${path}/passcode`, { passcode: 'second-one' });
    expect((await get(who, path)).status).toBe(200);
  });
});

describe('a gate that asks for an address', () => {
  it('takes only so many from one browser, right or wrong', async () => {
    const link = await app.make.shareLink({ gate: 'required', hasWatermark: true });
    const who = await prospect(app);
    const typed = Array.from({ length: 70 }, (_, index) =>
      sendForm(who, `/s/${link.token}/email`, { email: `guest${index}@customer.example` }),
    );
    const statuses = (await Promise.all(typed)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 303)).toHaveLength(60);
    expect(statuses.filter((status) => status === 429)).toHaveLength(10);
  });
});

describe('the limits of share pages', () => {
  it('keep nothing that an address could be found by', async () => {
    const link = await app.make.shareLink({ gate: 'required' });
    const who = await prospect(app);
    await sendForm(who, `/s/${link.token}/email`, { email: 'ida@customer.example' });
    const attempts = await app.ctx.db.selectFrom('attempt').select('key').execute();
    expect(attempts).not.toEqual([]);
    expect(attempts.map(({ key }) => key)).not.toContain(hashToken(`guest-email:${who.address}`));
  });
});

describe('an address that was only typed', () => {
  it('names nobody anew who typed it on another share link before', async () => {
    const links = [await app.make.shareLink({ gate: 'ask' }), await app.make.shareLink({ gate: 'ask' })];
    for (const [index, name] of ['Vera Victim', 'Somebody Rude'].entries()) {
      const who = await prospect(app);
      const token = links[index]?.token ?? '';
      await sendForm(who, `/s/${token}/guest`, { name, email: 'vera@customer.example' });
      await open(who, token);
    }
    const visitors = await app.ctx.db
      .selectFrom('visitor')
      .select('name')
      .where('email', '=', 'vera@customer.example')
      .execute();
    expect(visitors).toEqual([{ name: 'Vera Victim' }]);
  });
});

describe('a guest who was erased', () => {
  it('is not named again by what their browser kept, until they say it anew', async () => {
    const admin = await app.client('admin');
    const { token, link } = await makeRoom(app, admin, { gate: 'ask' });
    const path = `/s/${token}`;
    const who = await prospect(app);
    const email = 'gone@customer.example';
    await sendForm(who, `${path}/guest`, { name: 'Gwen Gone', email });
    await sendForm(who, `${path}/questions`, { question: 'What does it cost?' });
    expect((await admin.send('POST', '/privacy/erasures', { email })).status).toBe(201);
    app.travel(1_000);
    expect(await (await get(who, path)).text()).not.toContain(email);
    await sendForm(who, `${path}/questions`, { question: 'And what not?' });
    const asked = await app.ctx.db
      .selectFrom('roomQuestion')
      .select(['text', 'askedByEmail', 'askedByName'])
      .where('shareLinkId', '=', link.id)
      .execute();
    expect(asked).toEqual([{ text: 'And what not?', askedByEmail: null, askedByName: '' }]);
    await sendForm(who, `${path}/guest`, { name: 'Gwen Gone', email });
    expect(await (await get(who, path)).text()).toContain(email);
  });
});

describe('a share link that was revoked', () => {
  it('notes no download any more', async () => {
    const rep = await app.client('rep');
    const link = await app.make.shareLink({ createdByUserId: rep.userId ?? '' });
    const who = await prospect(app);
    const visitToken = await open(who, link.token);
    await rep.send('POST', `/share-links/${link.id}/revoke`);
    expect((await post(who, '/t/downloads', { visitToken })).status).toBe(404);
  });
});
