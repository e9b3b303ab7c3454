import type { Insertable } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import type { DB } from '../../server/src/db/types.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { seal } from '../../server/src/http/secrets.ts';
import { ruleVersion } from '../../server/src/judging/rules.ts';
import { recipientAt } from './activity-links.ts';
import { humanAgents, messages } from './activity-words.ts';
import { dayMs } from './deals.ts';
import type { PastLink } from './past-deals.ts';
import { planPages } from './past-reading.ts';
import { createRandom } from './random.ts';

interface Known {
  today: Date;
  instanceKey: Buffer;
  /** By the file name of the asset. */
  entryOf: (file: string) => { assetId: string; versionId: string; pageCount: number };
  userOf: (email: string) => string;
}

type Rows = {
  [Table in
    | 'shareLink'
    | 'visitor'
    | 'visit'
    | 'visitVersion'
    | 'pageView'
    | 'watchedRange'
    | 'judgement'
    | 'followUp']: Insertable<DB[Table]>[];
};

/** Writes the share links of the past in bulk: one recipient for each account, and one sitting for each link that was read. */
export async function loadPast(trx: Database, links: PastLink[], known: Known): Promise<void> {
  const random = createRandom(31);
  const recipientIds = await writeRecipients(trx, links);
  const rows: Rows = {
    shareLink: [],
    visitor: [],
    visit: [],
    visitVersion: [],
    pageView: [],
    watchedRange: [],
    judgement: [],
    followUp: [],
  };
  for (const { account, ownerEmail, file, sharedAt, readAt, watched } of links) {
    const { assetId, versionId, pageCount } = known.entryOf(file);
    const token = newToken();
    const shareLinkId = newId('lnk');
    rows.shareLink.push({
      id: shareLinkId,
      assetId,
      recipientId: recipientIds.get(account) ?? '',
      createdByUserId: known.userOf(ownerEmail),
      tokenHash: hashToken(token),
      tokenSealed: seal(known.instanceKey, 'share-token', token),
      message: random.pick(messages),
      isSample: true,
      createdAt: sharedAt,
    });
    if (!readAt) continue;
    const visitorId = newId('vis');
    const visitId = newId('vis');
    const pages = watched
      ? [watched.reduce((sum, [from, to]) => sum + (to - from) * 1000, 0)]
      : planPages(random, file, pageCount);
    const activeMs = pages.reduce((sum, ms) => sum + ms, 0);
    const lastActiveAt = new Date(readAt.getTime() + activeMs);
    rows.visitor.push({
      id: visitorId,
      keyKind: 'cookie',
      keyHash: hashToken(newToken()),
      createdAt: readAt,
    });
    rows.visit.push({
      id: visitId,
      shareLinkId,
      visitorId,
      userAgent: random.pick(humanAgents),
      startedAt: readAt,
      lastActiveAt,
      hasTrustedInput: true,
      beatNumbers: `{[1,${Math.ceil(activeMs / 15_000) + 2})}`,
    });
    rows.visitVersion.push({ visitId, assetVersionId: versionId, openedAt: readAt });
    for (const [index, ms] of pages.entries())
      rows.pageView.push({
        visitId,
        visitStartedAt: readAt,
        tabKey: 'sample00',
        assetVersionId: versionId,
        pageNumber: index + 1,
        activeMs: ms,
        firstSeenAt: readAt,
        updatedAt: lastActiveAt,
      });
    if (watched)
      rows.watchedRange.push({
        visitId,
        assetVersionId: versionId,
        seconds: `{${watched.map(([from, to]) => `[${from},${to})`).join(',')}}`,
        updatedAt: lastActiveAt,
      });
    const followedUpAt = new Date(readAt.getTime() + random.between(0.08, 3) * dayMs);
    if (random.chance(ownerEmail.startsWith('luis') ? 0.2 : 0.6) && followedUpAt < known.today)
      rows.followUp.push({
        id: newId('fup'),
        shareLinkId,
        userId: known.userOf(ownerEmail),
        kind: random.pick(['mail', 'mail', 'call', 'meeting']),
        followedUpAt,
      });
    rows.judgement.push({
      visitId,
      class: 'human-likely',
      probability: random.between(0.84, 0.97),
      reasons: [{ rule: '', weight: 0, sentence: 'Read at a human pace' }],
      ruleVersion,
      judgedAt: lastActiveAt,
    });
  }
  await writeRows(trx, rows);
}

async function writeRows(trx: Database, rows: Rows): Promise<void> {
  for (const batch of batches(rows.shareLink)) await trx.insertInto('shareLink').values(batch).execute();
  for (const batch of batches(rows.visitor)) await trx.insertInto('visitor').values(batch).execute();
  for (const batch of batches(rows.visit)) await trx.insertInto('visit').values(batch).execute();
  for (const batch of batches(rows.visitVersion))
    await trx.insertInto('visitVersion').values(batch).execute();
  for (const batch of batches(rows.pageView)) await trx.insertInto('pageView').values(batch).execute();
  for (const batch of batches(rows.watchedRange))
    await trx.insertInto('watchedRange').values(batch).execute();
  for (const batch of batches(rows.followUp)) await trx.insertInto('followUp').values(batch).execute();
  for (const batch of batches(rows.judgement)) await trx.insertInto('judgement').values(batch).execute();
}

/** The first contact of each account, who may be known already. */
async function writeRecipients(trx: Database, links: PastLink[]): Promise<Map<string, string>> {
  const since = new Map<string, Date>();
  for (const { account, sharedAt } of links) {
    const before = since.get(account);
    if (!before || sharedAt < before) since.set(account, sharedAt);
  }
  const accounts = await trx.selectFrom('account').select(['id', 'name']).execute();
  const accountIds = new Map(accounts.map(({ id, name }) => [name, id]));
  const people = [...since].map(([account, createdAt]) => {
    const { name, email } = recipientAt(account, 0);
    return { account, name, email, accountId: accountIds.get(account) ?? null, isSample: true, createdAt };
  });
  const known = await trx
    .selectFrom('recipient')
    .select(['id', 'email'])
    .where(
      'email',
      'in',
      people.map(({ email }) => email),
    )
    .execute();
  const recipientIds = new Map(known.map(({ id, email }) => [email, id]));
  const missing = people.filter(({ email }) => !recipientIds.has(email));
  const contacts = missing.map(({ account: _, ...person }) => ({ id: newId('con'), ...person }));
  for (const batch of batches(contacts)) await trx.insertInto('contact').values(batch).execute();
  const recipients = contacts.map(({ id: contactId, ...person }) => ({
    id: newId('rcp'),
    contactId,
    ...person,
  }));
  for (const batch of batches(recipients)) await trx.insertInto('recipient').values(batch).execute();
  for (const { id, email } of recipients) recipientIds.set(email, id);
  return new Map(people.map(({ account, email }) => [account, recipientIds.get(email) ?? '']));
}

function* batches<Row>(rows: Row[]): Generator<Row[]> {
  for (let start = 0; start < rows.length; start += 500) yield rows.slice(start, start + 500);
}
