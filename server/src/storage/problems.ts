import { Problem } from '../http/problem.ts';
import { BlobNotFound, BlobTooLarge, StorageUnavailable } from './store.ts';

/** What a caller may know; the error itself names folders and buckets, which is for the log. */
const unavailableDetails: Record<StorageUnavailable['reason'], string> = {
  full: 'The space for files is used up. Ask your admin to free some, then try again.',
  read_only: 'The place for files is read-only. Ask your admin to make it writable, then try again.',
  denied:
    'Offshelf is not allowed to use the place for files. Ask your admin to correct its rights, then try again.',
  unreachable: 'The place for files does not answer. Try again in a minute; if it stays so, tell your admin.',
  failed: 'The place for files reported a fault. Tell your admin, who finds the cause in the log.',
};

export function translateStorageError(error: unknown): Problem | undefined {
  if (error instanceof StorageUnavailable)
    return new Problem('storage_unavailable', unavailableDetails[error.reason]);
  if (error instanceof BlobTooLarge)
    return new Problem(
      'too_large',
      `${error.message} Use a smaller file, or ask your admin to raise MAX_UPLOAD_MB.`,
    );
  if (error instanceof BlobNotFound)
    return new Problem(
      'not_found',
      'The content of this file is missing. Tell your admin, or upload the file again.',
    );
  return undefined;
}
