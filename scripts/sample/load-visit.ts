import type { Database } from '../../server/src/db/database.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { ruleVersion } from '../../server/src/judging/rules.ts';
import type { PlannedShareLink, PlannedVisit } from './activity-plan.ts';

export async function ensureRecipient(
  trx: Database,
  { recipient, createdAt }: Pick<PlannedShareLink, 'recipient' | 'createdAt'>,
): Promise<string> {
  const { name, email } = recipient;
  if (email === null) {
    const id = newId('rcp');
    await trx
      .insertInto('recipient')
      .values({ id, kind: 'channel', name, isSample: true, createdAt })
      .execute();
    return id;
  }
  const known = await trx.selectFrom('recipient').select('id').where('email', '=', email).executeTakeFirst();
  if (known) return known.id;
  const account = await trx
    .selectFrom('account')
    .select('id')
    .where('name', '=', recipient.account)
    .executeTakeFirst();
  const contactId = newId('con');
  const shared = {
    name,
    email,
    accountId: account?.id ?? null,
    isSample: true,
    createdAt,
  };
  await trx
    .insertInto('contact')
    .values({ id: contactId, ...shared })
    .execute();
  const id = newId('rcp');
  await trx
    .insertInto('recipient')
    .values({ id, contactId, ...shared })
    .execute();
  return id;
}

export async function insertVisitor(
  trx: Database,
  { startedAt, knownBy }: Pick<PlannedVisit, 'startedAt' | 'knownBy'>,
): Promise<string> {
  const id = newId('vis');
  await trx
    .insertInto('visitor')
    .values({
      id,
      keyKind: knownBy?.key ?? 'cookie',
      keyHash: hashToken(newToken()),
      email: knownBy?.email ?? null,
      name: knownBy?.name ?? null,
      createdAt: startedAt,
    })
    .execute();
  return id;
}

/** Writes a sitting in which these versions were opened and read. */
export async function loadVisit(
  trx: Database,
  shareLinkId: string,
  visitorId: string,
  { startedAt, userAgent, judgement, country }: Omit<PlannedVisit, 'visitor' | 'pages'>,
  opened: { versionId: string; pages: PlannedVisit['pages'] }[],
): Promise<void> {
  const seen = opened.flatMap(({ versionId, pages }) => pages.map((page) => ({ versionId, ...page })));
  const visitId = newId('vis');
  const activeMs = seen.reduce((sum, page) => sum + page.activeMs, 0);
  const lastActiveAt = new Date(startedAt.getTime() + activeMs);
  await trx
    .insertInto('visit')
    .values({
      id: visitId,
      shareLinkId,
      visitorId,
      userAgent,
      country: country ?? null,
      startedAt,
      lastActiveAt,
      // Judged again, what was invented to be a person's has to look like one's.
      hasTrustedInput: judgement.class.startsWith('human'),
      // One at the beginning and one every 15 seconds, and none was lost.
      beatNumbers: `{[1,${Math.ceil(activeMs / 15_000) + 2})}`,
    })
    .execute();
  await trx
    .insertInto('visitVersion')
    .values(opened.map(({ versionId }) => ({ visitId, assetVersionId: versionId, openedAt: startedAt })))
    .execute();
  if (seen.length > 0)
    await trx
      .insertInto('pageView')
      .values(
        seen.map((page) => ({
          visitId,
          visitStartedAt: startedAt,
          tabKey: 'sample00',
          assetVersionId: page.versionId,
          pageNumber: page.page,
          activeMs: page.activeMs,
          firstSeenAt: startedAt,
          updatedAt: lastActiveAt,
        })),
      )
      .execute();
  await trx
    .insertInto('judgement')
    .values({
      visitId,
      ...judgement,
      reasons: judgement.reasons.map((sentence) => ({ rule: '', weight: 0, sentence })),
      ruleVersion,
      judgedAt: lastActiveAt,
    })
    .execute();
}
