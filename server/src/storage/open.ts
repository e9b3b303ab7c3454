import { join } from 'node:path';
import { openDiskStore } from './disk.ts';
import type { S3Options } from './s3.ts';
import type { BlobStore } from './store.ts';

/** Opens the store that the configuration names. The S3 client is loaded only when it is wanted: it is large. */
export async function openBlobStore(config: { dataDir: string; s3: S3Options | null }): Promise<BlobStore> {
  if (!config.s3) return openDiskStore(join(config.dataDir, 'files'));
  const { openS3Store } = await import('./s3.ts');
  return openS3Store(config.s3);
}
