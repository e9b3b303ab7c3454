import type { Database } from '../db/database.ts';
import { newId } from '../http/ids.ts';
import { Problem } from '../http/problem.ts';
import { enqueueOnce } from '../jobs/catalog.ts';
import { titleFromFileName } from './file-name.ts';
import { warnOfType } from './media-type.ts';
import { listHolders } from './queries.ts';
import type { StoredUpload } from './ticket.ts';
import { hasBlob, insertVersion, lockHash, nextVersionNumber } from './write-queries.ts';

/** What a version is made of: a file in the store or a web address. */
export type Content = { kind: 'file'; upload: StoredUpload } | { kind: 'web_link'; url: string };

/** What is written in the name of whom, and when. */
export interface Author {
  userId: string | null;
  now: Date;
  /** One of many at once, for which nobody waits as they do for what they just added. */
  isInBulk?: boolean;
}

/** A web link has no bytes; the type of a list of addresses says so. */
const webLinkType = 'text/uri-list';

/**
 * Holds the file for this transaction: it can't be swept any more, and nobody else makes an asset of the same file
 * at the same moment.
 */
export async function claimFile(trx: Database, upload: StoredUpload): Promise<void> {
  await lockHash(trx, upload.hash);
  if (!(await hasBlob(trx, upload.hash)))
    throw new Problem('ticket_expired', 'The uploaded file is no longer waiting. Upload it again.');
}

/** Throws when an asset that is not archived already holds this file; the file has to be claimed before. */
export async function refuseDuplicate(trx: Database, upload: StoredUpload): Promise<void> {
  const [holder] = await listHolders(trx, upload.hash);
  if (!holder) return;
  throw new Problem(
    'duplicate_file',
    `“${holder.title}” holds the same file. Open that asset, or say that you want a second one.`,
    [{ pointer: '/body/uploadTicket', detail: holder.assetId }],
  );
}

/** Adds the next version of an asset and has it rendered. The asset's row has to name it as current. */
export async function addContent(
  trx: Database,
  assetId: string,
  content: Content,
  { userId, now, isInBulk }: Author,
): Promise<string> {
  const versionId = newId('ver');
  const number = await nextVersionNumber(trx, assetId);
  await insertVersion(trx, {
    id: versionId,
    assetId,
    number,
    createdByUserId: userId,
    createdAt: now,
    ...columnsOf(content),
  });
  if (content.kind === 'file') await requestRendering(trx, content.upload, isInBulk ? 50 : 0);
  else await enqueueOnce(trx, 'read-web-link', { assetVersionId: versionId });
  return versionId;
}

/** Whoever just uploaded a file waits for its first page, so it goes before the backlog. */
export async function requestRendering(trx: Database, upload: StoredUpload, priority = 0): Promise<void> {
  const { hash: blobHash, mediaType, fileName } = upload;
  await enqueueOnce(trx, 'render-file', { blobHash, mediaType, fileName }, { priority });
}

function columnsOf(content: Content) {
  if (content.kind === 'web_link') return { url: content.url, mediaType: webLinkType };
  const { hash, fileName, mediaType, sizeBytes } = content.upload;
  return { blobHash: hash, fileName, mediaType, sizeBytes, typeWarning: warnOfType(mediaType, fileName) };
}

export function titleOf(content: Content): string {
  if (content.kind === 'file') return titleFromFileName(content.upload.fileName);
  const { host, pathname } = new URL(content.url);
  return `${host.replace(/^www\./, '')}${readable(pathname).replace(/\/+$/, '')}`
    .slice(0, 200)
    .toWellFormed();
}

function readable(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    return pathname;
  }
}
