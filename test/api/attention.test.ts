import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const dayMs = 86_400_000;

let app: TestApp;
let marketing: TestClient;
let rita: TestClient;

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rita = await app.clientOf(await app.make.user({ name: 'Rita' }));
});
afterAll(() => app.close());

async function read(assetId: string, what: 'attention' | 'use' = 'attention', query = '') {
  await countNow(app.ctx);
  const { status, body } = await marketing.get(`/assets/${assetId}/${what}${query}`);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

/** An asset with so many words on page 1, 2, … */
async function makeAsset(words: number[], title = 'Security overview') {
  const asset = await app.make.asset({ title });
  await app.make.rendition({ assetVersionId: asset.versionId, pages: words });
  return asset;
}

async function link(assetId: string, row: Parameters<typeof app.make.shareLink>[0] = {}) {
  return app.make.shareLink({
    assetId,
    createdByUserId: rita.userId ?? '',
    createdAt: app.ago(40 * dayMs),
    ...row,
  });
}

it('says of an asset that nobody has opened that there is nothing yet', async () => {
  const asset = await makeAsset([100, 0]);
  const body = await read(asset.id);
  expect(body).toMatchObject({ kind: 'pages', readCount: 0, pagedCount: 0, playing: null });
  expect(body.opens).toEqual({ value: 0, low: 0, high: 0, hiddenCount: 0 });
  expect(body.pages).toHaveLength(2);
  expect(body.pages[1]).toMatchObject({ wordCount: 0, expectedMs: 6_000, seenCount: 0, activeMs: null });
  expect(body.weeks.every(({ openCount }: { openCount: number }) => openCount === 0)).toBe(true);
  expect(body.versions).toEqual([
    expect.objectContaining({ visitCount: 0, activeMs: null, completion: null }),
  ]);
  const use = await read(asset.id, 'use');
  expect(use).toMatchObject({ collections: [], shares: { directCount: 0, roomCount: 0, readCount: 0 } });
  expect(use.outcomes.map(({ dealCount }: { dealCount: number }) => dealCount)).toEqual([0, 0, 0]);
});

it('tells of one visit which pages were skipped, skimmed, read and studied', async () => {
  // 238 words take a minute: 9 seconds are 15% of it. A page without text takes 6 seconds.
  const asset = await makeAsset([238, 238, 238, 0, 238]);
  const { id } = await link(asset.id);
  await app.make.visit({ shareLinkId: id, pages: [60_000, 0, 8_900, 4_000] });
  const { pages, pagedCount, versions, readCount } = await read(asset.id);
  const kinds = ['skippedCount', 'skimmedCount', 'readCount', 'studiedCount'];
  expect(pages.map((page: Record<string, number>) => kinds.filter((kind) => page[kind] === 1))).toEqual([
    ['studiedCount'],
    ['skippedCount'],
    ['skimmedCount'],
    ['readCount'],
    [],
  ]);
  expect(pages[2].activeMs).toEqual({ median: 8_900, low: 8_900, high: 8_900 });
  expect(pages.map(({ reachedCount }: { reachedCount: number }) => reachedCount)).toEqual([1, 1, 1, 1, 0]);
  expect({ pagedCount, readCount }).toEqual({ pagedCount: 1, readCount: 1 });
  // One visit says nothing yet of a version.
  expect(versions[0]).toMatchObject({ visitCount: 1, activeMs: null, completion: null });
});

it('does not call skipped what lies before the page at which somebody came back', async () => {
  const asset = await makeAsset([50, 50, 50, 50]);
  const { id } = await link(asset.id);
  await app.make.visit({ shareLinkId: id, pages: [20_000, 20_000], startedAt: app.ago(2 * dayMs) });
  await app.make.visit({ shareLinkId: id, pages: [0, 0, 20_000, 20_000] });
  const { pages, pagedCount } = await read(asset.id);
  expect(pages.map(({ skippedCount }: { skippedCount: number }) => skippedCount)).toEqual([0, 0, 0, 0]);
  expect(pages.map(({ passedCount }: { passedCount: number }) => passedCount)).toEqual([1, 1, 1, 1]);
  // It is one reader, who got to the end.
  expect(pagedCount).toBe(1);
  expect(pages[3].reachedCount).toBe(1);
});

/** Definition 7 of Hyndman and Fan, as the statistics of the product have it, written out once more. */
function quartile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)] ?? 0;
  return low + ((sorted[Math.ceil(place)] ?? low) - low) * (place - Math.floor(place));
}

it('agrees with loops over many visits, page by page', async () => {
  const words = [238, 119, 0, 500, 10];
  const asset = await makeAsset(words);
  const made = await makeVisits(asset.id);
  const people = made.filter(({ isPerson }) => isPerson).map(({ pages }) => pages);
  const furthest = new Map<string, number>();
  for (const { reader, pages, isPerson } of made)
    if (isPerson) furthest.set(reader, Math.max(furthest.get(reader) ?? 0, pages.length));
  const { pages, pagedCount, versions, opens, readCount } = await read(asset.id);
  expect(opens).toMatchObject({ value: people.length, hiddenCount: made.length - people.length });
  expect(pagedCount).toBe(furthest.size);
  expect(readCount).toBe(people.filter((seen) => countRead(seen, words) > 0).length);
  for (const [index, wordCount] of words.entries()) {
    const { times, ...counts } = recountPage(people, index, wordCount);
    const reachedCount = [...furthest.values()].filter((page) => page > index).length;
    expect(pages[index]).toMatchObject({ ...counts, reachedCount });
    for (const [name, share] of quartiles)
      expect(pages[index].activeMs[name]).toBeCloseTo(quartile(times, share), 6);
  }
  const activeTimes = people.map((seen) => seen.reduce((sum, ms) => sum + ms, 0));
  const completions = people.map((seen) => countRead(seen, words) / words.length);
  for (const [name, share] of quartiles) {
    expect(versions[0].activeMs[name]).toBeCloseTo(quartile(activeTimes, share), 6);
    expect(versions[0].completion[name]).toBeCloseTo(quartile(completions, share), 6);
  }
});

const quartiles = [
  ['low', 0.25],
  ['median', 0.5],
  ['high', 0.75],
] as const;

/** Sixty visits by nine readers, one in five of them by a machine; the last page of a visit was always in sight. */
async function makeVisits(assetId: string) {
  let seed = 7;
  const chance = () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const links = await Promise.all(Array.from({ length: 9 }, () => link(assetId)));
  const made: { reader: string; pages: number[]; isPerson: boolean }[] = [];
  for (let number = 0; number < 60; number += 1) {
    const of = links[Math.floor(chance() * links.length)];
    const pages = Array.from({ length: Math.floor(chance() * 5) }, () =>
      chance() < 0.25 ? 0 : Math.round(Math.exp(chance() * 5.5) * 450),
    );
    pages.push(700 + Math.round(chance() * 90_000));
    const isPerson = chance() < 0.8;
    await app.make.visit({
      shareLinkId: of?.id ?? '',
      pages,
      class: isPerson ? 'human-likely' : 'scanner',
      probability: isPerson ? 0.9 : 0.1,
      startedAt: app.ago(Math.floor(chance() * 30) * dayMs),
    });
    made.push({ reader: of?.recipientId ?? '', pages, isPerson });
  }
  return made;
}

function recountPage(visits: number[][], index: number, wordCount: number) {
  const times: number[] = [];
  const counts = { seenCount: 0, skippedCount: 0, skimmedCount: 0, readCount: 0, studiedCount: 0 };
  for (const seen of visits) {
    const ms = seen[index] ?? 0;
    const first = seen.findIndex((each) => each > 0);
    const tenths = Math.floor(ms / 100) * 100;
    if (ms === 0) {
      if (index >= first && index < seen.length) counts.skippedCount += 1;
      continue;
    }
    times.push(tenths);
    counts.seenCount += 1;
    if (!isRead(ms, wordCount)) counts.skimmedCount += 1;
    else if (tenths >= Math.max(3_000, expectedMs(wordCount))) counts.studiedCount += 1;
    else counts.readCount += 1;
  }
  return { times, ...counts };
}

const countRead = (seen: number[], words: number[]) =>
  seen.filter((ms, index) => isRead(ms, words[index] ?? 0)).length;
const expectedMs = (wordCount: number) => (wordCount > 0 ? (wordCount / 238) * 60_000 : 6_000);
const isRead = (ms: number, wordCount: number) => ms >= Math.max(3_000, 0.15 * expectedMs(wordCount));

it('keeps to the days and the buyers that are asked for', async () => {
  const asset = await makeAsset([100]);
  const banking = await app.make.account({ industry: 'Banking' });
  const recipient = await app.make.recipient({ accountId: banking.id, kind: 'account', email: null });
  const ofBank = await link(asset.id, { recipientId: recipient.id });
  const other = await link(asset.id);
  await app.make.visit({ shareLinkId: ofBank.id, startedAt: app.ago(3 * dayMs) });
  await app.make.visit({ shareLinkId: other.id, startedAt: app.ago(3 * dayMs) });
  await app.make.visit({ shareLinkId: other.id, startedAt: app.ago(60 * dayMs) });
  expect((await read(asset.id)).opens.value).toBe(3);
  expect((await read(asset.id, 'attention', '?days=30')).opens.value).toBe(2);
  expect((await read(asset.id, 'attention', '?industry=Banking')).opens.value).toBe(1);
  expect((await read(asset.id, 'attention', '?industry=Nowhere')).opens.value).toBe(0);
  const { accounts, shares } = await read(asset.id, 'use', '?industry=Banking');
  expect(accounts.items).toEqual([expect.objectContaining({ name: banking.name, readCount: 1 })]);
  expect(shares).toEqual({ directCount: 1, roomCount: 0, readCount: 1 });
});

it('counts a visit in the week in which it was where the instance is', async () => {
  const asset = await makeAsset([100]);
  const { id } = await link(asset.id);
  // Half past ten on a Sunday evening in UTC is Monday in Tokyo.
  const sunday = new Date(app.ctx.clock());
  sunday.setUTCDate(sunday.getUTCDate() - 14 - sunday.getUTCDay());
  sunday.setUTCHours(22, 30, 0, 0);
  await app.make.visit({ shareLinkId: id, startedAt: sunday });
  const weekOf = async () => {
    const { weeks } = await read(asset.id);
    return weeks.find(({ openCount }: { openCount: number }) => openCount > 0).week;
  };
  const monday = (days: number) => new Date(sunday.getTime() + days * dayMs).toISOString().slice(0, 10);
  expect(await weekOf()).toBe(monday(-6));
  try {
    await changeTimeZone('Asia/Tokyo');
    expect(await weekOf()).toBe(monday(1));
  } finally {
    await changeTimeZone('UTC');
  }
});

async function changeTimeZone(timeZone: string) {
  const admin = await app.client('admin');
  expect((await admin.send('PATCH', '/settings', { timeZone })).status).toBe(200);
}

it('compares versions, each with its own readers', async () => {
  const asset = await makeAsset([100, 100]);
  const links = await Promise.all([1, 2, 3, 4, 5].map(() => link(asset.id)));
  for (const { id } of links)
    await app.make.visit({ shareLinkId: id, pages: [20_000], startedAt: app.ago(9 * dayMs) });
  const second = await addVersion(asset.id);
  for (const { id } of links.slice(0, 2)) await app.make.visit({ shareLinkId: id, pages: [20_000, 20_000] });
  const { versions, versionId } = await read(asset.id);
  expect(versionId).toBe(second);
  expect(versions).toMatchObject([
    { number: 2, isCurrent: true, visitCount: 2, readerCount: 2, activeMs: null, completion: null },
    {
      number: 1,
      isCurrent: false,
      visitCount: 5,
      activeMs: { median: 20_000, low: 20_000, high: 20_000 },
      completion: { median: 0.5 },
      pagedCount: 5,
      reachedCounts: [5, 0],
    },
  ]);
  const old = await read(asset.id, 'attention', `?version=${asset.versionId}`);
  expect(old.pages[0]).toMatchObject({ seenCount: 5, reachedCount: 5 });
  const { holders } = await read(asset.id, 'use');
  expect(holders.count).toBe(3);
  expect(holders.items[0]).toMatchObject({ heldNumber: 1, isPinned: false });
  const { status } = await marketing.get(`/assets/${asset.id}/attention?version=ver_0000000000000000`);
  expect(status).toBe(404);
});

async function addVersion(assetId: string): Promise<string> {
  const versionId = `ver_${Math.random().toString(36).slice(2, 14).padEnd(12, '0')}`;
  await app.ctx.db
    .insertInto('assetVersion')
    .values({
      id: versionId,
      assetId,
      number: 2,
      url: 'https://example.com/2',
      mediaType: 'text/uri-list',
      pageCount: 2,
    })
    .execute();
  await app.ctx.db
    .updateTable('asset')
    .set({ currentVersionId: versionId })
    .where('id', '=', assetId)
    .execute();
  return versionId;
}

it('shows how many readers were still there at each second of a video', async () => {
  const asset = await app.make.asset({ fileName: 'tour.mp4', mediaType: 'video/mp4' });
  await app.make.rendition({ assetVersionId: asset.versionId, durationMs: 60_000, pages: [0] });
  const links = await Promise.all([1, 2, 3, 4].map(() => link(asset.id)));
  const play = async (place: number, seconds: string) => {
    const visit = await app.make.visit({ shareLinkId: links[place]?.id ?? '', pages: [40_000] });
    if (seconds !== '{}')
      await app.ctx.db
        .insertInto('watchedRange')
        .values({ visitId: visit.id, assetVersionId: asset.versionId, seconds, updatedAt: app.ctx.clock() })
        .execute();
  };
  await play(0, '{[0,60)}');
  await play(1, '{[0,20),[30,40)}');
  // Twice by one reader is once.
  await play(2, '{[0,10)}');
  await play(2, '{[5,15)}');
  await play(3, '{}');
  const { kind, pages, playing, versions } = await read(asset.id);
  expect({ kind, pages }).toEqual({ kind: 'playing', pages: [] });
  expect(playing).toMatchObject({ durationMs: 60_000, readerCount: 3 });
  expect(playing.points).toHaveLength(60);
  const at = (second: number) => playing.points[second].readerCount;
  expect([0, 9, 14, 15, 19, 20, 29, 30, 39, 40, 59].map(at)).toEqual([3, 3, 3, 2, 2, 1, 1, 2, 2, 1, 1]);
  expect(versions[0].completion.median).toBeCloseTo(quartile([1, 0.5, 10 / 60, 10 / 60, 0], 0.5), 6);
});

it('says where it stands, who sent it, and how the deals stand for which it was read', async () => {
  const asset = await makeAsset([100]);
  const account = await app.make.account({ name: 'Aster' });
  const recipient = await app.make.recipient({ accountId: account.id });
  const read1 = await link(asset.id, { recipientId: recipient.id, createdAt: app.ago(10 * dayMs) });
  await link(asset.id, { createdAt: app.ago(10 * dayMs) });
  for (const outcome of ['open', 'won', 'lost'] as const) await makeDeal(account.id, outcome);
  // It was opened after the share link was made.
  await makeDeal(account.id, 'open', app.ago(dayMs));
  await app.make.visit({ shareLinkId: read1.id, startedAt: app.ago(4 * dayMs) });
  const use = await read(asset.id, 'use');
  expect(use.shares).toEqual({ directCount: 2, roomCount: 0, readCount: 1 });
  expect(use.senders).toEqual({
    count: 1,
    items: [{ userId: rita.userId, name: 'Rita', shareCount: 2, readCount: 1 }],
  });
  expect(use.accounts.items).toEqual([
    expect.objectContaining({
      name: 'Aster',
      readerCount: 1,
      readCount: 1,
      openCount: 1,
      wonCount: 1,
      lostCount: 1,
    }),
  ]);
  expect(use.outcomes).toMatchObject([
    { outcome: 'open', dealCount: 1 },
    { outcome: 'won', dealCount: 1 },
    { outcome: 'lost', dealCount: 1 },
  ]);
});

let dealSerial = 0;
async function makeDeal(accountId: string, outcome: 'open' | 'won' | 'lost', openedAt = app.ago(30 * dayMs)) {
  dealSerial += 1;
  await app.ctx.db
    .insertInto('deal')
    .values({
      id: `deal_${dealSerial.toString().padStart(12, '0')}`,
      externalId: `attention ${dealSerial.toString()}`,
      accountId,
      amount: 1000,
      currency: 'EUR',
      stage: 'Proposal',
      outcome,
      openedAt,
      closedAt: outcome === 'open' ? null : app.ago(2 * dayMs),
    })
    .execute();
}

it('finds an answer about very many visits once in half a minute, and says how old it is', async () => {
  const asset = await makeAsset([100]);
  const { id, recipientId } = await link(asset.id);
  const addReadings = (from: number, to: number) =>
    sql`insert into reading (visit_id, asset_version_id, asset_id, share_link_id, recipient_id, reader_key, buyer_slice_id,
        started_at, day, class, probability, is_human, page_count, page_ms, read_pages, active_ms, furthest_page)
      select 'vis_' || i, ${asset.versionId}, ${asset.id}, ${id}, ${recipientId}, ${recipientId}, 0, ${app.ago(dayMs)},
        ${app.ago(dayMs)}::date, 'human-likely', 0.9, true, 1, '{9000}', '{1}', 9000, 1
      from generate_series(${from}::int, ${to}::int) i`.execute(app.ctx.db);
  await addReadings(1, 20_000);
  const first = (await marketing.get(`/assets/${asset.id}/attention`)).body;
  expect(first.opens.value).toBe(20_000);
  await addReadings(20_001, 20_010);
  const again = (await marketing.get(`/assets/${asset.id}/attention`)).body;
  expect([again.opens.value, again.asOf]).toEqual([20_000, first.asOf]);
  app.travel(31_000);
  expect((await marketing.get(`/assets/${asset.id}/attention`)).body.opens.value).toBe(20_010);
});

it('is for everybody who may see the asset, and names of buyers for those who lead', async () => {
  const asset = await makeAsset([100]);
  const draft = await app.make.asset({ status: 'draft', publishedAt: null });
  expect((await rita.get(`/assets/${asset.id}/attention`)).status).toBe(200);
  expect((await rita.get(`/assets/${asset.id}/use`)).status).toBe(403);
  expect((await rita.get(`/assets/${draft.id}/attention`)).status).toBe(404);
  expect((await marketing.get(`/assets/${draft.id}/attention`)).status).toBe(200);
  const wrong = await marketing.get(`/assets/${asset.id}/attention?from=2026-05-02&to=2026-05-01`);
  expect(wrong.status).toBe(400);
});
