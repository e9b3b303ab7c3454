import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deliverMail } from '../auth/mail.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { enqueue, type JobPayload } from '../jobs/catalog.ts';
import { findPageImage } from '../rendering/service.ts';
import { findMailedLink, markMailAsked, markMailed } from './change-queries.ts';
import { type ShareLink, undoMs } from './contract.ts';
import type { ShareLinkRow } from './queries.ts';
import { getShareLinks, stateOf, toShareLink, unsealUrl } from './share-link.ts';
import { composeMail, pictureId } from './share-mail.ts';

const pictureLimitBytes = 500_000;

/** Queues a mail for each. It leaves when the share link can no longer be undone, so undoing takes it back as well. */
export async function mailShareLinks(
  ctx: Context,
  actor: Actor,
  shareLinkIds: string[],
): Promise<{ items: ShareLink[] }> {
  const { db, config, clock, log } = ctx;
  if (!config.mail)
    throw new Problem(
      'unavailable',
      'This instance has no mail server. Copy the link and send it yourself, or ask an admin to set SMTP_URL.',
    );
  const now = clock();
  const items = await db.transaction().execute(async (trx) => {
    const mine = (row: ShareLinkRow) => row.createdByUserId === actor.userId;
    const rows = await getShareLinks(trx, shareLinkIds, mine);
    for (const row of rows) refuseMail(row, now);
    const asked = await markMailAsked(trx, shareLinkIds, now);
    for (const { id: shareLinkId, createdAt } of rows.filter(({ id }) => asked.includes(id)))
      await enqueue(
        trx,
        'send-share-mail',
        { shareLinkId },
        { key: `send-share-mail:${shareLinkId}`, runAt: new Date(createdAt.getTime() + undoMs) },
      );
    return (await getShareLinks(trx, shareLinkIds, mine)).map((row) => toShareLink(row, now));
  });
  log.info({ event: 'share_links_to_be_mailed', shareLinkIds, userId: actor.userId });
  return { items };
}

function refuseMail(row: ShareLinkRow, now: Date): void {
  const state = stateOf(row, now);
  if (row.recipientEmail === null)
    throw new Problem(
      'conflict',
      `Nobody knows an e-mail address of ${row.recipientName}. Copy the link and send it yourself.`,
    );
  if (state === 'revoked' || state === 'expired')
    throw new Problem(
      'conflict',
      `The share link for ${row.recipientName} is ${state}, so it was not mailed.`,
    );
  if (row.mailAskedAt)
    throw new Problem(
      'conflict',
      `The share link for ${row.recipientName} was mailed already. Copy it to send it again.`,
    );
}

/** The address and the content are read now: what was undone, revoked or mailed in the meantime is not sent. */
export async function sendShareMail(
  ctx: Context,
  { shareLinkId }: JobPayload<'send-share-mail'>,
): Promise<void> {
  const { db, config, clock, log } = ctx;
  const link = await findMailedLink(db, shareLinkId);
  const state = link && stateOf(link, clock());
  if (!link?.recipientEmail || link.undoneAt || link.mailedAt || state === 'revoked' || state === 'expired') {
    log.info({ event: 'share_mail_dropped', shareLinkId });
    return;
  }
  if (!config.mail) throw new Error('No mail server is set. Set SMTP_URL and MAIL_FROM.');
  const url = unsealUrl(ctx, link.tokenSealed);
  if (!url) throw new Error('The URL was sealed with another instance key. Make a new share link.');
  const picture = link.versionId === null ? undefined : await readPicture(ctx, link.versionId);
  const mail = composeMail({ ...link, url, hasPicture: picture !== undefined });
  await deliverMail(config.mail, {
    to: link.recipientEmail,
    fromName: link.senderName,
    replyTo: link.senderEmail,
    ...mail,
    ...(picture && { picture: { contentId: pictureId, bytes: picture } }),
  });
  await markMailed(db, shareLinkId, clock());
  log.info({ event: 'share_mail_sent', shareLinkId });
}

/** The first page in small, as JPEG, which every mail program shows; without one the mail goes as it is. */
async function readPicture(ctx: Context, assetVersionId: string): Promise<Buffer | undefined> {
  const { db, blobs, sandbox, log } = ctx;
  const image = await findPageImage(db, assetVersionId, 1, 'thumbnail');
  if (!image || image.sizeBytes > pictureLimitBytes) return undefined;
  try {
    const { stream, sizeBytes } = await blobs.read(image.blobHash);
    await using staged = await sandbox.stage(stream, sizeBytes);
    let picture: Buffer | undefined;
    await sandbox.run(
      'make-jpeg',
      staged.path,
      { width: 480 },
      {
        isAwaited: true,
        onResult: async (_result, folder) => {
          picture = await readFile(join(folder, 'picture.jpg'));
        },
      },
    );
    return picture;
  } catch (err) {
    log.warn({ event: 'share_mail_without_picture', assetVersionId, err });
    return undefined;
  }
}
