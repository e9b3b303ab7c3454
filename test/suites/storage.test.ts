import { createHash, type Hash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openBlobStore } from '../../server/src/storage/open.ts';
import {
  BlobNotFound,
  type BlobStore,
  BlobTooLarge,
  type StoredBlob,
} from '../../server/src/storage/store.ts';
import { type S3ForTests, startS3 } from '../support/s3.ts';

const mebibyte = 1_048_576;
/** STORAGE_TEST_BYTES makes the large round trip smaller where a store that is far away would take too long. */
const largeBytes = Number(process.env.STORAGE_TEST_BYTES ?? 1024 * mebibyte);
const unknownHash = 'f'.repeat(64);

interface Subject {
  store: BlobStore;
  /** Names of everything the store keeps: blobs, staged content, unfinished uploads. */
  everything(): Promise<string[]>;
  /** Leaves behind what a process leaves that dies in the middle of an upload. */
  leaveUnfinished(): Promise<void>;
  stop(): Promise<void>;
}

const subjects: [string, () => Promise<Subject>][] = [
  ['disk', openDisk],
  ['S3', openS3],
];

describe.each(subjects)('the blob store on %s', (name, openSubject) => {
  let subject: Subject;
  let store: BlobStore;

  beforeAll(async () => {
    subject = await openSubject();
    store = subject.store;
  }, 30_000);
  afterAll(() => subject.stop());

  async function keep(content: Uint8Array): Promise<string> {
    const staged = await store.stage(Readable.from([content]));
    await staged.commit();
    return staged.hash;
  }

  test('says that it works', async () => {
    const before = await subject.everything();
    await store.check();
    expect(await subject.everything()).toEqual(before);
  });

  test('answers the hash, size and head of what it was given, and shows it only after commit', async () => {
    const content = randomBytes(3 * mebibyte + 17);
    const staged = await store.stage(inChunks(content, 65_536));
    expect(staged).toMatchObject({ hash: sha256(content), sizeBytes: content.length });
    expect(Buffer.from(staged.head)).toEqual(content.subarray(0, 4100));
    expect(await store.find(staged.hash)).toBeUndefined();
    await expect(store.read(staged.hash)).rejects.toBeInstanceOf(BlobNotFound);

    const before = Date.now();
    await staged.commit();
    const found = await store.find(staged.hash);
    expect(found).toMatchObject({ hash: staged.hash, sizeBytes: content.length });
    expect(Math.abs((found?.storedAt.getTime() ?? 0) - before)).toBeLessThan(5_000);
    const { stream, sizeBytes } = await store.read(staged.hash);
    expect(sizeBytes).toBe(content.length);
    expect((await buffer(stream)).equals(content)).toBe(true);
  });

  test.each([0, 1, 4100, mebibyte - 1, mebibyte, mebibyte + 1, 8 * mebibyte, 9 * mebibyte + 4096])(
    'keeps %i bytes whole, however they arrive',
    async (size) => {
      const content = randomBytes(size);
      for (const chunkBytes of [997, 65_536, 3 * mebibyte]) {
        if (size / chunkBytes > 5_000) continue;
        const staged = await store.stage(inChunks(content, chunkBytes));
        expect(staged).toMatchObject({ hash: sha256(content), sizeBytes: size });
        expect(staged.head).toHaveLength(Math.min(size, 4100));
        await staged.commit();
      }
      const { stream, sizeBytes } = await store.read(sha256(content));
      expect(sizeBytes).toBe(size);
      expect(sha256(await buffer(stream))).toBe(sha256(content));
    },
  );

  test('reads a range, both ends included, and nothing past the end', async () => {
    const content = randomBytes(200_000);
    const hash = await keep(content);
    for (const [start, end] of [
      [0, 0],
      [0, 199_999],
      [150_000, 199_999],
      [7, 131_080],
    ] as const) {
      const { stream, sizeBytes } = await store.read(hash, { start, end });
      expect(sizeBytes).toBe(content.length);
      expect((await buffer(stream)).equals(content.subarray(start, end + 1))).toBe(true);
    }
    await expect(store.read(hash, { start: 200_000, end: 200_001 })).rejects.toBeInstanceOf(RangeError);
  });

  test('forgets what is discarded', async () => {
    const before = await subject.everything();
    const staged = await store.stage(inChunks(randomBytes(100), 10));
    await staged.discard();
    await staged.discard();
    expect(await subject.everything()).toEqual(before);
    expect(await store.find(staged.hash)).toBeUndefined();
  });

  test('keeps the same content once, and a discard after commit takes nothing away', async () => {
    const content = randomBytes(5_000);
    const hash = await keep(content);
    const before = await subject.everything();
    const again = await store.stage(Readable.from([content]));
    await again.commit();
    await again.commit();
    await again.discard();
    expect(await subject.everything()).toEqual(before);
    expect((await buffer((await store.read(hash)).stream)).equals(content)).toBe(true);
  });

  test('takes the same content from many at the same time', async () => {
    const content = randomBytes(2 * mebibyte);
    const hashes = await Promise.all(Array.from({ length: 8 }, () => keep(content)));
    expect(new Set(hashes)).toEqual(new Set([sha256(content)]));
    expect((await subject.everything()).filter((path) => path.endsWith(sha256(content)))).toHaveLength(1);
    expect((await buffer((await store.read(sha256(content))).stream)).equals(content)).toBe(true);
  });

  test('lists what it has and deletes what it is told to, once or twice', async () => {
    const [kept, deleted] = [await keep(randomBytes(10)), await keep(randomBytes(20))];
    await store.delete(deleted);
    await store.delete(deleted);
    const listed: StoredBlob[] = [];
    for await (const blob of store.list()) listed.push(blob);
    expect(listed.find(({ hash }) => hash === kept)).toMatchObject({
      sizeBytes: 10,
      storedAt: expect.any(Date),
    });
    expect(listed.map(({ hash }) => hash)).not.toContain(deleted);
    await expect(store.read(deleted)).rejects.toBeInstanceOf(BlobNotFound);
    expect(await store.find(deleted)).toBeUndefined();
  });

  test('says what is missing and refuses what is no hash', async () => {
    await expect(store.read(unknownHash)).rejects.toMatchObject({ name: 'BlobNotFound', hash: unknownHash });
    await expect(store.read(unknownHash, { start: 0, end: 5 })).rejects.toBeInstanceOf(BlobNotFound);
    for (const hash of ['../../etc/passwd', unknownHash.toUpperCase(), ''])
      await expect(store.find(hash)).rejects.toBeInstanceOf(TypeError);
  });

  test('presigns an address that a browser can read, or leaves streaming to the app', async () => {
    const content = randomBytes(1_000);
    const url = await store.presignRead(await keep(content), {
      fileName: 'Übersicht.pdf',
      mediaType: 'application/pdf',
      disposition: 'attachment',
      expiresInSeconds: 60,
    });
    if (name === 'disk') {
      expect(url).toBeNull();
      return;
    }
    const query = new URL(url ?? '').searchParams;
    expect(query.get('response-content-type')).toBe('application/pdf');
    expect(query.get('response-content-disposition')).toContain("filename*=UTF-8''%C3%9Cbersicht.pdf");
    expect(query.get('X-Amz-Expires')).toBe('60');
    const answer = await fetch(url ?? '');
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(content)).toBe(true);
  });

  describe.each([100, 20 * mebibyte])('after %i bytes', (sentBytes) => {
    test('an abort leaves nothing, even when the source has gone silent', async () => {
      const before = await subject.everything();
      const controller = new AbortController();
      const source = new PassThrough();
      const staging = store.stage(source, { signal: controller.signal });
      staging.catch(() => undefined);
      await send(source, sentBytes);
      controller.abort(new Error('The browser went away.'));
      await expect(staging).rejects.toThrow('The browser went away.');
      expect(source.destroyed).toBe(false);
      await vi.waitFor(async () => expect(await subject.everything()).toEqual(before), 5_000);
    });

    test('an error of the source leaves nothing and is told as it is', async () => {
      const before = await subject.everything();
      const source = new PassThrough();
      const staging = store.stage(source);
      staging.catch(() => undefined);
      await send(source, sentBytes);
      const failure = new Error('The disk of the sender broke.');
      source.destroy(failure);
      await expect(staging).rejects.toBe(failure);
      await vi.waitFor(async () => expect(await subject.everything()).toEqual(before), 5_000);
    });

    test('a source that is cut off is never stored as if it were whole', async () => {
      const before = await subject.everything();
      const source = new PassThrough();
      const staging = store.stage(source);
      staging.catch(() => undefined);
      await send(source, sentBytes);
      source.destroy();
      await expect(staging).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
      await vi.waitFor(async () => expect(await subject.everything()).toEqual(before), 5_000);
    });

    test('content above the limit is refused and leaves nothing', async () => {
      const before = await subject.everything();
      const staging = store.stage(inChunks(Buffer.alloc(sentBytes), 65_536), { limitBytes: sentBytes - 1 });
      await expect(staging).rejects.toMatchObject({ name: 'BlobTooLarge', limitBytes: sentBytes - 1 });
      await expect(staging).rejects.toBeInstanceOf(BlobTooLarge);
      await vi.waitFor(async () => expect(await subject.everything()).toEqual(before), 5_000);
    });
  });

  test('content of exactly the limit is taken', async () => {
    const staged = await store.stage(inChunks(Buffer.alloc(5_000), 1_000), { limitBytes: 5_000 });
    expect(staged.sizeBytes).toBe(5_000);
    await staged.discard();
  });

  test('an upload whose connection breaks leaves nothing', async () => {
    const before = await subject.everything();
    const outcome = Promise.withResolvers<unknown>();
    const server = createServer((req) => store.stage(req).then(outcome.resolve, outcome.resolve));
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const sender = request({ port, method: 'POST', headers: { 'Content-Length': 50 * mebibyte } });
    sender.on('error', () => undefined);
    await send(sender, 20 * mebibyte);
    sender.destroy();
    expect(await outcome.promise).toMatchObject({ code: 'ECONNRESET' });
    await vi.waitFor(async () => expect(await subject.everything()).toEqual(before), 5_000);
    server.close();
  });

  test('a sweep removes what a crash left and nothing else', async () => {
    const hash = await keep(randomBytes(30));
    const before = await subject.everything();
    await subject.leaveUnfinished();
    expect((await subject.everything()).length).toBeGreaterThan(before.length);
    expect(await store.sweepStaged(new Date(Date.now() - 3_600_000))).toBe(0);
    expect(await store.sweepStaged(new Date(Date.now() + 60_000))).toBeGreaterThan(0);
    expect(await subject.everything()).toEqual(before);
    expect(await store.find(hash)).toBeDefined();
  });

  test(`carries ${largeBytes / mebibyte} MiB there and back with flat memory`, async () => {
    async function carry(sizeBytes: number) {
      const sent = createHash('sha256');
      const staged = await store.stage(generated(sizeBytes, sent));
      await staged.commit();
      expect(staged).toMatchObject({ hash: sent.digest('hex'), sizeBytes });
      const received = createHash('sha256');
      for await (const chunk of (await store.read(staged.hash)).stream) received.update(chunk);
      expect(received.digest('hex')).toBe(staged.hash);
      await store.delete(staged.hash);
    }
    // Node lets some 64 MiB of spent buffers pile up before it collects them, whatever the size, so a first round
    // fills that and the limit leaves room for it: what is ruled out is memory that grows with the content.
    await carry(Math.min(largeBytes, 128 * mebibyte));
    const memory = watchMemory();
    await carry(largeBytes);
    const growth = memory.stop();
    console.info(`${name}: ${Math.round(growth / mebibyte)} MiB more memory at the peak.`);
    expect(growth).toBeLessThan(128 * mebibyte);
  }, 180_000);
});

test('S3 with the checksums of AWS and an odd prefix keeps large content whole', async () => {
  const s3 = await startS3();
  const prefix = `/${s3.options.prefix}/a folder+more/`;
  const store = await openBlobStore({
    dataDir: '',
    s3: { ...s3.options, prefix, checksums: 'when_supported' },
  });
  for (const content of [randomBytes(20 * mebibyte), randomBytes(1_000)]) {
    const staged = await store.stage(inChunks(content, 65_536));
    await staged.commit();
    expect(sha256(await buffer((await store.read(sha256(content))).stream))).toBe(sha256(content));
    expect(await s3.everything()).toEqual([expect.stringMatching(`/a folder.more/blobs/../${staged.hash}$`)]);
    await store.delete(staged.hash);
  }
  await s3.stop();
}, 30_000);

async function openDisk(): Promise<Subject> {
  const dir = await mkdtemp(join(tmpdir(), 'offshelf-storage-'));
  const store = await openBlobStore({ dataDir: dir, s3: null });
  await store.check();
  return {
    store,
    async everything() {
      const entries = await readdir(dir, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .sort();
    },
    leaveUnfinished: () => writeFile(join(dir, 'files', 'staged', crypto.randomUUID()), 'half a fi'),
    stop: () => rm(dir, { recursive: true }),
  };
}

async function openS3(): Promise<Subject> {
  const s3: S3ForTests = await startS3();
  const store = await openBlobStore({ dataDir: '', s3: s3.options });
  console.info(`The S3 suite runs against ${s3.name}.`);
  return {
    store,
    everything: async () => (await s3.everything()).sort(),
    async leaveUnfinished() {
      await s3.beginUpload(`staged/${crypto.randomUUID()}`);
      await store.stage(inChunks(randomBytes(10), 10));
    },
    async stop() {
      for await (const { hash } of store.list()) await store.delete(hash);
      await store.sweepStaged(new Date(Date.now() + 86_400_000));
      await s3.stop();
    },
  };
}

function sha256(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function* inChunks(content: Uint8Array, chunkBytes: number) {
  for (let at = 0; at < content.length; at += chunkBytes) yield content.subarray(at, at + chunkBytes);
}

/** Blocks that all differ, cheap to make, with the hash that they must end up with. */
async function* generated(sizeBytes: number, hash: Hash) {
  const pattern = randomBytes(65_536);
  for (let at = 0; at < sizeBytes; at += pattern.length) {
    const block = Buffer.from(pattern.subarray(0, sizeBytes - at));
    block.writeDoubleBE(at);
    hash.update(block);
    yield block;
  }
}

async function send(target: NodeJS.WritableStream, sizeBytes: number): Promise<void> {
  const block = randomBytes(Math.min(sizeBytes, 65_536));
  for (let at = 0; at < sizeBytes; at += block.length) if (!target.write(block)) await once(target, 'drain');
}

function watchMemory() {
  const before = process.memoryUsage.rss();
  let peak = before;
  const timer = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 25);
  return {
    stop() {
      clearInterval(timer);
      return peak - before;
    },
  };
}
