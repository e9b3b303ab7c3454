import { spawn } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSpool, type Spool, type SpoolHandler } from '../../server/src/tracking/spool.ts';

type Records = { note: { id: number; text?: string } };

let dataDir: string;
let logLines: string[];
const open: Spool<Records>[] = [];

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'offshelf-spool-'));
  logLines = [];
});
afterEach(async () => {
  for (const spool of open.splice(0)) await spool.close();
  await rm(dataDir, { recursive: true, force: true });
});

function start(note: SpoolHandler<Records['note']>, limits?: { mostBytes: number; mostInMemory: number }) {
  const log = pino({ level: 'debug' }, { write: (line: string) => logLines.push(line) });
  const spool = openSpool<Records>({ config: { dataDir }, log }, { note }, limits);
  open.push(spool);
  return spool;
}

/** A database that can be away. */
function receiver() {
  const state = { isAway: false, got: [] as number[], calls: 0 };
  const note: SpoolHandler<Records['note']> = async (records) => {
    state.calls += 1;
    if (state.isAway) throw Object.assign(new Error('away'), { code: 'CONNECTION_CLOSED' });
    state.got.push(...records.map(({ id }) => id));
    return undefined;
  };
  return { state, note };
}

const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);
const byNumber = (a: number, b: number) => a - b;
const files = async () =>
  (await readdir(join(dataDir, 'spool')).catch(() => [])).filter((name) => name.endsWith('.ndjson'));

it('delivers what was appended once, in batches, and leaves no file behind', async () => {
  const { state, note } = receiver();
  const spool = start(note);
  await Promise.all(numbers(2_000).map((id) => spool.append('note', { id })));
  await expect.poll(() => state.got.length).toBe(2_000);
  expect(state.got.toSorted(byNumber)).toEqual(numbers(2_000));
  expect(state.calls).toBeLessThan(20);
  await expect.poll(files).toEqual([]);
});

it('keeps what came while the database was away, more of it than memory may hold', async () => {
  const { state, note } = receiver();
  state.isAway = true;
  const spool = start(note, { mostBytes: 10_000_000, mostInMemory: 100 });
  for (const id of numbers(1_000)) await spool.append('note', { id, text: 'x'.repeat(50) });
  await expect.poll(() => state.calls).toBeGreaterThan(1);
  expect(await files()).not.toEqual([]);
  state.isAway = false;
  await expect.poll(() => state.got.length).toBe(1_000);
  expect(state.got.toSorted(byNumber)).toEqual(numbers(1_000));
  await expect.poll(files).toEqual([]);
});

it('keeps the oldest when there is no more room, and says how much it could not keep', async () => {
  const { state, note } = receiver();
  state.isAway = true;
  const spool = start(note, { mostBytes: 5_000, mostInMemory: 100_000 });
  for (const id of numbers(200)) await spool.append('note', { id, text: 'x'.repeat(50) });
  state.isAway = false;
  await expect.poll(() => state.got.length).toBeGreaterThan(10);
  await expect.poll(files).toEqual([]);
  expect(state.got.length).toBeLessThan(100);
  expect(state.got.toSorted(byNumber)).toEqual(numbers(state.got.length));
  expect(logLines.filter((line) => line.includes('"spool_lost"'))).not.toEqual([]);
});

it('lets go of one record that the database will never take, and of nothing else', async () => {
  const { state, note } = receiver();
  const spool = start(async (records) => {
    if (records.some(({ id }) => id === 77)) throw Object.assign(new Error('refused'), { code: '23514' });
    return note(records);
  });
  await Promise.all(numbers(200).map((id) => spool.append('note', { id })));
  await expect.poll(() => state.got.length).toBe(199);
  expect(new Set(state.got).size).toBe(199);
  expect(logLines.filter((line) => line.includes('"spool_record_dropped"'))).toHaveLength(1);
});

it('holds up nothing for a record that some other fault keeps from being written', async () => {
  const got: number[] = [];
  const spool = start(async (records) => {
    // What a column that is not there answers, or a value that a record of another release does not have.
    const code = records.some(({ id }) => id === 7) ? '42703' : 'UNDEFINED_VALUE';
    if (records.some(({ id }) => id === 7 || id === 11)) throw Object.assign(new Error('not this'), { code });
    got.push(...records.map(({ id }) => id));
    return undefined;
  });
  for (const id of numbers(20)) await spool.append('note', { id });
  const others = numbers(20).filter((id) => id !== 7 && id !== 11);
  await expect.poll(() => got.toSorted(byNumber)).toEqual(others);
  await spool.append('note', { id: 20 });
  await expect.poll(() => got).toContain(20);
  expect(logLines.filter((line) => line.includes('spool_record_dropped'))).toHaveLength(1);
});

it('brings back what has to wait for something else', async () => {
  const got: number[] = [];
  let isReady = false;
  const spool = start(async (records) => {
    const waiting = isReady ? [] : records.filter(({ id }) => id % 2 === 0);
    got.push(...records.filter((record) => !waiting.includes(record)).map(({ id }) => id));
    return waiting;
  });
  await Promise.all(numbers(10).map((id) => spool.append('note', { id })));
  await expect.poll(() => got.toSorted(byNumber)).toEqual([1, 3, 5, 7, 9]);
  await expect.poll(files).toHaveLength(1);
  isReady = true;
  await expect.poll(() => got.toSorted(byNumber)).toEqual(numbers(10));
  await expect.poll(files).toEqual([]);
});

it('replays what a killed process left exactly once, though two others look for it', async () => {
  const killed = await runUntilKilled();
  expect(await files()).not.toEqual([]);
  const [first, second] = [receiver(), receiver()];
  start(first.note);
  start(second.note);
  const count = () => first.state.got.length + second.state.got.length;
  await expect.poll(count, { timeout: 30_000 }).toBe(killed);
  expect([...first.state.got, ...second.state.got].toSorted(byNumber)).toEqual(numbers(killed));
  await expect.poll(files).toEqual([]);
  await expect.poll(async () => (await readdir(join(dataDir, 'spool'))).length).toBe(2);
});

it('understands what was written before a line was cut off, and leaves a living process its files', async () => {
  const killed = await runUntilKilled();
  const [torn = ''] = await files();
  await appendFile(join(dataDir, 'spool', torn), '{"kind":"note","rec');
  const [living, other] = [receiver(), receiver()];
  living.state.isAway = true;
  const spool = start(living.note);
  await spool.append('note', { id: 5_000 });
  start(other.note);
  await expect.poll(() => adoptedCount(), { timeout: 30_000 }).toBe(1);
  expect(other.state.got).not.toContain(5_000);
  living.state.isAway = false;
  const all = () => [...living.state.got, ...other.state.got].toSorted(byNumber);
  await expect.poll(all).toEqual([...numbers(killed), 5_000]);
  expect(living.state.got).toContain(5_000);
  expect(logLines.filter((line) => line.includes('"spool_lines_unreadable"'))).toHaveLength(1);
});

function adoptedCount(): number {
  return logLines.filter((line) => line.includes('"spool_adopted"')).length;
}

it('neither waits nor throws where its folder cannot be made', async () => {
  await writeFile(join(dataDir, 'spool'), '');
  const { state, note } = receiver();
  const spool = start(note, { mostBytes: 1_000_000, mostInMemory: 50 });
  await Promise.all(numbers(20).map((id) => spool.append('note', { id })));
  await expect.poll(() => state.got.toSorted(byNumber)).toEqual(numbers(20));
  await rm(join(dataDir, 'spool'));
  await mkdir(join(dataDir, 'spool'));
  state.isAway = true;
  await spool.append('note', { id: 20 });
  expect(await files()).toHaveLength(1);
});

/** Appends in a process of its own, to a database that is away, and kills it; answers how many it had kept. */
async function runUntilKilled(): Promise<number> {
  const spoolModule = resolve(import.meta.dirname, '../../server/src/tracking/spool.ts');
  const script = `
    import { openSpool } from ${JSON.stringify(spoolModule)};
    const quiet = { info() {}, warn() {}, error() {}, debug() {} };
    const away = async () => { throw Object.assign(new Error('away'), { code: 'ECONNREFUSED' }); };
    const spool = openSpool({ config: { dataDir: ${JSON.stringify(dataDir)} }, log: quiet }, { note: away });
    for (let id = 0; id < 300; id += 1) {
      await spool.append('note', { id });
      process.stdout.write(id + '\\n');
      if (id % 50 === 0) await new Promise((done) => setTimeout(done, 60));
    }
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout.resume();
  const signal = await new Promise((done) => child.once('exit', (_code, by) => done(by)));
  expect(signal).toBe('SIGKILL');
  return 300;
}
