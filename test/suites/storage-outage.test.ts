import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openDiskStore } from '../../server/src/storage/disk.ts';
import { openBlobStore } from '../../server/src/storage/open.ts';
import { StorageUnavailable } from '../../server/src/storage/store.ts';
import { startS3 } from '../support/s3.ts';

describe('a place that can not be written', () => {
  test('is named when a file is in the way of the folder', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'offshelf-storage-'));
    await writeFile(join(dir, 'file'), '');
    const store = openDiskStore(join(dir, 'file', 'blobs'));
    await expect(store.check()).rejects.toMatchObject({ name: 'StorageUnavailable', reason: 'failed' });
    await expect(store.stage(Readable.from([Buffer.alloc(10)]))).rejects.toThrow(/a file is in the way/);
    await rm(dir, { recursive: true });
  });

  // Nobody may make folders in /sys, root included; where there is none, the root of the system takes none either.
  test('is named when the system refuses to write there', async () => {
    const failure = await openDiskStore('/sys/offshelf')
      .check()
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(StorageUnavailable);
    expect(['denied', 'read_only']).toContain((failure as StorageUnavailable).reason);
    expect((failure as Error).message).toContain('/sys/offshelf');
  });

  test.each(limitedDisks())(
    'says that $what and leaves nothing',
    async ({ command, reason, failures, small }) => {
      const dir = await mkdtemp(join(tmpdir(), 'offshelf-storage-'));
      const [file = '', ...args] = [
        ...command,
        dir,
        process.execPath,
        '--input-type=module',
        '-e',
        fillDisk,
        dir,
      ];
      const child = spawnSync(file, args, { encoding: 'utf8', timeout: 20_000 });
      expect(child.stderr).toBe('');
      expect(JSON.parse(child.stdout)).toEqual({
        failures: Array.from({ length: failures }, () => [
          'StorageUnavailable',
          reason,
          expect.stringContaining(dir),
        ]),
        left: [],
        small,
      });
      await rm(dir, { recursive: true });
    },
  );

  test('S3 without its bucket, with nobody there: the operator learns which, and a check makes the bucket', async () => {
    const s3 = await startS3();
    const open = (change: object) => openBlobStore({ dataDir: '', s3: { ...s3.options, ...change } });
    const bucketless = await open({ bucket: `offshelf-new-${Date.now()}` });
    await expect(bucketless.stage(Readable.from([Buffer.alloc(10)]))).rejects.toMatchObject({
      name: 'StorageUnavailable',
      reason: 'failed',
      message: expect.stringMatching(/no bucket offshelf-new-/),
    });
    await bucketless.check();
    const staged = await bucketless.stage(Readable.from([Buffer.alloc(10)]));
    await staged.discard();
    const nobody = await open({ endpoint: 'http://127.0.0.1:9' });
    await expect(nobody.find('f'.repeat(64))).rejects.toMatchObject({ reason: 'unreachable' });
    await expect(nobody.stage(Readable.from([Buffer.alloc(10)]))).rejects.toBeInstanceOf(StorageUnavailable);
    await s3.stop();
  });
});

describe('a process that is killed while it stores', () => {
  test('leaves only whole blobs, and staged content that a sweep removes', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'offshelf-storage-'));
    let found = 0;
    for (const afterMs of [150, 200, 250, 300]) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', storeForEver, dir]);
      await once(child.stdout, 'data');
      await setTimeout(afterMs);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    const store = openDiskStore(dir);
    for await (const { hash, sizeBytes } of store.list()) {
      const content = await buffer((await store.read(hash)).stream);
      expect(createHash('sha256').update(content).digest('hex')).toBe(hash);
      expect(content.length).toBe(sizeBytes);
      found += 1;
    }
    expect(found).toBeGreaterThan(4);
    await store.sweepStaged(new Date(Date.now() + 60_000));
    expect(await readdir(join(dir, 'staged'))).toEqual([]);
    await rm(dir, { recursive: true });
  }, 30_000);
});

const storeModule = JSON.stringify(new URL('../../server/src/storage/disk.ts', import.meta.url).href);

/** Runs in a process of its own: many uploads at the same time, small and large, until it is killed. */
const storeForEver = `
  import { randomBytes } from 'node:crypto';
  import { openDiskStore } from ${storeModule};
  const store = openDiskStore(process.argv[1]);
  async function* blocks(count) { for (let at = 0; at < count; at += 1) yield randomBytes(40000); }
  async function work(count) {
    while (true) {
      await (await store.stage(blocks(count))).commit();
      console.log('stored');
    }
  }
  await Promise.all([1, 20, 60, 200].map(work));
`;

/** Runs in a process of its own, whose disk or whose largest file is small: two endless uploads and a short one. */
const fillDisk = `
  import { readdir } from 'node:fs/promises';
  import { openDiskStore } from ${storeModule};
  const dir = process.argv[1];
  const store = openDiskStore(dir);
  const failures = [];
  const note = (error) => void failures.push([error.name, error.reason, error.message]);
  async function* blocks(size, count) { for (let at = 0; at < count; at += 1) yield Buffer.alloc(size, 1); }
  await store.stage(blocks(65536, Infinity)).catch(note);
  await store.stage(blocks(3000000, Infinity)).catch(note);
  const left = await readdir(dir + '/staged').catch(() => []);
  const small = (await store.stage(blocks(1000, 1)).catch(note))?.sizeBytes ?? 0;
  console.log(JSON.stringify({ failures, left, small }));
`;

/** A limit on file sizes works for everybody; a disk that is really full needs the right to mount one of our own. */
function limitedDisks() {
  const limit = {
    what: 'a file may not grow',
    command: ['sh', '-c', 'ulimit -f 8192 && shift && exec "$@"', 'sh'],
  };
  const mount = (options: string) => [
    'sh',
    '-c',
    `mount -t tmpfs -o ${options} tmpfs "$1" && shift && exec "$@"`,
    'sh',
  ];
  const namespace = [
    ['unshare', '--mount'],
    ['unshare', '--mount', '--map-root-user'],
  ].find(
    ([file = '', ...args]) => spawnSync(file, [...args, ...mount('size=1m'), tmpdir(), 'true']).status === 0,
  );
  const full = { reason: 'full', failures: 2, small: 1000 };
  if (!namespace) {
    console.info(
      'No disk can be mounted here: a limit on file sizes stands for the full and the read-only disk.',
    );
    return [{ ...limit, ...full }];
  }
  return [
    { ...limit, ...full },
    { what: 'the disk is full', command: [...namespace, ...mount('size=4m')], ...full },
    {
      what: 'it is read-only',
      command: [...namespace, ...mount('ro')],
      reason: 'read_only',
      failures: 3,
      small: 0,
    },
  ];
}
