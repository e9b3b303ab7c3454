import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import type { Guest } from '../tracking/token.ts';
import type { OpenLink } from './gates.ts';
import { type Html, html } from './html.ts';
import { createKept } from './kept.ts';
import { personErased } from './person-queries.ts';

interface Picture {
  blobHash: string;
  sizeBytes: number;
}

const keptBytes = 64 * 1_048_576;
const longestLabel = 64;

/** What is drawn on every page: whose copy it is. Undefined where the policy asks for nothing. */
export function labelOf(link: OpenLink, guest: Guest | null, now: Date): string | undefined {
  if (!link.hasWatermark) return undefined;
  const label = guest?.email ?? `${link.recipientName}, ${now.toISOString().slice(0, 10)}`;
  return label.length <= longestLabel ? label : `${label.slice(0, longestLabel - 1).toWellFormed()}…`;
}

/** Tells pictures of one viewer from those of another, also in one browser. */
export function markVersion(label: string | undefined): string {
  return label === undefined ? '' : `-${hashOf(label).slice(0, 6)}`;
}

function hashOf(label: string): string {
  return createHash('sha256').update(label).digest('hex');
}

export type Watermarks = ReturnType<typeof createWatermarks>;

/** Draws whose copy it is on pictures of pages, and keeps the last of them: for each viewer and page one. */
export function createWatermarks({
  blobs,
  sandbox,
  listener,
}: Pick<Context, 'blobs' | 'sandbox' | 'listener'>) {
  const kept = createKept<Buffer>(keptBytes, ({ length }) => length);
  const drawings = new Map<string, Promise<Buffer>>();

  async function draw({ blobHash, sizeBytes }: Picture, label: string): Promise<Buffer> {
    const { stream } = await blobs.read(blobHash);
    await using staged = await sandbox.stage(stream, sizeBytes);
    let marked: Buffer | undefined;
    await sandbox.run(
      'watermark',
      staged.path,
      { label },
      {
        isAwaited: true,
        onResult: async (_result, folder) => {
          marked = await readFile(join(folder, 'marked.webp'));
        },
      },
    );
    if (!marked) throw new Error('A watermark was drawn, and nothing came of it.');
    return marked;
  }

  // Whose copy it is may be the address of somebody who is to be forgotten.
  listener.on('share_changed', (payload) => {
    if (payload !== personErased) return;
    kept.clear();
    drawings.clear();
  });

  return {
    /** Whoever asks for the same one meanwhile waits for it. */
    async read(picture: Picture, label: string): Promise<Buffer> {
      const key = `${picture.blobHash} ${label}`;
      const known = kept.get(key);
      if (known) return known;
      const drawing = drawings.get(key) ?? draw(picture, label);
      drawings.set(key, drawing);
      try {
        const marked = await drawing;
        if (drawings.get(key) === drawing) kept.keep(key, marked);
        return marked;
      } finally {
        if (drawings.get(key) === drawing) drawings.delete(key);
      }
    },
  };
}

/** Kept by the browser of this viewer and by nothing in between. */
export async function sendMarked(
  watermarks: Watermarks,
  req: Request,
  res: Response,
  picture: Picture & { label: string; keptSeconds: number },
): Promise<void> {
  const etag = `"${picture.blobHash}-${hashOf(picture.label).slice(0, 16)}"`;
  res.set({
    ETag: etag,
    'Cache-Control': `private, max-age=${picture.keptSeconds}`,
    Vary: 'Cookie',
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'self'",
  });
  if (req.get('If-None-Match') === etag) {
    res.status(304).end();
    return;
  }
  const bytes = await watermarks.read(picture, picture.label);
  res
    .status(200)
    .set({ 'Content-Type': 'image/webp', 'Content-Length': String(bytes.length) })
    .end(bytes);
}

/** The same over what is no picture: it lies above words and moving pictures, and lets every click through. */
export function renderMark(label: string | undefined): Html | false {
  if (label === undefined) return false;
  const step = Math.max(240, 11 * label.length);
  return html`<svg class="mark" aria-hidden="true"><defs><pattern id="mark" width="${step}" height="150" patternUnits="userSpaceOnUse" patternTransform="rotate(-24)"><text x="10" y="80" font-size="18">${label}</text></pattern></defs><rect width="100%" height="100%" fill="url(#mark)" /></svg>`;
}
