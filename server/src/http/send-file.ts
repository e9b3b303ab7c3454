import { pipeline } from 'node:stream/promises';
import type { Request, Response } from 'express';
import { contentDisposition, parseRange } from '../storage/delivery.ts';
import type { BlobStore } from '../storage/store.ts';
import { Problem } from './problem.ts';

export interface FileToSend {
  hash: string;
  sizeBytes: number;
  fileName: string;
  mediaType: string;
  /** `attachment` always downloads; `inline` shows what is safe to show and downloads the rest. */
  disposition: 'inline' | 'attachment';
  /** A browser that has it may show it again for so long without asking. */
  keptSeconds?: number;
}

/**
 * Streams a blob to the browser with ranges and conditional requests. Files come from users, so none is ever served
 * with a type that our origin would execute. Headers are set only when the blob could be opened.
 */
export async function sendFile(
  blobs: BlobStore,
  req: Request,
  res: Response,
  file: FileToSend,
): Promise<void> {
  const etag = `"${file.hash}"`;
  if (matchesEtag(req.get('If-None-Match'), etag)) {
    res
      .status(304)
      .set({ ETag: etag, 'Cache-Control': cacheControlOf(file) })
      .end();
    return;
  }
  const range = wantedRange(req, etag, file.sizeBytes);
  if (range === 'unsatisfiable') {
    res.set('Content-Range', `bytes */${file.sizeBytes}`);
    throw new Problem(
      'range_not_satisfiable',
      `The file has ${file.sizeBytes.toLocaleString('en')} bytes. Ask for a part within them, or for the whole file.`,
    );
  }
  const part = range === 'whole' ? undefined : range;
  if (req.method === 'HEAD') {
    res
      .status(200)
      .set(headersOf(file, etag, undefined))
      .end();
    return;
  }
  const { stream } = await blobs.read(file.hash, part);
  res.status(part ? 206 : 200).set(headersOf(file, etag, part));
  try {
    await pipeline(stream, res);
  } catch (error) {
    // Readers stop videos and close tabs all the time; the pipeline has closed the blob by then.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  }
}

/** Always asks again, so that a file that a person may no longer see is gone from their screen too. */
const checkedAgain = 'private, no-cache';

function cacheControlOf({ keptSeconds }: FileToSend): string {
  return keptSeconds === undefined ? checkedAgain : `private, max-age=${keptSeconds}`;
}

function headersOf(file: FileToSend, etag: string, part: { start: number; end: number } | undefined) {
  const { contentType, disposition } = presentationOf(file.mediaType, file.disposition);
  return {
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControlOf(file),
    'Content-Type': contentType,
    'Content-Disposition': contentDisposition(disposition, file.fileName),
    'Content-Length': String(part ? part.end - part.start + 1 : file.sizeBytes),
    ...(part && { 'Content-Range': `bytes ${part.start}-${part.end}/${file.sizeBytes}` }),
    'X-Content-Type-Options': 'nosniff',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Chrome shows no PDF inside a sandbox.
    'Content-Security-Policy':
      contentType === 'application/pdf'
        ? "frame-ancestors 'self'"
        : "default-src 'none'; sandbox; frame-ancestors 'self'",
  };
}

/** What browsers show without running anything of it. */
const shownTypes = new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
  'video/mp4',
  'video/webm',
  'audio/mpeg',
  'audio/mp4',
  'audio/ogg',
  'application/pdf',
]);

const shownAsText = new Set([
  'text/plain',
  'text/markdown',
  'text/csv',
  'text/tab-separated-values',
  'application/json',
]);

/** Types that may keep their name on a download, because no browser executes them. */
const inertTypes =
  /^application\/(zip|msword|rtf|epub\+zip|vnd\.(ms-|openxmlformats-officedocument\.|oasis\.opendocument\.|apple\.)[\w.-]+)$|^(audio|video|font)\/[\w.-]+$|^image\/(?!svg)[\w.-]+$/;

function presentationOf(mediaType: string, wanted: FileToSend['disposition']) {
  if (shownAsText.has(mediaType))
    return { contentType: 'text/plain; charset=utf-8', disposition: wanted } as const;
  if (shownTypes.has(mediaType)) return { contentType: mediaType, disposition: wanted } as const;
  const contentType = inertTypes.test(mediaType) ? mediaType : 'application/octet-stream';
  return { contentType, disposition: 'attachment' } as const;
}

function wantedRange(req: Request, etag: string, sizeBytes: number) {
  if (req.method !== 'GET') return 'whole';
  const ifRange = req.get('If-Range');
  // Only our own ETag proves that the first part, which the client has, is of the same bytes.
  if (ifRange !== undefined && ifRange.trim() !== etag) return 'whole';
  return parseRange(req.get('Range'), sizeBytes);
}

function matchesEtag(header: string | undefined, etag: string): boolean {
  if (!header) return false;
  if (header.trim() === '*') return true;
  return header.split(',').some((candidate) => candidate.trim().replace(/^W\//, '') === etag);
}
