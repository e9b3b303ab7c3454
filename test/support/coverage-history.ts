import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import type { TestApp } from './app.ts';

const day = 86_400_000;
const minute = 60_000;

/** What a history is made of; the same in every one of them. */
export interface Cast {
  userIds: string[];
  termIds: Record<'persona' | 'stage' | 'objection', string[]>;
  productId: string;
}

/** Chances from a seed, so that a history that fails can be told again. */
function chances(seed: number) {
  let state = seed;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (count: number) => Math.floor(next() * count);
  return {
    below,
    isSo: (share = 0.5) => next() < share,
    oneOf: <T>(items: readonly T[]) => items[below(items.length)] as T,
    someOf: <T>(items: readonly T[]) => items.filter(() => next() < 0.55),
  };
}

/** Takes everything back that a history brought. */
export async function forgetHistory(db: Database): Promise<void> {
  for (const table of [
    'coverageTarget',
    'objectionNote',
    'shareLink',
    'recipient',
    'contact',
    'searchAction',
    'searchResult',
    'search',
    'deal',
    'assetMonth',
    'buyerSlice',
    'account',
  ] as const)
    await db.deleteFrom(table).execute();
  await db.updateTable('asset').set({ currentVersionId: null }).execute();
  await db.deleteFrom('asset').execute();
}

interface Telling extends Cast, ReturnType<typeof chances> {
  app: TestApp;
  db: Database;
  /** Some minute of so many days. */
  within: (days: number) => Date;
}

/** Assets, searches, notes, deals, share links and targets of the last months, as chance will have it. */
export async function tellCoverageHistory(app: TestApp, cast: Cast, seed: number): Promise<void> {
  const drawn = chances(seed);
  const within = (days: number) => app.ago(drawn.below(days * 24 * 60) * minute);
  const telling = { app, db: app.ctx.db, within, ...drawn, ...cast };
  const assetIds = await tellAssets(telling);
  const { accountIds, sliceIds } = await tellAccounts(telling);
  await tellMonths(telling, assetIds, sliceIds);
  const dealIds = await tellDeals(telling, accountIds);
  const searchIds = await tellSearches(telling, assetIds, accountIds);
  if (assetIds.length > 0) await tellShareLinks(telling, { assetIds, accountIds, dealIds, searchIds });
  await tellNotes(telling, dealIds);
  await tellTargets(telling);
}

const termsOf = ({ persona, stage, objection }: Cast['termIds']) => [...persona, ...stage, ...objection];

async function tellAssets({ app, db, below, isSo, someOf, within, termIds, productId }: Telling) {
  const assetIds: string[] = [];
  for (let count = below(9); count > 0; count--) {
    const asset = await app.make.asset({
      kind: 'web_link',
      publishedAt: within(140),
      termIds: someOf([...termsOf(termIds), productId]),
    });
    assetIds.push(asset.id);
    const later = isSo(0.4) ? ['archived', 'published'].slice(0, 1 + below(2)) : [];
    for (const status of later)
      await db
        .insertInto('assetStatusChange')
        .values({ assetId: asset.id, status, changedAt: within(100) })
        .execute();
    const { status } = await db
      .selectFrom('assetStatusChange')
      .select('status')
      .where('assetId', '=', asset.id)
      .orderBy('changedAt', 'desc')
      .orderBy('id', 'desc')
      .executeTakeFirstOrThrow();
    await db.updateTable('asset').set({ status }).where('id', '=', asset.id).execute();
    if (isSo(0.4)) await tellInfluence(db, asset.id, isSo());
  }
  return assetIds;
}

/** What was estimated of it, of which only the verdict matters here. */
async function tellInfluence(db: Database, assetId: string, isLifting: boolean) {
  const counts = {
    exposedCount: 30,
    exposedProgressedCount: 20,
    unexposedCount: 60,
    unexposedProgressedCount: 20,
  };
  await db
    .insertInto('assetInfluence')
    .values({ assetId, ...counts, isLifting })
    .execute();
}

async function tellAccounts({ app, db }: Telling) {
  const accountIds: string[] = [];
  const sliceIds = [0];
  for (const industry of ['Banking', 'Health', null]) {
    accountIds.push((await app.make.account({ industry })).id);
    await db
      .insertInto('buyerSlice')
      .values({ industry })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { id } = await db
      .selectFrom('buyerSlice')
      .select('id')
      .where('industry', 'is not distinct from', industry)
      .executeTakeFirstOrThrow();
    sliceIds.push(id);
  }
  return { accountIds, sliceIds };
}

async function tellMonths({ app, db, below, isSo }: Telling, assetIds: string[], sliceIds: number[]) {
  for (const assetId of assetIds)
    for (const buyerSliceId of sliceIds)
      for (let back = 0; back < 5; back++) {
        if (!isSo(0.35)) continue;
        const month = `${app
          .ago(back * 30 * day)
          .toISOString()
          .slice(0, 7)}-01`;
        await db
          .insertInto('assetMonth')
          .values({
            assetId,
            buyerSliceId,
            month,
            sharedDays: 1 << below(28),
            readDays: isSo() ? 1 << below(28) : 0,
          })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
      }
}

async function tellDeals({ app, db, below, isSo, oneOf, within }: Telling, accountIds: string[]) {
  const dealIds: string[] = [];
  for (let count = below(7); count > 0; count--) {
    const id = newId('deal');
    dealIds.push(id);
    await db
      .insertInto('deal')
      .values({
        id,
        externalId: id,
        accountId: oneOf(accountIds),
        amount: String(100 * below(50)),
        currency: oneOf(['EUR', 'USD', 'JPY']),
        stage: oneOf(['Stage 0', 'stage 1', 'TALKS', 'stage 2', 'Elsewhere']),
        outcome: oneOf(['open', 'open', 'open', 'won', 'lost']),
        openedAt: within(200),
        removedAt: isSo(0.15) ? app.ago(0) : null,
      })
      .execute();
  }
  return dealIds;
}

async function tellSearches(telling: Telling, assetIds: string[], accountIds: string[]) {
  const { app, below, isSo, oneOf, someOf, userIds, termIds } = telling;
  const searchIds: string[] = [];
  for (let count = below(50); count > 0; count--) {
    const chosen = someOf(termsOf(termIds));
    const isFollowed = assetIds.length > 0 && isSo(0.4);
    const { id } = await app.make.search({
      userId: oneOf(userIds),
      // Often within minutes of each other, so that sessions have several.
      searchedAt: new Date(app.ago(below(25) * 4 * day).getTime() - below(4) * 20 * minute),
      termIds: isSo(0.8) ? chosen : [],
      filters: { termIds: chosen, audience: null },
      resultCount: below(3),
      accountId: isSo(0.4) ? oneOf(accountIds) : null,
      assetIds: assetIds.slice(0, 1),
      actions: isFollowed
        ? [{ kind: oneOf(['shared', 'opened', 'dismissed']), dwellMs: oneOf([null, 9_999, 10_000]) }]
        : [],
    });
    searchIds.push(id);
  }
  return searchIds;
}

interface Linked {
  assetIds: string[];
  accountIds: string[];
  dealIds: string[];
  searchIds: string[];
}

async function tellShareLinks(telling: Telling, { assetIds, accountIds, dealIds, searchIds }: Linked) {
  const { app, db, below, isSo, oneOf, within, userIds } = telling;
  for (let count = below(7); count > 0; count--) {
    const contactId = isSo(0.4) ? newId('con') : null;
    if (contactId !== null)
      await db
        .insertInto('contact')
        .values({
          id: contactId,
          accountId: oneOf(accountIds),
          name: 'Con Tact',
          email: `${contactId}@example.com`,
        })
        .execute();
    const recipient = await app.make.recipient({ accountId: oneOf([...accountIds, null]), contactId });
    await app.make.shareLink({
      assetId: oneOf(assetIds),
      recipientId: recipient.id,
      createdByUserId: oneOf(userIds),
      searchId: searchIds.length > 0 && isSo(0.8) ? oneOf(searchIds) : null,
      dealId: dealIds.length > 0 && isSo(0.4) ? oneOf(dealIds) : null,
      createdAt: within(100),
      undoneAt: isSo(0.2) ? app.ago(0) : null,
    });
  }
}

async function tellNotes(telling: Telling, dealIds: string[]) {
  const { db, below, isSo, oneOf, within, userIds, termIds } = telling;
  for (let count = below(15); count > 0; count--) {
    const notedAt = within(100);
    await db
      .insertInto('objectionNote')
      .values({
        id: newId('obn'),
        text: 'No.',
        objectionTermId: isSo(0.8) ? oneOf(termIds.objection) : null,
        personaTermId: isSo(0.7) ? oneOf(termIds.persona) : null,
        stageTermId: isSo(0.6) ? oneOf(termIds.stage) : null,
        dealId: dealIds.length > 0 && isSo(0.7) ? oneOf(dealIds) : null,
        notedByUserId: oneOf(userIds),
        notedAt,
        updatedAt: notedAt,
      })
      .execute();
  }
}

async function tellTargets({ app, db, below, isSo, oneOf, termIds }: Telling) {
  for (const personaTermId of [...termIds.persona, null])
    for (const objectionTermId of [...termIds.objection, null]) {
      const stageTermId = isSo() ? oneOf(termIds.stage) : null;
      const named = [personaTermId, stageTermId, objectionTermId].filter((termId) => termId !== null);
      if (named.length < 2 || isSo(0.6)) continue;
      await db
        .insertInto('coverageTarget')
        .values({ personaTermId, stageTermId, objectionTermId, wantedCount: below(4), setAt: app.ago(0) })
        .execute();
    }
}
