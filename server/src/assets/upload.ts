import type { Request, Response } from 'express';
import multer, { MulterError, type StorageEngine } from 'multer';
import { Problem } from '../http/problem.ts';
import { type BlobStore, BlobTooLarge, type StagedBlob } from '../storage/store.ts';
import { cleanFileName } from './file-name.ts';

export interface ReceivedFile {
  staged: StagedBlob;
  fileName: string;
}

/** Room for boundaries, headers and small fields around the file. */
const formBytes = 131_072;

/**
 * Streams the one file of a multipart form into the blob store. Whoever gets it commits or discards it; an upload
 * that is refused or breaks off has left nothing behind when this throws.
 */
export async function receiveFile(
  blobs: BlobStore,
  limitBytes: number,
  req: Request,
  res: Response,
): Promise<ReceivedFile> {
  // The blob store counts for itself, and ends the upload when it is too much.
  const uncounted = Number.POSITIVE_INFINITY;
  await readForm({ storage: stagingEngine(blobs, limitBytes), fileSize: uncounted }, limitBytes, req, res);
  const file = req.file as (Express.Multer.File & { staged: StagedBlob }) | undefined;
  if (!file) throw noFile();
  if (req.destroyed && !req.complete) {
    await file.staged.discard();
    throw brokenOff();
  }
  return { staged: file.staged, fileName: cleanFileName(file.originalname) };
}

/** The one small file of a multipart form, in memory. */
export async function receiveBytes(limitBytes: number, req: Request, res: Response): Promise<Buffer> {
  await readForm({ storage: multer.memoryStorage(), fileSize: limitBytes }, limitBytes, req, res);
  if (!req.file) throw noFile();
  return req.file.buffer;
}

function noFile(): Problem {
  return new Problem('malformed_body', 'The form holds no file. Send one in the field "file".');
}

async function readForm(
  { storage, fileSize }: { storage: StorageEngine; fileSize: number },
  limitBytes: number,
  req: Request,
  res: Response,
): Promise<void> {
  if (!req.is('multipart/form-data'))
    throw new Problem('unsupported_media_type', 'Send the file as multipart/form-data, in the field "file".');
  // A file that can't fit is refused before any of it is written; what the form adds to it is little.
  if (Number(req.get('Content-Length') ?? 0) > limitBytes + formBytes) throw new BlobTooLarge(limitBytes);
  const form = multer({
    storage,
    defParamCharset: 'utf8',
    limits: { files: 1, fields: 10, parts: 12, fieldSize: 65_536, headerPairs: 50, fileSize },
  }).single('file');
  await new Promise<void>((resolve, reject) => {
    form(req, res, (error?: unknown) => (error ? reject(explain(error, limitBytes)) : resolve()));
  });
}

function stagingEngine(blobs: BlobStore, limitBytes: number): StorageEngine {
  return {
    _handleFile(req, file, callback) {
      const gone = new AbortController();
      const onClose = () => {
        if (!req.complete) gone.abort(brokenOff());
      };
      req.once('close', onClose);
      blobs
        .stage(file.stream, { limitBytes, signal: gone.signal })
        .then(
          (staged) => callback(null, { staged } as Partial<Express.Multer.File>),
          (error: unknown) => {
            // What is still on its way is read and dropped, so that the answer reaches the client.
            file.stream.resume();
            callback(error);
          },
        )
        .finally(() => req.off('close', onClose));
    },
    _removeFile(_req, file, callback) {
      const { staged } = file as Express.Multer.File & { staged?: StagedBlob };
      if (!staged) return callback(null);
      staged.discard().then(() => callback(null), callback);
    },
  };
}

function brokenOff(): Problem {
  return new Problem('malformed_body', 'The upload broke off before the end. Send the file again.');
}

/** The words in which the form parser says that the form is at fault. */
const formFaults =
  /^(Unexpected end of (form|file)|Malformed content type|Multipart: Boundary not found|Missing Content-Type|Unsupported content type)/;

function explain(error: unknown, limitBytes: number): unknown {
  if (!(error instanceof Error)) return error;
  if (error instanceof MulterError && error.code === 'LIMIT_FILE_SIZE') return new BlobTooLarge(limitBytes);
  if (error instanceof MulterError)
    return new Problem('malformed_body', 'The form is not as expected. Send one file, in the field "file".');
  if (/^Request (aborted|closed|error)/i.test(error.message)) return brokenOff();
  if (error.message === 'Malformed part header')
    return new Problem(
      'malformed_body',
      'The form is damaged, or the file name holds control characters. Rename the file and send it again.',
    );
  if (formFaults.test(error.message))
    return new Problem('malformed_body', 'The form is damaged or ends too early. Send the file again.');
  return error;
}
