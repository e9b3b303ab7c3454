import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signVisitToken } from '../../server/src/tracking/token.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { makeDocument } from '../support/document.ts';
import { beat, livelySignals, open, post, prospect } from '../support/prospect.ts';

const minute = 60_000;
const hour = 60 * minute;

let app: TestApp;

beforeAll(async () => {
  app = await startTestApp({ TRUST_PROXY: '1' });
});
afterAll(() => app.close());

async function begun(row: Parameters<TestApp['make']['shareLink']>[0] = {}) {
  const link = await app.make.shareLink({ createdAt: new Date(app.ctx.clock().getTime() - hour), ...row });
  const who = await prospect(app);
  const visitToken = await open(who, link.token);
  app.travel(minute);
  return { link, who, visitToken };
}

const onPage = (activeMs: number) => ({ pages: [{ page: 1, activeMs }] });

async function totalOf(shareLinkId: string): Promise<number> {
  const rows = await app.ctx.db
    .selectFrom('pageView')
    .innerJoin('visit', 'visit.id', 'pageView.visitId')
    .where('visit.shareLinkId', '=', shareLinkId)
    .select('pageView.activeMs')
    .execute();
  return rows.reduce((sum, { activeMs }) => sum + activeMs, 0);
}

async function codeOf(response: Response): Promise<[number, string]> {
  return [response.status, ((await response.json()) as { code: string }).code];
}

describe('a beat', () => {
  it.each<[string, (at: Date) => Parameters<TestApp['make']['shareLink']>[0], [number, string]]>([
    ['was withdrawn', (at) => ({ revokedAt: at }), [410, 'share_link_revoked']],
    ['has expired', (at) => ({ expiresAt: at }), [410, 'share_link_expired']],
    ['was taken back at once', (at) => ({ undoneAt: at }), [404, 'not_found']],
  ])('for a share link that %s is refused from that moment on', async (_name, change, expected) => {
    const { link, who, visitToken } = await begun();
    expect((await beat(who, visitToken, onPage(5_000))).status).toBe(204);
    await app.ctx.db
      .updateTable('shareLink')
      .set(change(app.ctx.clock()) ?? {})
      .where('id', '=', link.id)
      .execute();
    expect(await codeOf(await beat(who, visitToken, onPage(9_000)))).toEqual(expected);
    expect(await totalOf(link.id)).toBe(5_000);
  });

  it('of a visit that never was, of another instance, and of a version that is not shared there counts nothing', async () => {
    const { link, who, visitToken } = await begun();
    const [payload = ''] = visitToken.split('.');
    const [visitId, , startedAt] = JSON.parse(Buffer.from(payload, 'base64url').toString()) as [
      string,
      string,
      number,
    ];
    const grant = { visitId, assetVersionId: link.assetId, startedAt, pageCount: 9 };
    const foreign = signVisitToken(Buffer.alloc(32, 7), grant);
    expect(await codeOf(await beat(who, foreign, onPage(1_000)))).toEqual([400, 'invalid_request']);
    const never = signVisitToken(app.ctx.instanceKey, {
      ...grant,
      visitId: 'vis_0000000000',
      startedAt: startedAt - hour,
    });
    expect(await codeOf(await beat(who, never, onPage(1_000)))).toEqual([404, 'not_found']);
    expect(await totalOf(link.id)).toBe(0);
  });

  it('that is older than a day is refused, whatever the visit', async () => {
    const { who, visitToken } = await begun();
    const old = await beat(who, visitToken, { ...onPage(1_000), ageMs: 25 * hour });
    expect(await codeOf(old)).toEqual([410, 'ticket_expired']);
  });

  it('counts the same whatever the clock of the device says, because it tells an age and not a time', async () => {
    const { link, who, visitToken } = await begun();
    const future = { ...onPage(4_000), at: Date.now() + 24 * hour, sentAt: '2199-01-01T00:00:00Z' };
    expect((await beat(who, visitToken, future)).status).toBe(204);
    expect(await totalOf(link.id)).toBe(4_000);
    const { lastActiveAt } = await app.ctx.db
      .selectFrom('visit')
      .where('shareLinkId', '=', link.id)
      .select('lastActiveAt')
      .executeTakeFirstOrThrow();
    expect(lastActiveAt.getTime()).toBeLessThanOrEqual(app.ctx.clock().getTime());
  });

  it('of a version that has fewer pages than its token says counts only those that there are', async () => {
    const asset = await app.make.asset();
    await makeDocument(app, { assetVersionId: asset.versionId, pageCount: 3 });
    const { link, who, visitToken } = await begun({ assetId: asset.id });
    const [payload = ''] = visitToken.split('.');
    const [visitId, assetVersionId, startedAt] = JSON.parse(Buffer.from(payload, 'base64url').toString());
    const grant = { visitId, assetVersionId, startedAt, pageCount: 10_000 };
    const pages = [3, 4, 9_999].map((page) => ({ page, activeMs: 2_000 }));
    const answer = await beat(who, signVisitToken(app.ctx.instanceKey, grant), { pages });
    expect(answer.status).toBe(204);
    expect(await totalOf(link.id)).toBe(2_000);
  });

  it('of 10 MB is refused before it is read', async () => {
    const { who, visitToken } = await begun();
    const answer = await post(
      who,
      '/t/beats',
      JSON.stringify({ visitToken, junk: 'x'.repeat(10_000_000) }),
    ).catch((error: Error) => error);
    // The connection may be closed while the client still sends.
    if (answer instanceof Response) expect(answer.status).toBe(413);
    const opening = await post(who, '/t/visits', JSON.stringify({ junk: 'x'.repeat(10_000_000) })).catch(
      (error: Error) => error,
    );
    if (opening instanceof Response) expect(opening.status).toBe(413);
    expect((await beat(who, visitToken, onPage(1_000))).status).toBe(204);
  });

  it('has no more tabs than a reader opens', async () => {
    const { who, visitToken } = await begun();
    const statuses = new Set<number>();
    for (let tab = 0; tab < 110; tab++) {
      if (tab % 20 === 0) app.travel(minute);
      statuses.add((await beat(who, visitToken, { tabKey: `tabtab${tab}x` })).status);
    }
    expect([...statuses]).toEqual([204, 400]);
  });
});

/** So many beats at once from one address, without waiting for any answer; answers with which status each was answered. */
async function flood(count: number): Promise<Map<string, number>> {
  const { hostname, port } = new URL(app.url);
  const connections = 10;
  const body = '{"visitToken":"junk"}';
  const message = `POST /t/beats HTTP/1.1\r\nHost: ${hostname}\r\nX-Forwarded-For: 203.0.113.66\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const statuses = new Map<string, number>();
  await Promise.all(
    Array.from({ length: connections }, async () => {
      const socket = connect(Number(port), hostname);
      socket.write(message.repeat(count / connections));
      let answered = 0;
      for await (const line of createInterface({ input: socket })) {
        const status = /^HTTP\/1\.1 (\d+)/.exec(line)?.[1];
        if (status === undefined) continue;
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
        answered += 1;
        if (answered === count / connections) break;
      }
      socket.destroy();
    }),
  );
  return statuses;
}

it('ten thousand beats at once from one address are refused, and nobody else notices', async () => {
  const { link, who, visitToken } = await begun();
  const startedAt = performance.now();
  const flooding = flood(10_000);
  expect((await beat(who, visitToken, onPage(1_000))).status).toBe(204);
  const statuses = await flooding;
  const seconds = (performance.now() - startedAt) / 1_000;
  expect((await beat(who, visitToken, onPage(2_000))).status).toBe(204);
  expect(await totalOf(link.id)).toBe(2_000);
  // A thousand at once, and a hundred a second, however slow the machine is that asks.
  expect(statuses.get('400')).toBeLessThanOrEqual(1_000 + seconds * 100 + 1);
  expect((statuses.get('400') ?? 0) + (statuses.get('429') ?? 0)).toBe(10_000);
});

describe('what was watched', () => {
  async function watchedOf(shareLinkId: string): Promise<[number, number][]> {
    const admin = await app.client('admin');
    const { body } = await admin.get(`/share-links/${shareLinkId}/visits`);
    return body.items[0].opened[0].watched;
  }

  it('adds up, whatever the order, the overlaps and the repetitions', async () => {
    const { link, who, visitToken } = await begun();
    for (const watched of [
      [[30, 40]],
      [
        [0, 10],
        [8, 20],
      ],
      [[30, 40]],
      [[19, 22]],
    ] as [number, number][][])
      expect((await beat(who, visitToken, { ...onPage(1_000), watched })).status).toBe(204);
    expect(await watchedOf(link.id)).toEqual([
      [0, 22],
      [30, 40],
    ]);
  });

  it.each<[string, [number, number][], number]>([
    ['turned around', [[9, 3]], 204],
    ['longer than could be played', [[0, 80_000]], 204],
    ['negative', [[-5, 3]], 400],
    ['beyond a day', [[0, 1e9]], 400],
    ['in fractions', [[0.5, 3]], 400],
    [
      'in too many stretches',
      Array.from({ length: 51 }, (_, index): [number, number] => [index * 3, index * 3 + 1]),
      400,
    ],
  ])('counts nothing when it is %s', async (_name, watched, status) => {
    const { link, who, visitToken } = await begun();
    expect((await beat(who, visitToken, { watched })).status).toBe(status);
    expect(await watchedOf(link.id)).toEqual([]);
  });
});

it('what pages say of their surroundings is joined, and a reload takes nothing away', async () => {
  const { link, who, visitToken } = await begun();
  await beat(who, visitToken, { signals: { ...livelySignals, hasTouchedTrap: true, inputKinds: 3 } });
  await beat(who, visitToken, { signals: { ...livelySignals, msToFirstInput: 400, inputKinds: 1 } });
  await beat(who, visitToken, { signals: { isActivated: false, msToFirstInput: null } });
  const { browserFacts } = await app.ctx.db
    .selectFrom('visit')
    .where('shareLinkId', '=', link.id)
    .select('browserFacts')
    .executeTakeFirstOrThrow();
  expect(browserFacts).toEqual({
    ...livelySignals,
    hasTouchedTrap: true,
    inputKinds: 3,
    msToFirstInput: 400,
  });
});
