import { readUploadTicket } from '../assets/service.ts';
import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import type { RenditionState } from './contract.ts';
import { listSimilarToUpload, type SimilarAsset } from './similar.ts';
import { findThumbnail, findUploadRendition } from './similar-queries.ts';
import { sourceKeyOf } from './source.ts';
import { type SuggestedTerm, suggestTerms } from './suggest.ts';

interface UploadInsight {
  state: RenditionState;
  reason: string | null;
  pageCount: number;
  language: string | null;
  hasThumbnail: boolean;
  similar: SimilarAsset[];
  suggestedTerms: SuggestedTerm[];
}

const unknown: UploadInsight = {
  state: 'queued',
  reason: null,
  pageCount: 0,
  language: null,
  hasThumbnail: false,
  similar: [],
  suggestedTerms: [],
};

/** What is known of a file between its upload and its asset; only whoever uploaded it has its ticket. */
export async function readUploadInsight(
  ctx: Context,
  actor: Actor,
  uploadTicket: string,
): Promise<UploadInsight> {
  const { upload, sourceKey, rendition } = await findUpload(ctx, actor, uploadTicket);
  if (!rendition) return unknown;
  const { state, reason, pageCount, language, signature } = rendition;
  const hasThumbnail = (await findThumbnail(ctx.db, rendition.id)) !== undefined;
  const facts = { ...unknown, state, reason, pageCount, language, hasThumbnail };
  if (state === 'queued' || state === 'running') return facts;
  return {
    ...facts,
    similar: signature ? await listSimilarToUpload(ctx.db, upload, signature) : [],
    // A file that could not be read still has a name.
    suggestedTerms: await suggestTerms(ctx, { ...upload, sourceKey, renditionId: rendition.id, language }),
  };
}

export async function getUploadThumbnail(ctx: Context, actor: Actor, uploadTicket: string) {
  const { rendition } = await findUpload(ctx, actor, uploadTicket);
  const found = rendition && (await findThumbnail(ctx.db, rendition.id));
  if (!found) throw new Problem('not_found', 'There is no picture of this upload, or not yet.');
  return found;
}

async function findUpload(ctx: Context, actor: Actor, uploadTicket: string) {
  const upload = readUploadTicket(ctx, actor, uploadTicket);
  const sourceKey = sourceKeyOf({ blobHash: upload.hash, mediaType: upload.mediaType });
  return {
    upload,
    sourceKey,
    rendition: await findUploadRendition(ctx.db, { hash: upload.hash, sourceKey }),
  };
}
