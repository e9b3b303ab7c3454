import { canReadAsset } from '../assets/service.ts';
import type { Database } from '../db/database.ts';
import type { Actor } from '../http/actor.ts';
import { Problem } from '../http/problem.ts';
import { reasonWebLink } from './extractors.ts';
import { renderMarkdown, renderPlainText } from './markdown.ts';
import { markdownWords } from './plain-text.ts';
import { findVersionText } from './queries.ts';

export interface VersionHtml {
  state: 'queued' | 'done' | 'failed' | 'unsupported';
  /** Safe to put into a page as it is; empty unless the state is done. */
  html: string;
  wordCount: number;
  reason: string | null;
}

/** The text of a version as safe HTML, whoever asks; undefined when there is no such version. */
export async function findVersionHtml(
  db: Database,
  assetVersionId: string,
): Promise<VersionHtml | undefined> {
  const found = await findVersionText(db, assetVersionId);
  return found && toHtml(found);
}

/** The same for a signed-in user, who sees it only if they see the asset. */
export async function readVersionText(
  db: Database,
  actor: Actor,
  assetVersionId: string,
): Promise<VersionHtml> {
  const found = await findVersionText(db, assetVersionId);
  if (!found || !canReadAsset(actor, found.status))
    throw new Problem(
      'not_found',
      'There is no such version, or its asset is not published. Go back to the library.',
    );
  return toHtml(found);
}

type Found = NonNullable<Awaited<ReturnType<typeof findVersionText>>>;

function toHtml({ blobHash, mediaType, state, body, wordCount, reason }: Found): VersionHtml {
  if (blobHash === null) return { state: 'unsupported', html: '', wordCount: 0, reason: reasonWebLink };
  if (state === null) return { state: 'queued', html: '', wordCount: 0, reason: null };
  const render = mediaType === 'text/markdown' ? renderMarkdown : renderPlainText;
  const html = state === 'done' ? render(body ?? '') : '';
  return { state: state as VersionHtml['state'], html, wordCount: wordCount ?? 0, reason };
}

/** The words of a text without the marks around them, as search and the count of words want them. */
export function plainTextOf(mediaType: string, body: string): string {
  return mediaType === 'text/markdown' ? markdownWords(body) : body;
}
