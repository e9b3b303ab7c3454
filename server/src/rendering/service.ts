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
  return found && toHtml(assetVersionId, found);
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
  return toHtml(assetVersionId, found);
}

type Found = NonNullable<Awaited<ReturnType<typeof findVersionText>>>;

/** The texts that were rendered last: a share page is opened many times and its text never changes. */
const rendered = new Map<string, { body: string; html: string }>();
const mostRendered = 32;

function renderOnce(assetVersionId: string, mediaType: string, body: string): string {
  const known = rendered.get(assetVersionId);
  rendered.delete(assetVersionId);
  const render = mediaType === 'text/markdown' ? renderMarkdown : renderPlainText;
  const html = known?.body === body ? known.html : render(body);
  rendered.set(assetVersionId, { body, html });
  const [oldest] = rendered.keys();
  if (rendered.size > mostRendered && oldest) rendered.delete(oldest);
  return html;
}

function toHtml(
  assetVersionId: string,
  { blobHash, mediaType, state, body, wordCount, reason }: Found,
): VersionHtml {
  if (blobHash === null) return { state: 'unsupported', html: '', wordCount: 0, reason: reasonWebLink };
  if (state === null) return { state: 'queued', html: '', wordCount: 0, reason: null };
  const html = state === 'done' ? renderOnce(assetVersionId, mediaType, body ?? '') : '';
  return { state: state as VersionHtml['state'], html, wordCount: wordCount ?? 0, reason };
}

/** The words of a text without the marks around them, as search and the count of words want them. */
export function plainTextOf(mediaType: string, body: string): string {
  return mediaType === 'text/markdown' ? markdownWords(body) : body;
}
