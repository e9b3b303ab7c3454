import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trackingJobs } from '../../server/src/tracking/jobs.ts';
import { type Guest, signPageToken } from '../../server/src/tracking/token.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { open, type Prospect, post, prospect } from '../support/prospect.ts';

const day = 24 * 60 * 60_000;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

async function setPrivacyMode(privacyMode: 'standard' | 'strict'): Promise<void> {
  await (await app.client('admin')).send('PATCH', '/settings', { privacyMode });
}

type Link = Awaited<ReturnType<TestApp['make']['shareLink']>>;

/** Begins a visit as the page does that was shown to this guest. */
async function openAs(who: Prospect, link: Link, guest: Guest | null, visitToken: string | null = null) {
  const { currentVersionId } = await app.ctx.db
    .selectFrom('asset')
    .select('currentVersionId')
    .where('id', '=', link.assetId)
    .executeTakeFirstOrThrow();
  const pageToken = signPageToken(app.ctx.instanceKey, {
    shareLinkId: link.id,
    assetVersionId: currentVersionId,
    issuedAt: app.ctx.clock().getTime(),
    guest,
  });
  const response = await post(who, '/t/visits', { pageToken, visitToken, tabKey: 'tabtab01' });
  const body = response.status === 201 ? ((await response.json()) as { visitToken: string }) : undefined;
  return { response, visitToken: body?.visitToken ?? null };
}

function visitorsOf({ id }: { id: string }) {
  return app.ctx.db
    .selectFrom('visit')
    .innerJoin('visitor', 'visitor.id', 'visit.visitorId')
    .where('visit.shareLinkId', '=', id)
    .orderBy('visit.startedAt')
    .orderBy('visit.id')
    .select(['visit.id as visitId', 'visitor.id', 'visitor.keyKind', 'visitor.email', 'visitor.name'])
    .execute();
}

const typed = (email: string, name: string | null = null): Guest => ({ email, name, isVerified: false });

describe('a visitor', () => {
  it('is known by the address they typed, also on another device, however they write it', async () => {
    const link = await app.make.shareLink();
    await openAs(await prospect(app), link, typed(' Ada@Müller.Example', 'Ada'));
    await openAs(await prospect(app), link, typed('ada@müller.example'));
    const [one, ...others] = await visitorsOf(link);
    expect(one).toMatchObject({ keyKind: 'email', email: 'ada@müller.example', name: 'Ada' });
    expect(others).toEqual([]);
  });

  it('who proved an address by a code is somebody else than who only typed it', async () => {
    const link = await app.make.shareLink();
    await openAs(await prospect(app), link, typed('ada@customer.example'));
    await openAs(await prospect(app), link, {
      email: 'ada@customer.example',
      name: null,
      isVerified: true,
    });
    expect((await visitorsOf(link)).map(({ keyKind }) => keyKind)).toEqual(['email', 'code']);
  });

  it('who says later who they are takes their visit along', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const first = await openAs(who, link, null);
    const second = await openAs(who, link, typed('late@customer.example'), first.visitToken);
    const third = await openAs(
      who,
      link,
      { email: 'late@customer.example', name: null, isVerified: true },
      second.visitToken,
    );
    expect(third.visitToken).toBe(first.visitToken);
    expect(await visitorsOf(link)).toMatchObject([{ keyKind: 'code', email: 'late@customer.example' }]);
  });

  it('with another address in the same tab is another person', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const first = await openAs(who, link, typed('one@customer.example'));
    const second = await openAs(who, link, typed('two@customer.example'), first.visitToken);
    expect(second.visitToken).not.toBe(first.visitToken);
    expect(await visitorsOf(link)).toHaveLength(2);
  });

  it('keeps a name that was given without an address', async () => {
    const link = await app.make.shareLink();
    await openAs(await prospect(app), link, { email: null, name: 'Grace', isVerified: false });
    expect(await visitorsOf(link)).toMatchObject([{ keyKind: 'visit', name: 'Grace', email: null }]);
  });

  it('who asks not to be tracked gets no cookie, and is known until midnight', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app, { dnt: '1' });
    const { response } = await openAs(who, link, null);
    expect(response.headers.getSetCookie()).toEqual([]);
    await openAs(who, link, null);
    expect(await visitorsOf(link)).toMatchObject([{ keyKind: 'daily' }]);
    app.travel(day);
    await openAs(who, link, null);
    expect(new Set((await visitorsOf(link)).map(({ id }) => id)).size).toBe(2);
    const other = await app.make.shareLink();
    await openAs(who, other, null);
    expect((await visitorsOf(other))[0]?.id).not.toBe((await visitorsOf(link))[1]?.id);
  });

  it('with Global Privacy Control has no visit, even when a page token got through', async () => {
    const link = await app.make.shareLink();
    const { response } = await openAs(await prospect(app, { 'sec-gpc': '1' }), link, null);
    expect(response.status).toBe(204);
    expect(await visitorsOf(link)).toEqual([]);
  });

  it('gets no cookie at all where the instance is strict, and Do Not Track means no visit', async () => {
    await setPrivacyMode('strict');
    const link = await app.make.shareLink();
    const quiet = await prospect(app, { dnt: '1' });
    await expect.poll(async () => (await openAs(quiet, link, null)).response.status).toBe(204);
    const before = (await visitorsOf(link)).length;
    const { response } = await openAs(await prospect(app), link, null);
    expect([response.status, response.headers.getSetCookie()]).toEqual([201, []]);
    expect((await visitorsOf(link)).slice(before)).toMatchObject([{ keyKind: 'daily' }]);
    await setPrivacyMode('standard');
    await expect.poll(async () => (await openAs(quiet, link, null)).response.status).toBe(201);
  });

  it('is forgotten with the salt of the day, after two days', async () => {
    await openAs(await prospect(app, { dnt: '1' }), await app.make.shareLink(), null);
    const saltDays = async () => (await app.ctx.db.selectFrom('visitorSalt').select('day').execute()).length;
    expect(await saltDays()).toBeGreaterThan(0);
    app.travel(2 * day);
    await openAs(await prospect(app, { dnt: '1' }), await app.make.shareLink(), null);
    await trackingJobs['sweep-tracking'](app.ctx);
    expect(await saltDays()).toBe(1);
  });
});

describe('a share link for few', () => {
  it('admits no further visitor, also when they come at the same moment, and those again who were there', async () => {
    const createdAt = new Date(app.ctx.clock().getTime() - day);
    const link = await app.make.shareLink({ maxVisitors: 2, createdAt });
    const guests = await Promise.all(Array.from({ length: 6 }, () => prospect(app)));
    const opened = await Promise.all(
      guests.map((who, index) => openAs(who, link, typed(`guest${index}@customer.example`))),
    );
    const statuses = opened.map(({ response }) => response.status);
    expect(statuses.filter((status) => status === 201)).toHaveLength(2);
    expect(statuses.filter((status) => status === 403)).toHaveLength(4);
    const refusals = opened.flatMap(({ response }) => (response.status === 403 ? [response.text()] : []));
    expect(await refusals[0]).toContain('made for 2 people');
    const back = statuses.indexOf(201);
    app.travel(2 * 60 * 60_000);
    const again = await openAs(guests[back] as Prospect, link, typed(`guest${back}@customer.example`));
    expect(again.response.status).toBe(201);
  });

  it('has room for a person after a program has been there, and for our own people', async () => {
    const createdAt = new Date(app.ctx.clock().getTime() - day);
    const link = await app.make.shareLink({ maxVisitors: 1, createdAt });
    await open(await prospect(app, { 'user-agent': 'curl/8.9.1' }), link.token);
    await open({ ...(await prospect(app)), client: await app.client('rep') }, link.token);
    const { response } = await openAs(await prospect(app), link, typed('first@customer.example'));
    expect(response.status).toBe(201);
    const further = await openAs(await prospect(app), link, typed('second@customer.example'));
    expect(further.response.status).toBe(403);
  });
});

describe('the visits of a share link', () => {
  it('say by which key each visitor is known, how many there are of each, and whether it was passed on', async () => {
    const sender = await app.client('rep');
    const recipient = await app.make.recipient({ email: 'petra@customer.example' });
    const link = await app.make.shareLink({
      createdByUserId: sender.userId ?? '',
      recipientId: recipient.id,
    });
    await openAs(await prospect(app), link, typed('petra@customer.example', 'Petra'));
    await openAs(await prospect(app), link, typed('boss@customer.example', 'Boss'));
    await app.ctx.db
      .updateTable('judgement')
      .set({ class: 'human-likely' })
      .where(
        'visitId',
        'in',
        (await visitorsOf(link)).map(({ visitId }) => visitId),
      )
      .execute();
    const { body } = await sender.get(`/share-links/${link.id}/visits`);
    expect(body.items.map(({ visitor }: { visitor: object }) => visitor)).toMatchObject([
      { keyKind: 'email', name: 'Boss', email: 'boss@customer.example' },
      { keyKind: 'email', name: 'Petra', email: 'petra@customer.example' },
    ]);
    expect(body.visitorCounts).toEqual({ code: 0, email: 2, cookie: 0, daily: 0, visit: 0 });
    expect(body.forwarding).toMatchObject({ likelihood: 'high' });
    expect(body.items[0].opened).toMatchObject([{ assetId: link.assetId, versionNumber: 1, watched: [] }]);
  });
});
