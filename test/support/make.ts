import { createHash } from 'node:crypto';
import type { Insertable } from 'kysely';
import type { Context } from '../../server/src/context.ts';
import type { DB } from '../../server/src/db/types.ts';
import type { Role } from '../../server/src/http/actor.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { seal } from '../../server/src/http/secrets.ts';

type Row<Table extends keyof DB> = Partial<Insertable<DB[Table]>>;

/** Test data straight in the tables; a missing parent is made on the way. */
export type Factories = ReturnType<typeof factories>;

export function factories({ db, blobs, clock, config, instanceKey }: Context) {
  let serial = 0;
  const next = () => ++serial;

  async function user(row: Row<'user'> & { role?: Role } = {}) {
    const number = next();
    return db
      .insertInto('user')
      .values({
        id: newId('usr'),
        email: `user${number}@example.com`,
        name: `User ${number}`,
        role: 'rep',
        passwordHash: '-',
        ...row,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  /** A session as sign-in makes one, as `name=value`. */
  async function sessionCookie(userId: string): Promise<string> {
    const token = newToken();
    const expiresAt = new Date(clock().getTime() + 86_400_000);
    await db
      .insertInto('session')
      .values({ tokenHash: hashToken(token), userId, createdAt: clock(), expiresAt })
      .execute();
    const name = config.publicUrl.startsWith('https:') ? '__Host-offshelf' : 'offshelf';
    return `${name}=${token}`;
  }

  async function term(row: Row<'term'> = {}) {
    const number = next();
    return db
      .insertInto('term')
      .values({ id: newId('trm'), dimensionKey: 'persona', name: `Term ${number}`, position: number, ...row })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async function blob(text: string): Promise<string> {
    const bytes = Buffer.from(text);
    const staged = await blobs.stage(
      (async function* () {
        yield bytes;
      })(),
    );
    await staged.commit();
    const hash = createHash('sha256').update(bytes).digest('hex');
    await db
      .insertInto('blob')
      .values({ hash, sizeBytes: bytes.length, createdAt: clock() })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return hash;
  }

  interface AssetInput extends Row<'asset'> {
    content?: string;
    fileName?: string;
    mediaType?: string;
    termIds?: string[];
  }

  /** A published Markdown file, 60 days old, unless told otherwise. */
  async function asset({ content, fileName, mediaType, termIds = [], ...row }: AssetInput = {}) {
    const number = next();
    const publishedAt = new Date(clock().getTime() - 60 * 86_400_000);
    const assetId = row.id ?? newId('ast');
    const versionId = newId('ver');
    const text = content ?? `# Asset ${number}\n\nSome words about number ${number}.`;
    const blobHash = row.kind === 'web_link' ? null : await blob(text);
    return db.transaction().execute(async (trx) => {
      const made = await trx
        .insertInto('asset')
        .values({
          id: assetId,
          kind: 'file',
          title: `Asset ${number}`,
          audience: 'external',
          status: 'published',
          publishedAt,
          createdAt: publishedAt,
          updatedAt: publishedAt,
          currentVersionId: versionId,
          ...row,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await trx
        .insertInto('assetVersion')
        .values({
          id: versionId,
          assetId,
          number: 1,
          blobHash,
          url: blobHash ? null : `https://example.com/${number}`,
          fileName: blobHash ? (fileName ?? `asset-${number}.md`) : null,
          mediaType: blobHash ? (mediaType ?? 'text/markdown') : 'text/uri-list',
          sizeBytes: blobHash ? Buffer.byteLength(text) : null,
          createdAt: publishedAt,
        })
        .execute();
      await trx
        .insertInto('assetStatusChange')
        .values({ assetId, status: made.status, changedAt: made.publishedAt ?? made.createdAt })
        .execute();
      for (const termId of termIds) await trx.insertInto('assetTerm').values({ assetId, termId }).execute();
      return { ...made, versionId };
    });
  }

  interface RenditionInput extends Row<'rendition'> {
    /** The text of page 1, 2, …, or how many words stand on it. */
    pages?: (string | number)[];
  }

  /** A version's rendition that is done, of one page unless told otherwise. */
  async function rendition({ pages = ['Some words.'], ...row }: RenditionInput & { assetVersionId: string }) {
    const version = await db
      .selectFrom('assetVersion')
      .selectAll()
      .where('id', '=', row.assetVersionId)
      .executeTakeFirstOrThrow();
    const texts = pages.map((page) => (typeof page === 'string' ? page : 'word '.repeat(page).trim()));
    const counts = texts.map((text) => text.split(/\s+/).filter(Boolean).length);
    const made = await db
      .insertInto('rendition')
      .values({
        id: newId('rnd'),
        sourceKey: version.sourceKey,
        method: 2,
        blobHash: version.blobHash,
        mediaType: version.mediaType,
        state: 'done',
        pageCount: pages.length,
        wordCount: counts.reduce((sum, count) => sum + count, 0),
        queuedAt: clock(),
        finishedAt: clock(),
        ...row,
        assetVersionId: version.blobHash ? null : version.id,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    for (const [index, text] of texts.entries())
      await db
        .insertInto('renditionPage')
        .values({ renditionId: made.id, pageNumber: index + 1, text, wordCount: counts[index] ?? 0 })
        .execute();
    await db
      .updateTable('assetVersion')
      .set({ pageCount: pages.length })
      .where('id', '=', version.id)
      .execute();
    return made;
  }

  async function account(row: Row<'account'> = {}) {
    return db
      .insertInto('account')
      .values({ id: newId('acc'), name: `Company ${next()}`, ...row })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async function recipient(row: Row<'recipient'> = {}) {
    const number = next();
    return db
      .insertInto('recipient')
      .values({ id: newId('rcp'), name: `Buyer ${number}`, email: `buyer${number}@customer.example`, ...row })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async function shareLink(row: Row<'shareLink'> = {}) {
    const token = newToken();
    const made = await db
      .insertInto('shareLink')
      .values({
        id: newId('lnk'),
        assetId: row.assetId ?? (await asset()).id,
        recipientId: row.recipientId ?? (await recipient()).id,
        createdByUserId: row.createdByUserId ?? (await user()).id,
        tokenHash: hashToken(token),
        tokenSealed: seal(instanceKey, 'share-token', token),
        createdAt: clock(),
        ...row,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return { ...made, token };
  }

  interface VisitInput extends Row<'visit'> {
    /** Active milliseconds of page 1, 2, … */
    pages?: number[];
    class?: string;
    probability?: number;
  }

  /** A visit of a minute that was judged human-likely, with its pages. */
  async function visit({
    pages = [30_000],
    class: judgedAs = 'human-likely',
    probability = 0.9,
    ...row
  }: VisitInput = {}) {
    const link = row.shareLinkId
      ? await db
          .selectFrom('shareLink')
          .selectAll()
          .where('id', '=', row.shareLinkId)
          .executeTakeFirstOrThrow()
      : await shareLink();
    const { currentVersionId } = await db
      .selectFrom('asset')
      .select('currentVersionId')
      .where('id', '=', link.assetId)
      .executeTakeFirstOrThrow();
    const visitorId = row.visitorId ?? newId('vis');
    if (!row.visitorId)
      await db
        .insertInto('visitor')
        .values({ id: visitorId, keyKind: 'visit', keyHash: newToken(), createdAt: clock() })
        .execute();
    const startedAt = row.startedAt ?? clock();
    const made = await db
      .insertInto('visit')
      .values({
        id: newId('vis'),
        shareLinkId: link.id,
        visitorId,
        startedAt,
        // As long as its pages took: nobody reads for longer than a visit lasts.
        lastActiveAt: new Date(
          new Date(startedAt).getTime() + pages.reduce((sum, activeMs) => sum + activeMs, 0),
        ),
        ...row,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    const assetVersionId = currentVersionId ?? '';
    await db
      .insertInto('visitVersion')
      .values({ visitId: made.id, assetVersionId, openedAt: startedAt })
      .execute();
    for (const [index, activeMs] of pages.entries())
      await db
        .insertInto('pageView')
        .values({
          visitId: made.id,
          visitStartedAt: startedAt,
          tabKey: 'tab00001',
          assetVersionId,
          pageNumber: index + 1,
          activeMs,
          firstSeenAt: startedAt,
          updatedAt: startedAt,
        })
        .execute();
    await db
      .insertInto('judgement')
      .values({
        visitId: made.id,
        class: judgedAs,
        probability,
        reasons: [{ rule: 'test', weight: 0, sentence: 'Made by a test.' }],
        ruleVersion: 1,
        judgedAt: made.lastActiveAt,
      })
      .execute();
    return made;
  }

  interface SearchInput extends Row<'search'> {
    /** What was shown, best first. */
    assetIds?: string[];
    actions?: Partial<Insertable<DB['searchAction']>>[];
  }

  /** A search that found nothing, unless told otherwise. */
  async function search({ assetIds = [], actions = [], ...row }: SearchInput = {}) {
    const searchedAt = row.searchedAt ?? clock();
    const made = await db
      .insertInto('search')
      .values({
        id: newId('srh'),
        userId: row.userId ?? (await user()).id,
        query: row.query ?? `Words ${next()}`,
        filters: { termIds: row.termIds ?? [], audience: null },
        resultCount: assetIds.length,
        tookMs: 1,
        searchedAt,
        ...row,
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    for (const [index, assetId] of assetIds.entries())
      await db
        .insertInto('searchResult')
        .values({ searchId: made.id, assetId, position: index + 1 })
        .execute();
    for (const action of actions)
      await db
        .insertInto('searchAction')
        .values({
          searchId: made.id,
          assetId: assetIds[0] ?? '',
          kind: 'opened',
          actedAt: searchedAt,
          ...action,
        })
        .execute();
    return made;
  }

  /** A user typed this and then chose the term. */
  async function termChoice(row: Pick<Insertable<DB['termChoice']>, 'phrase' | 'termId' | 'userId'>) {
    await db
      .insertInto('termChoice')
      .values({ isRefused: false, chosenAt: clock(), ...row })
      .execute();
  }

  return {
    account,
    user,
    sessionCookie,
    term,
    blob,
    asset,
    rendition,
    recipient,
    shareLink,
    visit,
    search,
    termChoice,
  };
}
