import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '../../server/src/http/ids.ts';
import { judgeStrata } from '../../server/src/influence/estimate.ts';
import { countNow } from '../../server/src/rollups/service.ts';
import { startTestApp, type TestApp, type TestClient } from '../support/app.ts';

const day = 86_400_000;
const stages = ['Awareness', 'Discovery', 'Proposal'];

interface Deal {
  id: string;
  accountId: string;
  amount: number;
  outcome: string;
  closedAt: Date | null;
  isRemoved: boolean;
  entries: { stage: string; at: Date }[];
}
interface Read {
  assetId: string;
  accountId: string;
  linkId: string;
  sentAt: Date;
  at: Date;
  isHuman: boolean;
  pageCount: number;
}

let app: TestApp;
let marketing: TestClient;
let rep: TestClient;
let assets: { id: string; title: string }[];
const accounts: { id: string; industry: string; segment: string | null }[] = [];
const recipientOf = new Map<string, string>();
const deals: Deal[] = [];
const reads: Read[] = [];
const dealOfLink = new Map<string, string>();

let seed = 20;
const random = () => {
  seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
  return seed / 2_147_483_648;
};
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

/** Deals of larger companies are sent more and move more often, histories jump, go back and end early. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a story told in the order in which it happens.
async function simulate() {
  const { db } = app.ctx;
  assets = [];
  for (const title of ['Often read', 'Also read', 'Hardly read']) {
    const { id } = await app.make.asset({ kind: 'web_link', title });
    assets.push({ id, title });
  }
  await db
    .insertInto('currencyRate')
    .values({ currency: 'EUR', rate: 1, isBase: true, changedAt: app.ago(0) })
    .onConflict((c) => c.doNothing())
    .execute();
  for (let number = 0; number < 200; number += 1)
    accounts.push({
      id: newId('acc'),
      industry: pick(['Energy', 'Retail']),
      segment: pick(['Small', 'Large', null]),
    });
  await db
    .insertInto('account')
    .values(accounts.map((account, number) => ({ ...account, name: `Simulated ${number}` })))
    .execute();
  for (const [number, { id }] of accounts.entries()) {
    const contact = {
      id: newId('con'),
      accountId: id,
      name: 'Buyer',
      email: `contact${number}@buyer.example`,
    };
    if (number % 2 === 0) await db.insertInto('contact').values(contact).execute();
    const whose = number % 2 === 0 ? { contactId: contact.id } : { accountId: id };
    recipientOf.set(id, (await app.make.recipient(whose)).id);
  }
  for (let number = 0; number < 500; number += 1) {
    const account = pick(accounts);
    const isLarge = account.segment === 'Large';
    const openedAt = app.ago(random() * 900 * day);
    const entries = [{ stage: 'Awareness', at: openedAt }];
    let at = openedAt.getTime();
    for (const stage of random() < 0.1 ? ['Proposal', 'Discovery'] : ['Discovery', 'Proposal']) {
      at += random() * (isLarge ? 70 : 160) * day;
      if (random() < 0.8 && at < app.ago(0).getTime()) entries.push({ stage, at: new Date(at) });
    }
    at += random() * 60 * day;
    const isClosed = random() < 0.6 && at < app.ago(0).getTime();
    deals.push({
      id: newId('deal'),
      accountId: account.id,
      amount: Math.round(random() * 3) * 1000,
      outcome: isClosed ? pick(['won', 'lost']) : 'open',
      closedAt: isClosed ? new Date(at) : null,
      isRemoved: random() < 0.05,
      entries,
    });
  }
  await db
    .insertInto('deal')
    .values(
      deals.map(({ entries, isRemoved, ...deal }) => ({
        ...deal,
        externalId: deal.id,
        currency: deal.amount === 0 ? 'XXX' : 'EUR',
        stage: entries.at(-1)?.stage ?? '',
        openedAt: entries[0]?.at ?? app.ago(0),
        removedAt: isRemoved ? app.ago(0) : null,
      })),
    )
    .execute();
  await db
    .insertInto('dealStage')
    .values(
      deals.flatMap(({ id, entries }) =>
        entries.map(({ stage, at }, position) => ({ dealId: id, position, stage, enteredAt: at })),
      ),
    )
    .execute();
  for (let number = 0; number < 12; number += 1) {
    const deal = pick(deals);
    const link = await app.make.shareLink({ assetId: assets[0]?.id ?? '', dealId: deal.id });
    dealOfLink.set(link.id, deal.id);
    const { at } = pick(deal.entries);
    reads.push(read(assets[0]?.id ?? '', deal.accountId, new Date(at.getTime() + 3 * day), link.id));
  }
  for (const deal of deals)
    for (const { at } of deal.entries) {
      const isLarge = accounts.find(({ id }) => id === deal.accountId)?.segment === 'Large';
      for (const [place, asset] of assets.entries())
        if (random() < ([0.6, 0.3, 0.02][place] ?? 0) * (isLarge ? 1 : 0.5))
          reads.push(read(asset.id, deal.accountId, new Date(at.getTime() + random() * 20 * day)));
    }
  const sender = await app.make.user();
  await db
    .insertInto('shareLink')
    .values(
      reads
        .filter(({ linkId }) => !dealOfLink.has(linkId))
        .map(({ linkId, assetId, accountId, sentAt }) => ({
          id: linkId,
          assetId,
          recipientId: recipientOf.get(accountId) ?? '',
          createdByUserId: sender.id,
          tokenHash: linkId,
          tokenSealed: linkId,
          createdAt: sentAt,
        })),
    )
    .execute();
  await countNow(app.ctx);
  await db
    .insertInto('reading')
    .values(
      reads.map(({ assetId, accountId, linkId, at, isHuman, pageCount }) => ({
        visitId: newId('vis'),
        assetVersionId: newId('ver'),
        assetId,
        shareLinkId: linkId,
        recipientId: newId('rcp'),
        readerKey: newId('rcp'),
        accountId,
        buyerSliceId: 0,
        startedAt: at,
        day: at.toISOString().slice(0, 10),
        class: isHuman ? 'human-likely' : 'scanner',
        probability: 0.9,
        isHuman,
        pageCount: 1,
        pageMs: [5000],
        readPages: Array.from({ length: pageCount }, (_, page) => page + 1),
        activeMs: 5000,
        furthestPage: 1,
      })),
    )
    .execute();
}

function read(assetId: string, accountId: string, at: Date, linkId = newId('lnk')): Read {
  const sentAt = new Date(at.getTime() - random() ** 2 * 60 * day);
  return {
    assetId,
    accountId,
    linkId,
    sentAt,
    at,
    isHuman: random() < 0.9,
    pageCount: random() < 0.9 ? 1 : 0,
  };
}

/** The definition in plain loops over everything. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: what is compared with clever code is one plain piece.
function recount(assetId: string, isOf: (account: (typeof accounts)[number]) => boolean) {
  const now = app.ctx.clock().getTime();
  const amounts = deals.filter((deal) => !deal.isRemoved && deal.amount > 0).map(({ amount }) => amount);
  amounts.sort((a, b) => a - b);
  const cut = (share: number) => amounts[Math.ceil(amounts.length * share) - 1] ?? 0;
  const strata = new Map<
    string,
    { exposed: number; exposedWith: number; unexposed: number; unexposedWith: number }
  >();
  for (const deal of deals) {
    const account = accounts.find(({ id }) => id === deal.accountId);
    if (deal.isRemoved || !account || !isOf(account)) continue;
    for (const { stage, at } of deal.entries) {
      const entered = at.getTime();
      const after = deal.entries.filter((entry) => entry.at.getTime() > entered && entry.at.getTime() <= now);
      const closed = deal.closedAt?.getTime() ?? Number.POSITIVE_INFINITY;
      if (entered <= now - 730 * day || entered > now - 60 * day || closed <= entered) continue;
      if (Math.min(closed, ...after.map((entry) => entry.at.getTime())) < entered + 14 * day) continue;
      const hasProgressed =
        after.some(
          (entry) =>
            stages.indexOf(entry.stage) > stages.indexOf(stage) && entry.at.getTime() <= entered + 60 * day,
        ) ||
        (deal.outcome === 'won' && closed <= entered + 60 * day);
      const isExposed = reads.some((one) => {
        const ofDeal = dealOfLink.get(one.linkId);
        const isTheirs = ofDeal
          ? ofDeal === deal.id
          : one.accountId === deal.accountId &&
            one.sentAt >= (deal.entries[0]?.at ?? new Date(0)) &&
            one.sentAt.getTime() <= closed;
        const since = one.at.getTime() - entered;
        return (
          one.assetId === assetId &&
          isTheirs &&
          one.isHuman &&
          one.pageCount > 0 &&
          since >= 0 &&
          since < 14 * day
        );
      });
      const band =
        deal.amount === 0
          ? 'unknown'
          : deal.amount <= cut(1 / 3)
            ? 'low'
            : deal.amount <= cut(2 / 3)
              ? 'middle'
              : 'high';
      const key = `${stage}|${band}|${account.segment ?? ''}`;
      const stratum = strata.get(key) ?? { exposed: 0, exposedWith: 0, unexposed: 0, unexposedWith: 0 };
      strata.set(key, stratum);
      if (isExposed) {
        stratum.exposed += 1;
        if (hasProgressed) stratum.exposedWith += 1;
      } else {
        stratum.unexposed += 1;
        if (hasProgressed) stratum.unexposedWith += 1;
      }
    }
  }
  return strata;
}

beforeAll(async () => {
  app = await startTestApp();
  marketing = await app.client('marketing');
  rep = await app.client('rep');
});
afterAll(() => app.close());

async function get(path: string) {
  const { status, body } = await marketing.get(path);
  expect(status, JSON.stringify(body)).toBe(200);
  return body;
}

test('before anything was counted the answer says so, and nothing is known', async () => {
  expect(await get('/report/influence')).toMatchObject({
    asOf: null,
    knownCount: 0,
    unknownCount: 0,
    known: [],
  });
  expect(await get('/report/influence/first-place')).toMatchObject({ difference: null, moreSearchCount: 30 });
});

test('only marketing asks for a count, and it is there when its job is done', async () => {
  await simulate();
  expect((await rep.send('POST', '/report/influence/count')).status).toBe(403);
  expect((await marketing.send('POST', '/report/influence/count')).status).toBe(202);
  await app.drain(['count-influence']);
  const report = await get('/report/influence');
  expect(report.asOf).not.toBeNull();
  expect(report.cohort.dealCount).toBeGreaterThan(300);
  expect(report.cohort.tooYoungCount).toBeGreaterThan(0);
  expect(report.cohort.leftEarlyCount).toBeGreaterThan(0);
});

test.each([
  ['of everybody', '', () => true],
  [
    'of an industry',
    'industry=Energy',
    (account: (typeof accounts)[number]) => account.industry === 'Energy',
  ],
  ['of a segment', 'segment=Large', (account: (typeof accounts)[number]) => account.segment === 'Large'],
])('each stratum and each estimate %s is that of plain loops over the rows', async (_, query, isOf) => {
  const report = await get(`/report/influence?${query}`);
  const rows = [...report.known, ...report.unknown];
  for (const { id } of assets) {
    const strata = recount(id, isOf);
    const detail = await get(`/report/influence/assets/${id}?${query}`);
    const compared = [...strata].filter(([, each]) => each.exposed > 0 && each.unexposed > 0);
    type Row = (typeof detail.strata)[number];
    expect(
      Object.fromEntries(
        detail.strata.map(({ stage, amountBand, segment, exposed, unexposed }: Row) => [
          `${stage}|${amountBand}|${segment}`,
          {
            exposed: exposed.dealCount,
            exposedWith: exposed.progressedCount,
            unexposed: unexposed.dealCount,
            unexposedWith: unexposed.progressedCount,
          },
        ]),
      ),
    ).toEqual(Object.fromEntries(compared));
    expect(compared.length).toBeGreaterThan(0);
    const expected = judgeStrata([...strata.values()].filter(({ exposed }) => exposed > 0));
    const row = rows.find(({ assetId }) => assetId === id);
    expect(row?.exposed.dealCount).toBe(expected.counts.exposed);
    expect(row?.moreDealCount).toBe(expected.moreDealCount);
    if (expected.pooled) {
      expect(row?.difference.estimate).toBeCloseTo(expected.pooled.estimate, 9);
      expect(row?.difference.low).toBeCloseTo(expected.pooled.low, 9);
    } else expect(row?.difference).toBeNull();
  }
});

test('what too few deals read is not known, and a card says how many more it takes', async () => {
  const report = await get('/report/influence');
  expect(report.known.map(({ title }: { title: string }) => title).toSorted()).toEqual([
    'Also read',
    'Often read',
  ]);
  expect(report.unknown).toMatchObject([{ title: 'Hardly read', difference: null }]);
  const never = await app.make.asset({ kind: 'web_link' });
  const wanted = [never.id, ...assets.map(({ id }) => id)];
  const { items } = await get(`/asset-influence?${wanted.map((id) => `assetId=${id}`).join('&')}`);
  expect(items.map(({ assetId }: { assetId: string }) => assetId)).toEqual(wanted);
  expect(items[0].standing).toBe('unread');
  expect(items[3]).toMatchObject({ standing: 'unknown', estimate: null });
  expect(items[3].moreDealCount).toBeGreaterThan(0);
  expect((await get(`/report/influence/assets/${never.id}`)).asset).toMatchObject({
    moreDealCount: 20,
    difference: null,
  });
  expect((await marketing.get(`/report/influence/assets/${newId('ast')}`)).status).toBe(404);
});

test('counted again it says the same', async () => {
  const before = await get('/report/influence');
  await marketing.send('POST', '/report/influence/count');
  await app.drain(['count-influence']);
  const after = await get('/report/influence');
  expect(after.known).toEqual(before.known);
});
