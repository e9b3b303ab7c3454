import { sql } from 'kysely';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { createLog } from '../../server/src/http/log.ts';

/*
 * Twenty workers that query without a pause, in a process of their own, so that an uncaught error ends it as it
 * would end the app. Writes what each worker did to standard output ten times a second, and ends with its input.
 */

const [url = ''] = process.argv.slice(2);
const log = createLog('warn', { write: (line) => process.stderr.write(line) });
const db = connectDatabase(url, { log, max: 10 });
const workers = Array.from({ length: 20 }, (_, index) => ({
  index,
  successes: 0,
  failures: 0,
  lastSuccessAt: 0,
  lastEndAt: Date.now(),
  longestMs: 0,
}));
const errors: Record<string, number> = {};
let isStopping = false;

const steps: ((db: Database, index: number) => Promise<unknown>)[] = [
  (db, index) => sql`select ${index}::int as n, now()`.execute(db),
  (db) => sql`select pg_sleep(0.005)`.execute(db),
  // More than a kilobyte is written at once instead of with the next turn of the loop.
  (db) => sql`select length(${'x'.repeat(3000)}::text)`.execute(db),
  (db, index) =>
    db.transaction().execute(async (trx) => {
      await sql`insert into hammer (worker) values (${index})`.execute(trx);
      await sql`select pg_sleep(0.003)`.execute(trx);
      await sql`insert into hammer (worker) values (${index})`.execute(trx);
    }),
  (db, index) =>
    db.transaction().execute(async (trx) => {
      await Promise.all([1, 2].map(() => sql`insert into hammer (worker) values (${index})`.execute(trx)));
    }),
];

async function work(worker: (typeof workers)[number]): Promise<void> {
  for (let turn = worker.index; !isStopping; turn += 1) {
    const started = Date.now();
    try {
      await steps[turn % steps.length]?.(db, worker.index);
      worker.successes += 1;
      worker.lastSuccessAt = Date.now();
    } catch (error) {
      worker.failures += 1;
      const code = String((error as { code?: string }).code ?? (error as Error).message);
      errors[code] = (errors[code] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    worker.lastEndAt = Date.now();
    worker.longestMs = Math.max(worker.longestMs, worker.lastEndAt - started);
  }
}

const report = () => process.stdout.write(`${JSON.stringify({ workers, errors })}\n`);
const timer = setInterval(report, 100);
process.stdin.resume().on('end', () => {
  isStopping = true;
});
await Promise.all(workers.map(work));
clearInterval(timer);
report();
await db.destroy();
