import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeDataDir, type RunningOffshelf, setUpAdmin, startOffshelf } from '../../test/support/offshelf.ts';
import { median } from './median.ts';

const limitRatio = 0.6;
const memoryLimitMb = 64;
const sizeBytes = 1_073_741_824;
const rounds = 3;

/** 1 GiB through the API to disk with its hash, against `dd` writing and fsyncing the same bytes, in turn. */
export async function bench() {
  const folder = await makeDataDir();
  const app = await startOffshelf({ dataDir: join(folder, 'data') });
  try {
    const cookie = await setUpAdmin(app);
    const source = join(folder, 'source.bin');
    const before = await readMemory(app);
    const pairs = [];
    for (let round = 0; round < rounds; round += 1) {
      await writeSource(source);
      const ddSeconds = timeDd(source, join(folder, 'copy.bin'));
      await rm(join(folder, 'copy.bin'));
      const uploadSeconds = await timeUpload(app, cookie, source);
      pairs.push({ ddSeconds, uploadSeconds, share: ddSeconds / uploadSeconds });
    }
    const value = median(pairs.map((pair) => pair.share));
    const growthMb = Math.round((await readMemory(app)).peakMb - before.nowMb);
    return {
      bench: 'upload',
      value: round(value),
      unit: 'share of the speed of dd with fsync',
      limit: limitRatio,
      ratio: round(value / limitRatio),
      rounds: pairs.map((pair) => ({
        ddSeconds: round(pair.ddSeconds),
        uploadSeconds: round(pair.uploadSeconds),
      })),
      memoryGrowthMb: growthMb,
      memoryLimitMb,
      memoryRatio: round(growthMb / memoryLimitMb),
    };
  } finally {
    await app.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Random bytes, so that neither the file system nor the store can take a short cut. */
async function writeSource(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (let written = 0; written < sizeBytes; written += 16_777_216) await file.write(randomBytes(16_777_216));
  await file.sync();
  await file.close();
}

function timeDd(from: string, to: string): number {
  const started = performance.now();
  const { status } = spawnSync('dd', [`if=${from}`, `of=${to}`, 'bs=1M', 'conv=fsync', 'status=none']);
  if (status !== 0) throw new Error('dd failed.');
  return (performance.now() - started) / 1000;
}

async function timeUpload({ url }: RunningOffshelf, cookie: string, source: string): Promise<number> {
  const boundary = randomBytes(12).toString('hex');
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\nContent-Type: application/octet-stream\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const started = performance.now();
  const outgoing = request(`${url}/api/uploads`, {
    method: 'POST',
    headers: {
      cookie,
      origin: url,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + sizeBytes + tail.length,
    },
  });
  const answered = new Promise<number>((done, fail) => {
    outgoing.on('response', (response) => {
      response.resume();
      response.on('end', () => done(response.statusCode ?? 0));
    });
    outgoing.on('error', fail);
  });
  await pipeline(async function* () {
    yield Buffer.from(head);
    yield* createReadStream(source, { highWaterMark: 1_048_576 });
    yield Buffer.from(tail);
  }, outgoing);
  const status = await answered;
  if (status !== 201) throw new Error(`The upload answered ${status}.`);
  return (performance.now() - started) / 1000;
}

async function readMemory({ process: child }: RunningOffshelf): Promise<{ nowMb: number; peakMb: number }> {
  const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
  const read = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1]) / 1024;
  return { nowMb: read('VmRSS'), peakMb: read('VmHWM') };
}

const round = (value: number) => Math.round(value * 100) / 100;
