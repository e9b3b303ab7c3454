import { sql } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import { samplePeople } from './people.ts';

/**
 * Takes the sample data out again, and what hangs on it: share links to sample assets, searches of sample
 * users. What real users made stays. Files that nothing refers to any more go with the nightly sweep.
 * Answers false, with nothing removed, when it would leave real users without an admin.
 */
export async function removeSampleData(db: Database): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    if (await wouldLeaveNoAdmin(trx)) return false;
    const sampleUsers = trx.selectFrom('user').select('id').where('isSample', '=', true);
    const sampleAssets = trx.selectFrom('asset').select('id').where('isSample', '=', true);
    const sampleRooms = trx
      .selectFrom('room')
      .select('id')
      .where((where) =>
        where.or([where('isSample', '=', true), where('createdByUserId', 'in', sampleUsers)]),
      );
    const sampleLinks = trx
      .selectFrom('shareLink')
      .select('id')
      .where((where) =>
        where.or([
          where('isSample', '=', true),
          where('assetId', 'in', sampleAssets),
          where('roomId', 'in', sampleRooms),
          where('createdByUserId', 'in', sampleUsers),
        ]),
      );
    await trx.deleteFrom('roomQuestion').where('shareLinkId', 'in', sampleLinks).execute();
    await trx.deleteFrom('shareLink').where('id', 'in', sampleLinks).execute();
    await trx.deleteFrom('room').where('id', 'in', sampleRooms).execute();
    // A room of somebody real stays, without what was of the sample.
    await trx.deleteFrom('roomItem').where('assetId', 'in', sampleAssets).execute();
    await trx.deleteFrom('followUp').where('userId', 'in', sampleUsers).execute();
    await trx.deleteFrom('search').where('userId', 'in', sampleUsers).execute();
    await trx.deleteFrom('termChoice').where('userId', 'in', sampleUsers).execute();
    await trx.deleteFrom('gapDecision').where('decidedByUserId', 'in', sampleUsers).execute();
    await trx
      .deleteFrom('request')
      .where((where) => where.or([where('isSample', '=', true), where('createdByUserId', 'in', sampleUsers)]))
      .execute();
    await trx
      .deleteFrom('decision')
      .where((where) => where.or([where('isSample', '=', true), where('decidedByUserId', 'in', sampleUsers)]))
      .execute();
    await trx
      .deleteFrom('objectionNote')
      .where((where) => where.or([where('isSample', '=', true), where('notedByUserId', 'in', sampleUsers)]))
      .execute();
    await trx.deleteFrom('flagAnswer').where('answeredByUserId', 'in', sampleUsers).execute();
    await trx.deleteFrom('coverageTarget').where('setByUserId', 'in', sampleUsers).execute();
    await trx.deleteFrom('currencyRate').where('changedByUserId', 'in', sampleUsers).execute();
    await trx
      .deleteFrom('teamSetting')
      .where(
        'team',
        'in',
        samplePeople.flatMap(({ team }) => team ?? []),
      )
      .execute();
    await trx.deleteFrom('assetActivity').where('userId', 'in', sampleUsers).execute();
    await trx.deleteFrom('asset').where('isSample', '=', true).execute();
    await trx
      .deleteFrom('visitor')
      .where(sql<boolean>`not exists (select from visit where visitor_id = visitor.id)`)
      .execute();
    await trx
      .deleteFrom('recipient')
      .where('isSample', '=', true)
      .where(sql<boolean>`not exists (select from share_link where recipient_id = recipient.id)`)
      .execute();
    await trx.deleteFrom('contact').where('isSample', '=', true).execute();
    await trx.deleteFrom('deal').where('isSample', '=', true).execute();
    await trx
      .deleteFrom('account')
      .where('isSample', '=', true)
      .where(sql<boolean>`not exists (select from deal where account_id = account.id)`)
      .execute();
    await trx
      .deleteFrom('term')
      .where('isSample', '=', true)
      .where(sql<boolean>`not exists (select from asset_term where term_id = term.id)`)
      .where(sql<boolean>`not exists (select from request_term where term_id = term.id)`)
      .execute();
    await sql`delete from import_run where plan #>> '{options,isSample}' = 'true'`.execute(trx);
    await releaseFromUsers(trx);
    await trx.deleteFrom('user').where('isSample', '=', true).execute();
    return true;
  });
}

async function wouldLeaveNoAdmin(trx: Database): Promise<boolean> {
  const staying = await trx
    .selectFrom('user')
    .select(['role', 'deactivatedAt'])
    .where('isSample', '=', false)
    .execute();
  return staying.length > 0 && !staying.some((user) => user.role === 'admin' && user.deactivatedAt === null);
}

/** What real users keep may still name a sample user as its owner or maker. */
async function releaseFromUsers(trx: Database): Promise<void> {
  const references: [string, string][] = [
    ['asset', 'owner_user_id'],
    ['asset', 'created_by_user_id'],
    ['asset_version', 'created_by_user_id'],
    ['asset_status_change', 'changed_by_user_id'],
    ['import_run', 'created_by_user_id'],
    ['judgement', 'judged_by_user_id'],
    ['share_link', 'transferred_from_user_id'],
    ['decision', 'undone_by_user_id'],
  ];
  for (const [table, column] of references)
    await sql`update ${sql.table(table)} set ${sql.ref(column)} = null
      where ${sql.ref(column)} in (select id from "user" where is_sample)`.execute(trx);
}
