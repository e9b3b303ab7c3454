import { createHash, randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { contentDisposition } from './delivery.ts';
import { readSource } from './source.ts';
import {
  BlobNotFound,
  type BlobStore,
  blobPath,
  isBlobHash,
  type StagedBlob,
  StorageUnavailable,
} from './store.ts';

export interface S3Options {
  bucket: string;
  /** Null means AWS. */
  endpoint: string | null;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
  prefix: string;
  forcePathStyle: boolean;
  /** Many stores that are not AWS reject or even store the trailers of `when_supported`. Default: by endpoint. */
  checksums?: 'when_supported' | 'when_required';
}

/** S3 copies no object above 5 GiB in one request, and a commit is one copy; larger content is refused on arrival. */
const largestBlobBytes = 5 * 1024 ** 3;
const partBytes = 8 * 1024 ** 2;

/** Keeps blobs in a bucket: `<prefix>/blobs/ab/<hash>` and, until they are whole, `<prefix>/staged/<uuid>`. */
export function openS3Store(options: S3Options): BlobStore {
  const { bucket: Bucket } = options;
  const client = createClient(options);
  const root = options.prefix.replace(/^\/+|\/+$/g, '').replace(/(.)$/, '$1/');
  const keyOf = (hash: string) => root + blobPath(hash);
  const guarded = <T>(work: () => Promise<T>) =>
    work().catch((error: unknown) => Promise.reject(explain(error, options)));
  const remove = (Key: string) => client.send(new DeleteObjectCommand({ Bucket, Key }));

  /** A store that was just set up has no bucket yet. */
  async function ensureBucket(): Promise<void> {
    try {
      await client.send(new HeadBucketCommand({ Bucket }));
    } catch (error) {
      if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 404) throw error;
      await client.send(new CreateBucketCommand({ Bucket }));
    }
  }

  async function stage(
    ...[source, { limitBytes, signal } = {}]: Parameters<BlobStore['stage']>
  ): Promise<StagedBlob> {
    const limit = Math.min(limitBytes ?? largestBlobBytes, largestBlobBytes);
    const reader = readSource(source, { limitBytes: limit, ...(signal && { signal }) });
    const hash = createHash('sha256');
    const body = Readable.from(hashed(reader.chunks, hash), { highWaterMark: 2 });
    const Key = `${root}staged/${randomUUID()}`;
    try {
      // A body that throws makes the upload remove its parts before it answers; abort() would answer first.
      const upload = new Upload({
        client,
        params: { Bucket, Key, Body: body },
        partSize: partBytes,
        queueSize: 2,
      });
      await upload.done();
    } catch (error) {
      throw reader.failure()?.error ?? explain(error, options);
    } finally {
      body.destroy();
    }
    const digest = hash.digest('hex');
    return { hash: digest, sizeBytes: reader.sizeBytes(), head: reader.head(), ...settlement(digest, Key) };
  }

  function settlement(hash: string, stagedKey: string): Pick<StagedBlob, 'commit' | 'discard'> {
    let isCommitted = false;
    return {
      commit: () =>
        guarded(async () => {
          if (isCommitted) return;
          const CopySource = `${Bucket}/${stagedKey}`.split('/').map(encodeURIComponent).join('/');
          await client.send(new CopyObjectCommand({ Bucket, Key: keyOf(hash), CopySource }));
          isCommitted = true;
          // The blob is safe by now; a rest that stays here is removed by sweepStaged.
          await remove(stagedKey).catch(() => undefined);
        }),
      discard: () =>
        guarded(async () => {
          if (!isCommitted) await remove(stagedKey);
        }),
    };
  }

  async function* objects(folder: string) {
    try {
      for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: root + folder }))
        for (const { Key, Size, LastModified } of page.Contents ?? [])
          if (Key && LastModified) yield { key: Key, sizeBytes: Size ?? 0, storedAt: LastModified };
    } catch (error) {
      throw explain(error, options);
    }
  }

  async function* list(): ReturnType<BlobStore['list']> {
    for await (const { key, ...blob } of objects('blobs/')) {
      const hash = key.slice(key.lastIndexOf('/') + 1);
      if (isBlobHash(hash)) yield { hash, ...blob };
    }
  }

  /** Parts of an upload that died are no objects, cost money and show up in this listing only. */
  async function sweepParts(olderThan: Date): Promise<number> {
    let count = 0;
    let marker: { KeyMarker?: string; UploadIdMarker?: string } = {};
    while (true) {
      const request = new ListMultipartUploadsCommand({ Bucket, Prefix: `${root}staged/`, ...marker });
      const page = await client.send(request).catch(undefinedIf('NotImplemented'));
      for (const { Key, UploadId, Initiated } of page?.Uploads ?? []) {
        if (!Key || !Initiated || Initiated >= olderThan) continue;
        await client
          .send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }))
          .catch(undefinedIf('NoSuchUpload'));
        count += 1;
      }
      if (!page?.IsTruncated || !page.NextKeyMarker) return count;
      marker = {
        KeyMarker: page.NextKeyMarker,
        ...(page.NextUploadIdMarker && { UploadIdMarker: page.NextUploadIdMarker }),
      };
    }
  }

  return {
    stage,
    list,
    read: (hash, range) =>
      guarded(async () => {
        const Range = range && `bytes=${range.start}-${range.end}`;
        const answer = await client
          .send(new GetObjectCommand({ Bucket, Key: keyOf(hash), Range }))
          .catch((error: unknown) => {
            if (isNamed(error, 'NoSuchKey')) throw new BlobNotFound(hash);
            if (isNamed(error, 'InvalidRange'))
              throw new RangeError(`Nothing starts at byte ${range?.start}.`);
            throw error;
          });
        if (!(answer.Body instanceof Readable))
          throw new TypeError('The S3 client answered without a Node stream.');
        const total = answer.ContentRange?.split('/')[1] ?? answer.ContentLength;
        return { stream: answer.Body, sizeBytes: Number(total) };
      }),
    find: (hash) =>
      guarded(async () => {
        const found = await client
          .send(new HeadObjectCommand({ Bucket, Key: keyOf(hash) }))
          .catch(undefinedIf('NotFound', 'NoSuchKey'));
        return (
          found && { hash, sizeBytes: found.ContentLength ?? 0, storedAt: found.LastModified ?? new Date(0) }
        );
      }),
    delete: (hash) => guarded(async () => void (await remove(keyOf(hash)))),
    localPath: () => null,
    presignRead: (hash, { fileName, mediaType, disposition, expiresInSeconds }) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket,
          Key: keyOf(hash),
          ResponseContentType: mediaType,
          ResponseContentDisposition: contentDisposition(disposition, fileName),
        }),
        { expiresIn: expiresInSeconds },
      ),
    async check() {
      await guarded(ensureBucket);
      await (await stage(Readable.from([Buffer.from('Offshelf checks that it can keep files.')]))).discard();
    },
    sweepStaged: (olderThan) =>
      guarded(async () => {
        let count = await sweepParts(olderThan);
        for await (const { key, storedAt } of objects('staged/')) {
          if (storedAt >= olderThan) continue;
          await remove(key);
          count += 1;
        }
        return count;
      }),
  };
}

function createClient(options: S3Options): S3Client {
  const checksums = options.checksums ?? (options.endpoint ? 'when_required' : 'when_supported');
  const validation = checksums === 'when_required' ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED';
  // Every reader of a video holds a connection, so the client's own 50 would make uploads wait for readers.
  const agent = { keepAlive: true, maxSockets: 250 };
  return new S3Client({
    ...(options.endpoint && { endpoint: options.endpoint }),
    region: options.region,
    credentials: { accessKeyId: options.accessKeyId, secretAccessKey: options.secretAccessKey },
    forcePathStyle: options.forcePathStyle,
    requestChecksumCalculation: validation,
    responseChecksumValidation: validation,
    requestHandler: { connectionTimeout: 5_000, socketTimeout: 300_000, httpAgent: agent, httpsAgent: agent },
  });
}

async function* hashed(chunks: AsyncIterable<Uint8Array>, hash: ReturnType<typeof createHash>) {
  for await (const chunk of chunks) {
    hash.update(chunk);
    yield chunk;
  }
}

function isNamed(error: unknown, ...names: string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}

function undefinedIf(...names: string[]) {
  return (error: unknown): undefined => {
    if (!isNamed(error, ...names)) throw error;
  };
}

/** Turns what the client library throws into what an operator can act on; anything else stays itself. */
function explain(error: unknown, { bucket, endpoint, region }: S3Options): unknown {
  if (!(error instanceof Error) || error instanceof BlobNotFound || error instanceof StorageUnavailable)
    return error;
  const { code, $metadata } = error as { code?: string; $metadata?: { httpStatusCode?: number } };
  const status = $metadata?.httpStatusCode;
  if (!code && !$metadata) return error;
  const where = `the bucket ${bucket} at ${endpoint ?? `AWS ${region}`}`;
  const unavailable = (reason: StorageUnavailable['reason'], message: string) =>
    new StorageUnavailable(reason, message, error);
  if (isNamed(error, 'NoSuchBucket'))
    return unavailable(
      'failed',
      `There is no bucket ${bucket} at ${endpoint ?? `AWS ${region}`}. Create it or correct S3_BUCKET.`,
    );
  if (status === 507 || isNamed(error, 'XMinioStorageFull', 'QuotaExceeded'))
    return unavailable('full', `There is no space left for ${where}. Free some space, then try again.`);
  if (status === 401 || status === 403)
    return unavailable(
      'denied',
      `Offshelf may not use ${where} (${error.name}). Check the S3 keys and their rights.`,
    );
  if (status === undefined || status >= 500)
    return unavailable(
      'unreachable',
      `No usable answer from ${where} (${code ?? error.name}). Check that it runs and can be reached.`,
    );
  return unavailable('failed', `A request to ${where} was refused (${error.name}). Check the S3 settings.`);
}
