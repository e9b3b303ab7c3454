import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trackingJobs } from '../../server/src/tracking/jobs.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import {
  beat,
  get,
  hitsOf,
  livelySignals,
  open,
  pageTokenOf,
  post,
  prospect,
  safari,
} from '../support/prospect.ts';

const minute = 60_000;
const hour = 60 * minute;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

async function rowsOf(shareLinkId: string) {
  const { db } = app.ctx;
  const visits = await db
    .selectFrom('visit')
    .selectAll()
    .where('shareLinkId', '=', shareLinkId)
    .orderBy('startedAt')
    .execute();
  const pages = await db
    .selectFrom('pageView')
    .innerJoin('visit', 'visit.id', 'pageView.visitId')
    .selectAll('pageView')
    .where('visit.shareLinkId', '=', shareLinkId)
    .orderBy('pageView.tabKey')
    .execute();
  const opened = await db
    .selectFrom('visitVersion')
    .innerJoin('visit', 'visit.id', 'visitVersion.visitId')
    .selectAll('visitVersion')
    .where('visit.shareLinkId', '=', shareLinkId)
    .execute();
  return { visits, pages, opened };
}

function judgementsOf(visitId: string) {
  return app.ctx.db
    .selectFrom('judgement')
    .selectAll()
    .where('visitId', '=', visitId)
    .orderBy('id')
    .execute();
}

describe('a visit', () => {
  it('begins with a post from the page, and a reload goes on with it', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const first = await open(who, link.token);
    expect(await open(who, link.token, first)).toBe(first);
    const { visits } = await rowsOf(link.id);
    expect(visits).toMatchObject([
      { userAgent: safari, network: who.address.replace(/\.7$/, '.0/24'), isInternal: false },
    ]);
    expect(await judgementsOf(visits[0]?.id ?? '')).toHaveLength(1);
  });

  it('is one visit for two tabs of a browser, and another after 30 minutes without activity', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const first = await open(who, link.token);
    expect(await open(who, link.token)).toBe(first);
    app.travel(31 * minute);
    expect(await open(who, link.token, first)).not.toBe(first);
    const { visits } = await rowsOf(link.id);
    expect(visits).toHaveLength(2);
    const [visitor, ...others] = new Set(visits.map(({ visitorId }) => visitorId));
    expect(others).toEqual([]);
    const row = await app.ctx.db
      .selectFrom('visitor')
      .selectAll()
      .where('id', '=', visitor ?? '')
      .executeTakeFirst();
    expect(row?.keyKind).toBe('cookie');
  });

  it('is begun by nobody who was not shown the page', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const pageToken = pageTokenOf(await (await get(who, `/s/${link.token}`)).text()) ?? '';
    const begin = (token: string) =>
      post(who, '/t/visits', { pageToken: token, visitToken: null, tabKey: 'tabtab01' });
    const visitToken = await open(who, link.token);
    const [payload = '', mac = ''] = pageToken.split('.');
    expect((await begin(visitToken)).status).toBe(400);
    expect((await begin(`${payload}x.${mac}`)).status).toBe(400);
    expect((await begin('x'.repeat(601))).status).toBe(400);
    await app.ctx.db
      .updateTable('shareLink')
      .set({ revokedAt: new Date() })
      .where('id', '=', link.id)
      .execute();
    expect((await begin(pageToken)).status).toBe(410);
    app.travel(25 * hour);
    expect((await begin(pageToken)).status).toBe(410);
    expect((await rowsOf(link.id)).visits).toHaveLength(1);
  });

  it('of a signed-in user is internal', async () => {
    const link = await app.make.shareLink();
    const who = { ...(await prospect(app)), client: await app.client('rep') };
    await open(who, link.token);
    const [visit] = (await rowsOf(link.id)).visits;
    expect(visit?.isInternal).toBe(true);
    expect(await judgementsOf(visit?.id ?? '')).toMatchObject([{ class: 'internal', probability: 0 }]);
  });

  it('of a declared bot is labelled, not dropped', async () => {
    const link = await app.make.shareLink();
    await open(
      await prospect(app, {
        'user-agent': 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
      }),
      link.token,
    );
    const [visit] = (await rowsOf(link.id)).visits;
    expect(await judgementsOf(visit?.id ?? '')).toMatchObject([{ class: 'bot' }]);
  });

  it('can not be begun without end from one address', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const pageToken = pageTokenOf(await (await get(who, `/s/${link.token}`)).text());
    const answers = await Promise.all(
      Array.from({ length: 40 }, () =>
        post(who, '/t/visits', { pageToken, visitToken: null, tabKey: 'tabtab01' }),
      ),
    );
    expect(answers.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(8);
  });

  it('keeps the first download', async () => {
    const link = await app.make.shareLink();
    const who = await prospect(app);
    const visitToken = await open(who, link.token);
    expect((await post(who, '/t/downloads', { visitToken })).status).toBe(204);
    expect((await post(who, '/t/downloads', { visitToken: 'forged' })).status).toBe(400);
    expect((await rowsOf(link.id)).opened[0]?.downloadedAt).toBeInstanceOf(Date);
  });

  it('has no download where the share link allows none, however often it says so', async () => {
    const link = await app.make.shareLink({ allowsDownload: false });
    const who = await prospect(app);
    const visitToken = await open(who, link.token);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => post(who, '/t/downloads', { visitToken })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404, 429]));
    expect((await rowsOf(link.id)).opened[0]?.downloadedAt).toBeNull();
  });
});

describe('beats', () => {
  async function begun(seconds = 60) {
    const createdAt = new Date(app.ctx.clock().getTime() - hour);
    const link = await app.make.shareLink({ createdAt });
    const who = await prospect(app);
    const visitToken = await open(who, link.token);
    app.travel(seconds * 1000);
    return { link, who, visitToken };
  }

  it('keep the greatest total, whatever the order and however often', async () => {
    const { link, who, visitToken } = await begun();
    for (const activeMs of [15_000, 5_000, 30_000, 30_000, 1])
      expect((await beat(who, visitToken, { pages: [{ page: 1, activeMs }] })).status).toBe(204);
    await beat(who, visitToken, { tabKey: 'tabtab02', pages: [{ page: 1, activeMs: 4_000 }] });
    const { pages } = await rowsOf(link.id);
    expect(pages.map(({ tabKey, activeMs }) => [tabKey, activeMs])).toEqual([
      ['tabtab01', 30_000],
      ['tabtab02', 4_000],
    ]);
  });

  it('can be sent at once without losing any', async () => {
    const { link, who, visitToken } = await begun();
    const totals = Array.from({ length: 20 }, (_, index) => 1_000 * (index + 1));
    const answers = await Promise.all(
      totals.map((activeMs) =>
        beat(who, visitToken, { tabKey: `tabtab${activeMs % 3}x`, pages: [{ page: 1, activeMs }] }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
    expect((await rowsOf(link.id)).pages.map(({ activeMs }) => activeMs).toSorted((a, b) => b - a)).toEqual([
      20_000, 19_000, 18_000,
    ]);
  });

  it('can not claim more time than has passed, nor pages that are not there', async () => {
    const { link, who, visitToken } = await begun(10);
    expect((await beat(who, visitToken, { pages: [{ page: 1, activeMs: 3_600_000 }] })).status).toBe(204);
    const [page] = (await rowsOf(link.id)).pages;
    expect(page?.activeMs).toBeGreaterThanOrEqual(15_000);
    expect(page?.activeMs).toBeLessThan(17_000);
    expect((await beat(who, visitToken, { pages: [{ page: 2, activeMs: 1_000 }] })).status).toBe(400);
    expect((await rowsOf(link.id)).pages).toHaveLength(1);
  });

  it.each([
    ['negative time', { pages: [{ page: 1, activeMs: -1 }] }],
    ['a time beyond a day', { pages: [{ page: 1, activeMs: 1e12 }] }],
    ['page zero', { pages: [{ page: 0, activeMs: 1 }] }],
    ['a fraction', { pages: [{ page: 1, activeMs: 1.5 }] }],
    ['a foreign tab key', { tabKey: "'; drop" }],
    ['an age that is not', { ageMs: -5 }],
  ])('with %s are refused', async (_name, input) => {
    const { link, who, visitToken } = await begun();
    const response = await beat(who, visitToken, input);
    expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([
      400,
      'invalid_request',
    ]);
    expect((await rowsOf(link.id)).pages).toEqual([]);
  });

  it('with a forged or foreign token, no JSON or too much of it are refused', async () => {
    const { who, visitToken } = await begun();
    expect((await beat(who, `${visitToken}x`)).status).toBe(400);
    expect((await post(who, '/t/beats', 'no json')).status).toBe(400);
    expect(
      (await post(who, '/t/beats', JSON.stringify({ visitToken, junk: 'x'.repeat(20_000) }))).status,
    ).toBe(413);
  });

  it('are refused a day after the visit began', async () => {
    const { who, visitToken } = await begun();
    app.travel(25 * hour);
    expect((await beat(who, visitToken)).status).toBe(410);
  });

  it('are limited per visit', async () => {
    const { who, visitToken } = await begun();
    const answers = await Promise.all(Array.from({ length: 45 }, () => beat(who, visitToken)));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(10);
    expect(refused[0]?.headers.get('retry-after')).toBe('5');
  });

  it('after 30 minutes without activity begin a new visit, and late ones do not', async () => {
    const { link, who, visitToken } = await begun(20);
    app.travel(40 * minute);
    const late = await beat(who, visitToken, { pages: [{ page: 1, activeMs: 18_000 }], ageMs: 40 * minute });
    expect(late.status).toBe(204);
    const back = await beat(who, visitToken, { pages: [{ page: 1, activeMs: 20_000 }] });
    expect(back.status).toBe(200);
    const { visitToken: next } = (await back.json()) as { visitToken: string };
    expect((await beat(who, next, { pages: [{ page: 1, activeMs: 3_000 }] })).status).toBe(204);
    const { visits, pages } = await rowsOf(link.id);
    expect(visits).toHaveLength(2);
    expect(visits[0]?.visitorId).toBe(visits[1]?.visitorId);
    expect(pages.map(({ activeMs }) => activeMs).toSorted((a, b) => a - b)).toEqual([3_000, 18_000]);
  });

  it('turn a visit into one of a likely human, with reasons', async () => {
    const { link, who, visitToken } = await begun();
    const signals = livelySignals;
    await beat(who, visitToken, {
      pages: [{ page: 1, activeMs: 8_000 }],
      hasTrustedInput: true,
      signals,
    });
    const [visit] = (await rowsOf(link.id)).visits;
    expect(visit?.browserFacts).toEqual(signals);
    const judged = async () => (await judgementsOf(visit?.id ?? '')).at(-1);
    await expect.poll(async () => (await judged())?.class).toBe('human-likely');
    expect((await judged())?.probability).toBeGreaterThan(0.8);
    expect((await judged())?.reasons).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ rule: 'trusted-input' }),
        expect.objectContaining({ rule: 'reading-time' }),
      ]),
    );
  });

  it('on pages that came late turn it into one of a likely human, however long was waited for them', async () => {
    const { link, who, visitToken } = await begun();
    const [visit] = (await rowsOf(link.id)).visits;
    const judged = async () => (await judgementsOf(visit?.id ?? '')).at(-1)?.class;
    await beat(who, visitToken);
    await beat(who, visitToken, { pages: [{ page: 1, activeMs: 2_000 }], hasTrustedInput: true });
    expect(await judged()).toBe('unsure');
    await beat(who, visitToken, { pages: [{ page: 1, activeMs: 8_000 }], hasTrustedInput: true });
    await expect.poll(judged).toBe('human-likely');
  });

  it('of two tabs that were read for 3 s each are judged as 6 s', async () => {
    const { link, who, visitToken } = await begun();
    const [visit] = (await rowsOf(link.id)).visits;
    const pages = [{ page: 1, activeMs: 3_000 }];
    await beat(who, visitToken, { pages, hasTrustedInput: true, signals: livelySignals });
    await beat(who, visitToken, { pages, hasTrustedInput: true, tabKey: 'tabtab02' });
    await expect
      .poll(async () => (await judgementsOf(visit?.id ?? '')).at(-1)?.reasons)
      .toEqual(expect.arrayContaining([expect.objectContaining({ rule: 'reading-time' })]));
  });
});

describe('the sweep', () => {
  it('forgets hits after 90 days and judges what was left', async () => {
    const link = await app.make.shareLink();
    await app.ctx.db
      .insertInto('linkHit')
      .values([
        {
          id: 'hit_0000000001',
          shareLinkId: link.id,
          method: 'GET',
          status: 200,
          occurredAt: new Date(app.ctx.clock().getTime() - 91 * 24 * hour),
        },
        {
          id: 'hit_0000000002',
          shareLinkId: link.id,
          method: 'HEAD',
          status: 200,
          occurredAt: app.ctx.clock(),
        },
      ])
      .execute();
    const visit = await app.make.visit({
      shareLinkId: link.id,
      class: 'unsure',
      probability: 0.4,
      pages: [9_000],
    });
    await app.ctx.db
      .updateTable('visit')
      .set({
        hasTrustedInput: true,
        userAgent: safari,
        lastActiveAt: new Date(app.ctx.clock().getTime() + 9_000),
      })
      .where('id', '=', visit.id)
      .execute();
    app.travel(10_000);
    await trackingJobs['sweep-tracking'](app.ctx);
    expect((await hitsOf(app, link.id)).map(({ method }) => method)).toEqual(['HEAD']);
    expect((await judgementsOf(visit.id)).map((row) => row.class)).toEqual(['unsure', 'human-likely']);
  });
});

it('no token and no full address is ever logged', async () => {
  const link = await app.make.shareLink();
  const who = await prospect(app);
  await open(who, link.token);
  expect(app.logLines.length).toBeGreaterThan(0);
  expect(app.logLines.join('\n')).not.toContain(link.token);
  expect(app.logLines.join('\n')).not.toContain(who.address);
});
