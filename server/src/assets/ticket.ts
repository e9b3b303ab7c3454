import { z } from 'zod';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { sign, unsign } from '../http/secrets.ts';

/** A file that is whole in the store and belongs to no asset yet. */
export interface StoredUpload {
  hash: string;
  sizeBytes: number;
  fileName: string;
  mediaType: string;
}

const purpose = 'upload';
const validMs = 24 * 3_600_000;

const payload = z.tuple([z.string(), z.int(), z.string(), z.string(), z.string(), z.int()]);

/** A signed note of what was uploaded and by whom, so that nothing has to be kept between upload and use. */
export function issueTicket(instanceKey: Buffer, now: Date, actor: Actor, upload: StoredUpload): string {
  const { hash, sizeBytes, fileName, mediaType } = upload;
  const fields: z.infer<typeof payload> = [
    hash,
    sizeBytes,
    fileName,
    mediaType,
    actor.userId,
    now.getTime() + validMs,
  ];
  return sign(instanceKey, purpose, JSON.stringify(fields));
}

/** What the ticket stands for; throws when it is not ours, somebody else's or too old. */
export function readTicket(instanceKey: Buffer, now: Date, actor: Actor, ticket: string): StoredUpload {
  const text = unsign(instanceKey, purpose, ticket);
  if (text === undefined) refuse('This upload ticket was not made here. Upload the file again.');
  const [hash, sizeBytes, fileName, mediaType, userId, expiresAt] = payload.parse(JSON.parse(text));
  if (userId !== actor.userId) refuse('Somebody else uploaded this file. Upload it yourself and try again.');
  if (expiresAt <= now.getTime()) refuse('This upload is more than a day old. Upload the file again.');
  return { hash, sizeBytes, fileName, mediaType };
}

function refuse(detail: string): never {
  throw new Problem('ticket_expired', detail);
}
