import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { startEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { newId } from '../../server/src/http/ids.ts';
import { createLog } from '../../server/src/http/log.ts';
import { signVisitToken } from '../../server/src/tracking/token.ts';
import { findFreePort, startOffshelf } from '../../test/support/offshelf.ts';
import { makeServerFolder } from '../../test/support/postgres.ts';
import type { LoadPlan, LoadResult } from './beats.load.ts';
import { median } from './median.ts';

const shareLimit = 0.3;
const copyShareLimit = 0.5;
/** Of a long document that somebody leafs through. */
const pagesOfBatch = 20;
const p99LimitMs = 60;
const connections = 64;
const rounds = 3;
const roundMs = 4_000;
/** Each visit takes a burst of 30 beats, so there have to be enough of them. */
const visitCount = 5_000;

/**
 * Beats that are committed before they are answered, over what a bare node:http server answers to the same bytes.
 * The rounds alternate, so that both see the same machine; afterwards every acknowledged beat has to be in the table.
 * Then beats of 20 pages, all of them new, over what COPY makes of the same rows in the same table.
 */
export async function bench() {
  const folder = await makeServerFolder();
  const log = createLog('silent');
  const instanceKey = randomBytes(32);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log, say: () => {} });
  const env = { DATABASE_URL: postgres.url, INSTANCE_KEY: instanceKey.toString('hex'), TRUST_PROXY: '1' };
  const offshelf = await startOffshelf({ dataDir: join(folder, 'data'), env });
  const noop = await startNoop();
  const db = connectDatabase(postgres.url, { log, max: 2 });
  try {
    const visitIds = await makeVisits(db);
    const startedAt = Date.now() - 60_000;
    const visitTokens = visitIds.map((visitId) =>
      signVisitToken(instanceKey, { visitId, assetVersionId: versionId, startedAt, pageCount: pagesOfBatch }),
    );
    const beats: LoadResult[] = [];
    const bare: LoadResult[] = [];
    const plan = { connections, visitTokens, pages: 1, isEachNew: false };
    await load({ ...plan, port: noop.port, forMs: 1_000, firstActiveMs: 0 });
    await load({ ...plan, port: offshelf.port, forMs: 1_000, firstActiveMs: 5_000 });
    for (let round = 1; round <= rounds; round += 1) {
      bare.push(await load({ ...plan, port: noop.port, forMs: roundMs, firstActiveMs: 0 }));
      const firstActiveMs = 5_000 + round * 1_000;
      beats.push(await load({ ...plan, port: offshelf.port, forMs: roundMs, firstActiveMs }));
    }
    const lost = await countLost(db, visitIds, beats);
    const batches = await compareWithCopy(db, () =>
      load({
        ...plan,
        port: offshelf.port,
        forMs: roundMs,
        firstActiveMs: 1_000,
        pages: pagesOfBatch,
        isEachNew: true,
      }),
    );
    const beatsPerSecond = median(beats.map(({ perSecond }) => perSecond));
    const noopPerSecond = median(bare.map(({ perSecond }) => perSecond));
    const value = beatsPerSecond / noopPerSecond;
    return {
      bench: 'beats',
      value: round3(value),
      unit: 'of a bare node:http no-op',
      limit: shareLimit,
      ratio: round3(value / shareLimit),
      p99Ms: round3(median(beats.map(({ p99Ms }) => p99Ms))),
      p99LimitMs,
      p50Ms: round3(median(beats.map(({ p50Ms }) => p50Ms))),
      beatsPerSecond: Math.round(beatsPerSecond),
      noopPerSecond: Math.round(noopPerSecond),
      acknowledged: sum(beats.map(({ acknowledged }) => acknowledged)),
      refused: sum(beats.map(({ refused }) => refused)),
      lost,
      batches,
    };
  } finally {
    await db.destroy();
    noop.process.kill('SIGTERM');
    await offshelf.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Rows a second, of beats of many pages and of COPY of what they left; in turns, as the machine has its moods. */
async function compareWithCopy(db: Database, run: () => Promise<LoadResult>) {
  const file = 'rows.copy';
  const perSecond: { beats: number[]; copy: number[]; p99Ms: number[] } = { beats: [], copy: [], p99Ms: [] };
  for (let round = 0; round < rounds; round += 1) {
    await sql`truncate page_view`.execute(db);
    const result = await run();
    perSecond.beats.push(
      (result.perSecond * pagesOfBatch * result.acknowledged) / (result.acknowledged + result.refused),
    );
    perSecond.p99Ms.push(result.p99Ms);
    // Into the folder of the server, where it may write.
    await sql.raw(`copy (select * from page_view) to program 'cat > ${file}'`).execute(db);
    const { rows } = await sql<{ count: number }>`select count(*)::int as count from page_view`.execute(db);
    await sql`truncate page_view`.execute(db);
    const started = performance.now();
    await sql.raw(`copy page_view from program 'cat ${file}'`).execute(db);
    perSecond.copy.push(((rows[0]?.count ?? 0) * 1000) / (performance.now() - started));
  }
  const value = median(perSecond.beats) / median(perSecond.copy);
  return {
    value: round3(value),
    unit: 'of COPY of the same rows',
    limit: copyShareLimit,
    ratio: round3(value / copyShareLimit),
    p99Ms: round3(median(perSecond.p99Ms)),
    rowsPerSecond: Math.round(median(perSecond.beats)),
    copyRowsPerSecond: Math.round(median(perSecond.copy)),
  };
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Visits of whose totals less is kept than was acknowledged. */
async function countLost(db: Database, visitIds: string[], beats: LoadResult[]): Promise<number> {
  const rows = await db
    .selectFrom('pageView')
    .where('pageNumber', '=', 1)
    .select(['visitId', 'activeMs'])
    .execute();
  const kept = new Map(rows.map(({ visitId, activeMs }) => [visitId, activeMs]));
  return visitIds.filter((visitId, index) => {
    const acknowledged = Math.max(...beats.map(({ acknowledgedMs }) => acknowledgedMs[index] ?? 0));
    return (kept.get(visitId) ?? 0) < acknowledged;
  }).length;
}

/** A share link that has been open for a day, with many visits of a minute ago. */
export const versionId = newId('ver');

export async function makeVisits(db: Database): Promise<string[]> {
  const dayAgo = new Date(Date.now() - 86_400_000);
  const [userId, assetId] = [newId('usr'), newId('ast')];
  const [recipientId, shareLinkId] = [newId('rcp'), newId('lnk')];
  await db
    .insertInto('user')
    .values({ id: userId, email: 'bench@example.com', name: 'Bench', role: 'rep' })
    .execute();
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('asset')
      .values({ id: assetId, kind: 'web_link', title: 'Bench', currentVersionId: versionId })
      .execute();
    await trx
      .insertInto('assetVersion')
      .values({
        id: versionId,
        assetId,
        number: 1,
        url: 'https://example.com',
        mediaType: 'text/uri-list',
        pageCount: pagesOfBatch,
      })
      .execute();
  });
  await db.insertInto('recipient').values({ id: recipientId, name: 'Bench' }).execute();
  await db
    .insertInto('shareLink')
    .values({
      id: shareLinkId,
      assetId,
      recipientId,
      createdByUserId: userId,
      tokenHash: '-',
      tokenSealed: '-',
      createdAt: dayAgo,
    })
    .execute();
  const visitIds = Array.from({ length: visitCount }, () => newId('vis'));
  const now = new Date();
  for (let from = 0; from < visitCount; from += 1_000) {
    const some = visitIds.slice(from, from + 1_000);
    await db
      .insertInto('visitor')
      .values(some.map((id) => ({ id, keyKind: 'visit', keyHash: id, createdAt: now })))
      .execute();
    await db
      .insertInto('visit')
      .values(
        some.map((id) => ({
          id,
          shareLinkId,
          visitorId: id,
          userAgent: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
          startedAt: new Date(now.getTime() - 60_000),
          lastActiveAt: now,
        })),
      )
      .execute();
  }
  return visitIds;
}

async function startNoop(): Promise<{ port: number; process: ChildProcess }> {
  const port = await findFreePort();
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'beats.noop.ts'), String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise<void>((done) => child.stdout.once('data', () => done()));
  return { port, process: child };
}

/** In a process of its own, so that making load does not slow what is measured more than it must. */
export async function load(plan: LoadPlan): Promise<LoadResult> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'beats.load.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.end(JSON.stringify(plan));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0) throw new Error(`The load ended with ${code}.`);
  return JSON.parse(Buffer.concat(output).toString('utf8')) as LoadResult;
}
