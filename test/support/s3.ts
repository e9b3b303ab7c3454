import { fork } from 'node:child_process';
import { once } from 'node:events';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  S3Client,
} from '@aws-sdk/client-s3';
import type { S3Options } from '../../server/src/storage/s3.ts';

export interface S3ForTests {
  name: string;
  options: S3Options;
  /** Keys of objects and of unfinished multipart uploads below the prefix of these tests. */
  everything(): Promise<string[]>;
  /** Leaves a multipart upload open, as a process does that dies while it uploads. */
  beginUpload(key: string): Promise<void>;
  stop(): Promise<void>;
}

/**
 * The S3 that tests run against: fauxqs, or the store that S3_TEST_ENDPOINT names, with S3_TEST_BUCKET (which exists),
 * S3_TEST_ACCESS_KEY_ID, S3_TEST_SECRET_ACCESS_KEY and, if need be, S3_TEST_REGION.
 */
export async function startS3(): Promise<S3ForTests> {
  const endpoint = process.env.S3_TEST_ENDPOINT;
  const own = endpoint ? undefined : await startFauxqs();
  const options: S3Options = {
    endpoint: endpoint ?? `http://127.0.0.1:${own?.port}`,
    region: process.env.S3_TEST_REGION ?? 'us-east-1',
    bucket: endpoint ? given('S3_TEST_BUCKET') : 'offshelf-tests',
    accessKeyId: endpoint ? given('S3_TEST_ACCESS_KEY_ID') : 'tests',
    secretAccessKey: endpoint ? given('S3_TEST_SECRET_ACCESS_KEY') : 'tests',
    prefix: `offshelf-tests/${crypto.randomUUID()}`,
    forcePathStyle: true,
  };
  const client = new S3Client({
    endpoint: options.endpoint ?? '',
    region: options.region,
    credentials: options,
    forcePathStyle: true,
  });
  const { bucket: Bucket, prefix } = options;
  if (own) await client.send(new CreateBucketCommand({ Bucket }));
  return {
    name: endpoint ?? 'fauxqs',
    options,
    async everything() {
      const objects = await client.send(new ListObjectsV2Command({ Bucket, Prefix: `${prefix}/` }));
      const uploads = await client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: `${prefix}/` }));
      return [...(objects.Contents ?? []), ...(uploads.Uploads ?? [])].map(({ Key }) => Key ?? '');
    },
    beginUpload: async (key) =>
      void (await client.send(new CreateMultipartUploadCommand({ Bucket, Key: `${prefix}/${key}` }))),
    async stop() {
      client.destroy();
      await own?.stop();
    },
  };
}

async function startFauxqs() {
  const child = fork(new URL('./s3-server.ts', import.meta.url), { execArgv: [] });
  const [port] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => {
      throw new Error(`fauxqs ended with code ${code} before it listened.`);
    }),
  ]);
  return {
    port: Number(port),
    async stop() {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is needed because S3_TEST_ENDPOINT is set.`);
  return value;
}
