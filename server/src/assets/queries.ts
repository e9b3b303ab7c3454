import { sql } from 'kysely';
import type { Database } from '../db/database.ts';
import type { DB } from '../db/types.ts';
import type { Asset, AssetCard, AssetStatus } from './contract.ts';

/** Past its review date, or its owner is gone. */
export const isStale = (now: Date) =>
  sql<boolean>`(coalesce(asset.review_on < ${now}::timestamptz::date, false) or owner.deactivated_at is not null)`;

const termTags = sql<AssetCard['terms']>`(
  select coalesce(json_agg(json_build_object('id', term.id, 'dimensionKey', term.dimension_key, 'name', term.name)
    order by dimension.position, term.position, term.id), '[]')
  from asset_term
  join term on term.id = asset_term.term_id
  join dimension on dimension.key = term.dimension_key
  where asset_term.asset_id = asset.id)`;

/** A file whose turn has not come yet waits. */
const renditionState = sql<AssetCard['renditionState']>`coalesce(rendition.state, 'queued')`;
const hasThumbnail = sql<boolean>`exists (
  select from rendition_image where rendition_id = rendition.rendition_id and kind = 'thumbnail'
)`;

/** The rendition that stands for `version`. The limit keeps the view from being worked out for every version. */
const shownRendition = sql<DB['versionRendition']>`lateral (
  select * from version_rendition where asset_version_id = version.id limit 1
)`;

/** Everything that a card shows, ready to be filtered and ordered. */
export function selectCards(db: Database, now: Date) {
  return db
    .selectFrom('asset')
    .innerJoin('assetVersion as version', 'version.id', 'asset.currentVersionId')
    .leftJoin('user as owner', 'owner.id', 'asset.ownerUserId')
    .leftJoin(shownRendition.as('rendition'), (join) => join.onTrue())
    .select([
      'asset.id',
      'asset.kind',
      'asset.title',
      'asset.description',
      'asset.useWhen',
      'asset.audience',
      'asset.status',
      'asset.ownerUserId',
      'asset.reviewOn',
      'asset.publishedAt',
      'asset.updatedAt',
      'asset.revision',
      'asset.isSample',
      'version.id as versionId',
      'version.number as versionNumber',
      'version.mediaType',
      'version.fileName',
      'version.sizeBytes',
      sql<string | null>`coalesce(owner.name, nullif(asset.owner_role, ''))`.as('ownerName'),
      isStale(now).as('isStale'),
      termTags.as('terms'),
      renditionState.as('renditionState'),
      'rendition.reason as renditionReason',
      'version.pageCount',
      'rendition.durationMs',
      hasThumbnail.as('hasThumbnail'),
    ]);
}

/** The cards of these assets, in no promised order; what is not there is left out. */
export async function listCards(db: Database, assetIds: string[], now: Date): Promise<AssetCard[]> {
  if (assetIds.length === 0) return [];
  return selectCards(db, now).where('asset.id', 'in', assetIds).$castTo<AssetCard>().execute();
}

export async function findWholeAsset(db: Database, assetId: string, now: Date): Promise<Asset | undefined> {
  const [found] = await selectCards(db, now)
    .leftJoin('user as author', 'author.id', 'asset.createdByUserId')
    .leftJoin('user as editor', 'editor.id', 'asset.updatedByUserId')
    .select([
      'asset.talkTrack',
      'asset.ownerRole',
      'version.url',
      'asset.createdAt',
      'author.name as createdByName',
      'editor.name as updatedByName',
    ])
    .where('asset.id', '=', assetId)
    .$castTo<Omit<Asset, 'versions'>>()
    .execute();
  return found && { ...found, versions: await listVersions(db, assetId) };
}

async function listVersions(db: Database, assetId: string): Promise<Asset['versions']> {
  return db
    .selectFrom('assetVersion as version')
    .leftJoin('user as author', 'author.id', 'version.createdByUserId')
    .leftJoin(shownRendition.as('rendition'), (join) => join.onTrue())
    .select([
      'version.id',
      'version.number',
      'version.fileName',
      'version.url',
      'version.mediaType',
      'version.sizeBytes',
      'version.createdAt',
      'author.name as createdByName',
      'version.typeWarning',
      renditionState.as('renditionState'),
      'rendition.reason as renditionReason',
      'version.pageCount',
      hasThumbnail.as('hasThumbnail'),
    ])
    .where('version.assetId', '=', assetId)
    .orderBy('version.number', 'desc')
    .$castTo<Asset['versions'][number]>()
    .execute();
}

/** The row itself, or undefined; locked it can not change before the transaction ends. */
export function findAssetRow(db: Database, assetId: string) {
  return db.selectFrom('asset').selectAll().where('id', '=', assetId).executeTakeFirst();
}

export type AssetRow = NonNullable<Awaited<ReturnType<typeof findAssetRow>>>;

/**
 * Always in the same order, so that two bulk edits wait for each other instead of for ever. No key of an asset ever
 * changes, so that who writes rows that refer to it, such as the search index, need not wait.
 */
export function lockAssets(trx: Database, assetIds: string[]) {
  return trx
    .selectFrom('asset')
    .selectAll()
    .where('id', 'in', assetIds)
    .orderBy('id')
    .forNoKeyUpdate()
    .execute();
}

export async function listTermIds(db: Database, assetIds: string[]): Promise<Map<string, string[]>> {
  const rows = await db
    .selectFrom('assetTerm')
    .select(['assetId', 'termId'])
    .where('assetId', 'in', assetIds)
    .orderBy('termId')
    .execute();
  const found = new Map<string, string[]>(assetIds.map((assetId) => [assetId, []]));
  for (const { assetId, termId } of rows) found.get(assetId)?.push(termId);
  return found;
}

export function listChosenTerms(db: Database, termIds: string[]) {
  return db
    .selectFrom('term')
    .innerJoin('dimension', 'dimension.key', 'term.dimensionKey')
    .select([
      'term.id',
      'dimension.key as dimensionKey',
      'dimension.name as dimensionName',
      'dimension.isMultiple',
    ])
    .where('term.id', 'in', termIds)
    .execute();
}

export async function findUserName(db: Database, userId: string): Promise<string | undefined> {
  const row = await db.selectFrom('user').select('name').where('id', '=', userId).executeTakeFirst();
  return row?.name;
}

/** Assets that hold this very file in any version and are not archived. */
export function listHolders(db: Database, hash: string) {
  return db
    .selectFrom('asset')
    .select(['id as assetId', 'title', 'status'])
    .where('status', '<>', 'archived')
    .where('id', 'in', (eb) => eb.selectFrom('assetVersion').select('assetId').where('blobHash', '=', hash))
    .orderBy('createdAt')
    .limit(20)
    .$castTo<{ assetId: string; title: string; status: AssetStatus }>()
    .execute();
}

/** The file of a version of this asset, its current one unless another is named. */
export function findVersionFile(db: Database, assetId: string, versionId: string | undefined) {
  return db
    .selectFrom('asset')
    .innerJoin('assetVersion as version', (join) =>
      versionId === undefined
        ? join.onRef('version.id', '=', 'asset.currentVersionId')
        : join.onRef('version.assetId', '=', 'asset.id').on('version.id', '=', versionId),
    )
    .leftJoin('blob', 'blob.hash', 'version.blobHash')
    .select([
      'asset.status',
      'version.id as versionId',
      'version.blobHash',
      'version.url',
      'version.fileName',
      'version.mediaType',
      'version.sizeBytes',
      'blob.threat',
      'blob.scannedAt',
    ])
    .where('asset.id', '=', assetId)
    .executeTakeFirst();
}
