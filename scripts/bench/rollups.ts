import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { startEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { migrate } from '../../server/src/db/migrate.ts';
import { createLog } from '../../server/src/http/log.ts';
import { rebuildNow } from '../../server/src/rollups/rebuild.ts';
import { readFreshness } from '../../server/src/rollups/service.ts';
import { verifyRollups } from '../../server/src/rollups/verify.ts';
import { signVisitToken } from '../../server/src/tracking/token.ts';
import { startOffshelf } from '../../test/support/offshelf.ts';
import { makeServerFolder } from '../../test/support/postgres.ts';
import { load, makeVisits, versionId } from './beats.ts';
import { makeReadPast, smallPast } from './rollups.past.ts';

const lagLimitSeconds = 60;
const beatsPerSecond = 2_000;
const floodMs = 60_000;
const rebuildLimitSeconds = 120;
const wholePast = 10_000_000;
const log = createLog('silent');

/**
 * How far counting is behind while so many beats a second come in and are counted by the same process; and how long it
 * takes to count a past of ten million pages anew, and to hold it against the raw rows. Fewer pages, and a shorter flood,
 * with npm run bench -- rollups 100000.
 */
export async function bench() {
  const pageCount = Number(process.argv[3] ?? wholePast);
  const rebuild = await measureRebuild(pageCount);
  const lag = await measureLag(Math.min(floodMs, Math.max(10_000, (floodMs * pageCount) / wholePast)));
  return {
    bench: 'rollups',
    value: lag.worstSeconds,
    unit: 's behind at worst',
    limit: lagLimitSeconds,
    ratio: round(lag.worstSeconds / lagLimitSeconds),
    lag,
    rebuild,
  };
}

async function measureLag(forMs: number) {
  const folder = await makeServerFolder();
  const instanceKey = randomBytes(32);
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log, say: () => {} });
  const env = { DATABASE_URL: postgres.url, INSTANCE_KEY: instanceKey.toString('hex'), TRUST_PROXY: '1' };
  const offshelf = await startOffshelf({ dataDir: join(folder, 'data'), env });
  const db = connectDatabase(postgres.url, { log, max: 2 });
  try {
    const visitIds = await makeVisits(db);
    const startedAt = Date.now() - 60_000;
    const visitTokens = visitIds.map((visitId) =>
      signVisitToken(instanceKey, { visitId, assetVersionId: versionId, startedAt, pageCount: 20 }),
    );
    const waiting = { count: 0, worstMs: 0 };
    const watching = new AbortController();
    const watch = watchLag(db, waiting, watching.signal);
    const flood = await load({
      port: offshelf.port,
      connections: 64,
      forMs,
      visitTokens,
      pages: 1,
      isEachNew: false,
      firstActiveMs: 5_000,
      perSecond: beatsPerSecond,
    });
    watching.abort();
    await watch;
    const endedAt = performance.now();
    while ((await readFreshness(db)).waitingCount > 0) await setTimeout(100);
    return {
      worstSeconds: round(waiting.worstMs / 1000),
      mostWaiting: waiting.count,
      caughtUpSeconds: round((performance.now() - endedAt) / 1000),
      beatsPerSecond: Math.round(flood.perSecond),
      refused: flood.refused,
      p99Ms: round(flood.p99Ms),
    };
  } finally {
    await db.destroy();
    await offshelf.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function watchLag(
  db: Database,
  seen: { count: number; worstMs: number },
  stopping: AbortSignal,
): Promise<void> {
  while (!stopping.aborted) {
    const { countedAt, waitingCount } = await readFreshness(db);
    seen.count = Math.max(seen.count, waitingCount);
    seen.worstMs = Math.max(seen.worstMs, Date.now() - countedAt.getTime());
    await setTimeout(250);
  }
}

async function measureRebuild(pageCount: number) {
  const folder = await makeServerFolder();
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log, say: () => {} });
  await migrate(postgres.url, { log });
  const db = connectDatabase(postgres.url, { log, max: 4 });
  const ctx = { db, clock: () => new Date() };
  try {
    await makeReadPast(db, { ...smallPast, pageCount });
    const first = await secondsOf(() => rebuildNow(ctx));
    const again = await secondsOf(() => rebuildNow(ctx));
    let faultCount = 0;
    const verify = await secondsOf(async () => {
      for (const faults of Object.values(await verifyRollups(ctx))) faultCount += faults[0]?.faultCount ?? 0;
    });
    const { rows } = await sql<{ pages: number; readings: number; months: number; moves: number }>`
      select (select count(*)::int from page_view) as pages, (select count(*)::int from reading) as readings,
        (select count(*)::int from asset_month) as months, (select count(*)::int from asset_move) as moves`.execute(
      db,
    );
    return {
      value: first,
      unit: 's',
      limit: rebuildLimitSeconds,
      ratio: round(first / rebuildLimitSeconds),
      againSeconds: again,
      verifySeconds: verify,
      faultCount,
      ...rows[0],
    };
  } finally {
    await db.destroy();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await work();
  return round((performance.now() - started) / 1000);
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
