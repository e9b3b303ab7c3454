import type { Insertable } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import type { DB } from '../../server/src/db/types.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { seal } from '../../server/src/http/secrets.ts';
import { ruleVersion } from '../../server/src/judging/rules.ts';
import { recipientAt } from './activity-links.ts';
import { humanAgents, messages } from './activity-words.ts';
import type { PastLink } from './past-deals.ts';
import { createRandom } from './random.ts';

interface Known {
  instanceKey: Buffer;
  /** By the file name of the asset. */
  entryOf: (file: string) => { assetId: string; versionId: string; pageCount: number };
  userOf: (email: string) => string;
}

type Rows = { [Table in keyof DB]?: Insertable<DB[Table]>[] };

/** Writes the share links of the past in bulk: one recipient for each account, and one sitting for each link that was read. */
export async function loadPast(trx: Database, links: PastLink[], known: Known): Promise<void> {
  const random = createRandom(31);
  const recipientIds = await writeRecipients(trx, links);
  const rows = {
    shareLink: [] as Insertable<DB['shareLink']>[],
    visitor: [] as Insertable<DB['visitor']>[],
    visit: [] as Insertable<DB['visit']>[],
    visitVersion: [] as Insertable<DB['visitVersion']>[],
    pageView: [] as Insertable<DB['pageView']>[],
    judgement: [] as Insertable<DB['judgement']>[],
  } satisfies Rows;
  for (const { account, ownerEmail, file, sharedAt, readAt } of links) {
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
    const pages = Array.from({ length: pageCount }, () => random.whole(20, 110) * 1000);
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
    rows.judgement.push({
      visitId,
      class: 'human-likely',
      probability: random.between(0.84, 0.97),
      reasons: [{ rule: '', weight: 0, sentence: 'Read at a human pace' }],
      ruleVersion,
      judgedAt: lastActiveAt,
    });
  }
  for (const batch of batches(rows.shareLink)) await trx.insertInto('shareLink').values(batch).execute();
  for (const batch of batches(rows.visitor)) await trx.insertInto('visitor').values(batch).execute();
  for (const batch of batches(rows.visit)) await trx.insertInto('visit').values(batch).execute();
  for (const batch of batches(rows.visitVersion))
    await trx.insertInto('visitVersion').values(batch).execute();
  for (const batch of batches(rows.pageView)) await trx.insertInto('pageView').values(batch).execute();
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
