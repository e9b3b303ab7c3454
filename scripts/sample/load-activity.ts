import type { Insertable } from 'kysely';
import type { Context } from '../../server/src/context.ts';
import type { Database } from '../../server/src/db/database.ts';
import type { DB } from '../../server/src/db/types.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { seal } from '../../server/src/http/secrets.ts';
import { planActivity } from './activity.ts';
import type { ActivityAsset, ActivityPlan, PlannedShareLink } from './activity-plan.ts';
import { readSampleSources } from './content.ts';
import { planDeals } from './deals.ts';
import { planDemand } from './field.ts';
import { loadCollections } from './load-collections.ts';
import { loadField } from './load-field.ts';
import { loadPast } from './load-past.ts';
import { loadRequests } from './load-requests.ts';
import { loadRoom } from './load-room.ts';
import { ensureRecipient, insertVisitor, loadVisit } from './load-visit.ts';
import { planPast } from './past-deals.ts';
import { samplePeople } from './people.ts';
import { type Understood, understand } from './understand.ts';

/** Writes the sample's past: searches, opens, downloads, collections, requests, share links and what became of them. */
export async function loadActivity(ctx: Context, userIds: Map<string, string>): Promise<void> {
  const today = ctx.clock();
  const library = await readLibrary(ctx.db);
  const assets = [...library.values()].map((entry) => entry.asset);
  const plan = planActivity({ assets, users: samplePeople, deals: planDeals(today), today, seed: 11 });
  const demand = planDemand(plan, today);
  plan.searches.push(...demand.searches);
  plan.opens.push(...demand.opens);
  const idOf = (key: string) => library.get(key)?.assetId ?? missing(key);
  const userOf = (email: string) => userIds.get(email) ?? missing(email);
  const queries = [...plan.searches, ...plan.requests].flatMap(({ query }) => query ?? []);
  const understood = await understand(ctx, queries, [...userIds.values()][0] ?? '');
  await ctx.db.transaction().execute(async (trx) => {
    await trx
      .updateTable('term')
      .set({ createdAt: oldest(plan) })
      .where('isSample', '=', true)
      .execute();
    await loadUse(trx, plan, understood, idOf, userOf);
    await loadCollections(trx, today, userOf);
    await loadRequests(trx, plan.requests, today, understood, userOf);
    await loadRoom(trx, { today, userOf, instanceKey: ctx.instanceKey });
    for (const link of plan.shareLinks)
      await loadShareLink(trx, link, {
        instanceKey: ctx.instanceKey,
        entryOf: (key) => library.get(key) ?? missing(key),
        userOf,
      });
    await loadField(trx, { today, assetOf: (file) => idOf(`files/${file}`), userOf });
    await loadPast(trx, planPast(today).links, {
      today,
      instanceKey: ctx.instanceKey,
      entryOf: (file) => {
        const { assetId, versionId, asset } = library.get(`files/${file}`) ?? missing(file);
        return { assetId, versionId, pageCount: asset.pageCount ?? 1 };
      },
      userOf,
    });
  });
}

/** The sample's terms are as old as what was done with them. */
function oldest({ searches }: ActivityPlan): Date {
  return new Date(Math.min(...searches.map(({ at }) => at.getTime())));
}

interface LibraryEntry {
  assetId: string;
  versionId: string;
  asset: ActivityAsset;
}

async function readLibrary(db: Database): Promise<Map<string, LibraryEntry>> {
  const rows = await db
    .selectFrom('asset')
    .select(['id', 'importKey', 'audience', 'publishedAt', 'currentVersionId'])
    .where('isSample', '=', true)
    .where('importKey', 'is not', null)
    .orderBy('importKey')
    .execute();
  const pageCountOf = new Map(
    readSampleSources().map(({ file, url, pageCount }) => [file ? `files/${file}` : url, pageCount]),
  );
  const tags = await db
    .selectFrom('assetTerm')
    .innerJoin('term', 'term.id', 'assetTerm.termId')
    .select(['assetTerm.assetId', 'term.dimensionKey', 'term.name'])
    .execute();
  return new Map(
    rows.map((row) => {
      const named = (dimension: string) =>
        tags.filter((tag) => tag.assetId === row.id && tag.dimensionKey === dimension).map((tag) => tag.name);
      const key = row.importKey ?? '';
      return [
        key,
        {
          assetId: row.id,
          versionId: row.currentVersionId ?? '',
          asset: {
            key,
            audience: row.audience,
            publishedAt: row.publishedAt,
            pageCount: pageCountOf.get(key) ?? 1,
            contentType: named('content_type')[0] ?? '',
            personas: named('persona'),
            stages: named('stage'),
            objections: named('objection'),
            regions: named('region'),
          },
        },
      ];
    }),
  );
}

async function loadUse(
  trx: Database,
  plan: ActivityPlan,
  understood: Understood,
  idOf: (key: string) => string,
  userOf: (email: string) => string,
): Promise<void> {
  const searches: Insertable<DB['search']>[] = [];
  const results: Insertable<DB['searchResult']>[] = [];
  const actions: Insertable<DB['searchAction']>[] = [];
  const ties: Insertable<DB['searchTie']>[] = [];
  for (const search of plan.searches) {
    const searchId = newId('srh');
    searches.push({
      id: searchId,
      userId: userOf(search.userEmail),
      query: search.query,
      filters: { termIds: [], audience: null },
      ...understood.get(search.query),
      resultCount: search.shownKeys.length,
      tookMs: 9,
      searchedAt: search.at,
    });
    for (const [position, key] of search.shownKeys.entries())
      results.push({ searchId, assetId: idOf(key), position: position + 1 });
    const [first, second] = search.shownKeys;
    if (search.isTie && first && second)
      ties.push({ searchId, firstAssetId: idOf(first), secondAssetId: idOf(second), position: 1 });
    for (const key of search.openedKeys)
      actions.push({
        searchId,
        assetId: idOf(key),
        kind: 'opened',
        dwellMs: search.dwellMs,
        actedAt: search.at,
      });
  }
  const activities = [
    ...plan.opens.map((open) => ({ ...open, kind: 'opened' })),
    ...plan.downloads.map((download) => ({ ...download, kind: 'downloaded' })),
  ].map(({ at, userEmail, assetKey, kind }) => ({
    id: newId('act'),
    assetId: idOf(assetKey),
    userId: userOf(userEmail),
    kind,
    occurredAt: at,
  }));
  for (const rows of chunks(searches)) await trx.insertInto('search').values(rows).execute();
  for (const rows of chunks(results)) await trx.insertInto('searchResult').values(rows).execute();
  for (const rows of chunks(ties)) await trx.insertInto('searchTie').values(rows).execute();
  for (const rows of chunks(actions)) await trx.insertInto('searchAction').values(rows).execute();
  for (const rows of chunks(activities)) await trx.insertInto('assetActivity').values(rows).execute();
}

interface Known {
  instanceKey: Buffer;
  entryOf: (assetKey: string) => LibraryEntry;
  userOf: (email: string) => string;
}

async function loadShareLink(
  trx: Database,
  link: PlannedShareLink,
  known: Known,
  parent: { parentShareLinkId: string; forwardedByVisitorId: string | null } | null = null,
): Promise<void> {
  const { assetId, versionId } = known.entryOf(link.assetKey);
  const token = newToken();
  const shareLinkId = newId('lnk');
  await trx
    .insertInto('shareLink')
    .values({
      id: shareLinkId,
      assetId,
      recipientId: await ensureRecipient(trx, link),
      createdByUserId: known.userOf(link.userEmail),
      tokenHash: hashToken(token),
      tokenSealed: seal(known.instanceKey, 'share-token', token),
      message: link.message,
      gate: link.gate ?? 'none',
      expiresAt: link.expiresAt,
      revokedAt: link.revokedAt,
      isSample: true,
      createdAt: link.createdAt,
      ...parent,
    })
    .execute();
  if (link.hits.length > 0)
    await trx
      .insertInto('linkHit')
      .values(
        link.hits.map((hit) => ({
          id: newId('hit'),
          shareLinkId,
          method: hit.method,
          status: 200,
          userAgent: hit.userAgent,
          occurredAt: hit.at,
        })),
      )
      .execute();
  const visitors = new Map<number, string>();
  for (const visit of link.visits) {
    const visitorId = visitors.get(visit.visitor) ?? (await insertVisitor(trx, visit));
    visitors.set(visit.visitor, visitorId);
    await loadVisit(trx, shareLinkId, visitorId, visit, [{ versionId, pages: visit.pages }]);
  }
  for (const { at, userEmail, kind, note } of link.followUps ?? [])
    await trx
      .insertInto('followUp')
      .values({
        id: newId('fup'),
        shareLinkId,
        userId: known.userOf(userEmail),
        kind,
        note,
        followedUpAt: at,
      })
      .execute();
  for (const { link: forwarded, byVisitor } of link.forwards ?? [])
    await loadShareLink(trx, forwarded, known, {
      parentShareLinkId: shareLinkId,
      forwardedByVisitorId: visitors.get(byVisitor) ?? null,
    });
}

function* chunks<Row>(rows: Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += 1000) yield rows.slice(start, start + 1000);
}

function missing(key: string): never {
  throw new Error(`The sample plan names "${key}", which is not in the sample library.`);
}
