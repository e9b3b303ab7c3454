import { sql } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import { newId } from '../../server/src/http/ids.ts';
import { dayMs } from './deals.ts';
import { fieldNotes } from './field.ts';
import { samplePeople } from './people.ts';

interface Known {
  today: Date;
  /** By the file name of the asset. */
  assetOf: (file: string) => string;
  userOf: (email: string) => string;
}

const reps = samplePeople.filter(({ role }) => role === 'rep');
/** What sales heard, and what they said of assets. */
export async function loadField(trx: Database, known: Known): Promise<void> {
  await dateVersions(trx);
  await giveOwners(trx, known);
  await nameDeals(trx);
  await loadNotes(trx, known);
  await loadFlags(trx, known);
}

/** A version is as old as its asset, not as this demo. */
async function dateVersions(db: Database): Promise<void> {
  await sql`
    update asset_version set created_at = asset.published_at from asset
    where asset.id = asset_version.asset_id and asset.is_sample and asset.published_at < asset_version.created_at`.execute(
    db,
  );
}

/** Who does the work of a role; the deal desk has nobody at the moment. */
const ownerOfRole: Record<string, string> = {
  'product marketing': 'clara.winther@tarrowby.example',
  'customer marketing': 'tomasz.zielinski@tarrowby.example',
  'customer success': 'tomasz.zielinski@tarrowby.example',
  'sales enablement': 'tomasz.zielinski@tarrowby.example',
  'solutions engineering': 'ruth.adeyemi@tarrowby.example',
  'security & compliance': 'ruth.adeyemi@tarrowby.example',
};

async function giveOwners(db: Database, { userOf }: Known): Promise<void> {
  for (const [role, email] of Object.entries(ownerOfRole))
    await db
      .updateTable('asset')
      .set({ ownerUserId: userOf(email) })
      .where('isSample', '=', true)
      .where('ownerRole', '=', role)
      .execute();
}

const dealNames = [
  'Dispatch',
  'Go for the vans',
  'Job to invoice',
  'Second depot',
  'Whole platform',
  'Connect',
];

async function nameDeals(db: Database): Promise<void> {
  await sql`
    update deal set name = (${dealNames}::text[])[1 + right(external_id, 4)::int % ${dealNames.length}::int]
    where is_sample and name = '' and external_id ~ '[0-9]{4}$'`.execute(db);
}

async function loadNotes(db: Database, { today, userOf }: Known): Promise<void> {
  const terms = await db.selectFrom('term').select(['id', 'dimensionKey', 'name']).execute();
  const termId = (dimension: string, name: string) =>
    terms.find((term) => term.dimensionKey === dimension && term.name === name)?.id ?? null;
  await db
    .insertInto('objectionNote')
    .values(
      fieldNotes.map(({ text, objection, persona, stage, by, daysAgo }) => {
        const notedAt = new Date(today.getTime() - daysAgo * dayMs);
        return {
          id: newId('obn'),
          text,
          objectionTermId: termId('objection', objection),
          personaTermId: termId('persona', persona),
          stageTermId: termId('stage', stage),
          notedByUserId: userOf(reps[by]?.email ?? ''),
          notedAt,
          updatedAt: notedAt,
          isSample: true,
        };
      }),
    )
    .execute();
}

const flags = [
  { by: 1, daysAgo: 9, reason: 'wrong', note: 'Second visits cost us 140 now, the sheet still says 95.' },
  { by: 3, daysAgo: 5, reason: 'outdated', note: 'The set-up package on sheet two is not sold any more.' },
];

/** Two reps said that the calculator is not right, and nobody has answered. */
async function loadFlags(db: Database, { today, userOf, assetOf }: Known): Promise<void> {
  const assetId = assetOf('ROI calculator.xlsx');
  for (const { by, daysAgo, reason, note } of flags) {
    const searchId = newId('srh');
    const at = new Date(today.getTime() - daysAgo * dayMs);
    await db
      .insertInto('search')
      .values({
        id: searchId,
        userId: userOf(reps[by]?.email ?? ''),
        query: 'roi calculator',
        filters: { termIds: [], audience: null },
        resultCount: 1,
        tookMs: 8,
        searchedAt: at,
      })
      .execute();
    await db.insertInto('searchResult').values({ searchId, assetId, position: 1 }).execute();
    await db
      .insertInto('searchAction')
      .values({ searchId, assetId, kind: 'dismissed', reason, note, actedAt: at })
      .execute();
  }
}
