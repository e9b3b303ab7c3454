import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import { startEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { hashToken, newId, newToken } from '../../server/src/http/ids.ts';
import { createLog } from '../../server/src/http/log.ts';
import { findFreePort, startOffshelf } from '../../test/support/offshelf.ts';
import { makeServerFolder } from '../../test/support/postgres.ts';
import { median } from './median.ts';
import type { LoadPlan, LoadResult } from './open.load.ts';
import type { BareAnswer } from './open.noop.ts';

const shareLimit = 0.25;
const p99LimitMs = 15;
const connections = 64;
const rounds = 3;
const roundMs = 4_000;
const linkCount = 50;
const pageCount = 30;

/** As Chromium asks for a page that somebody opens from a mail. */
const headers = {
  Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
  'Accept-Encoding': 'gzip, deflate, br, zstd',
  'Accept-Language': 'en-GB,en;q=0.9',
  'Sec-Fetch-Dest': 'document',
  'Sec-Fetch-Mode': 'navigate',
  'Sec-Fetch-Site': 'cross-site',
  'Sec-Fetch-User': '?1',
  'Upgrade-Insecure-Requests': '1',
  'User-Agent':
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/145.0.0.0 Safari/537.36',
};

/**
 * Opening share pages with their link hits recorded, over what a bare node:http server answers with the same bytes.
 * The rounds alternate, so that both see the same machine; afterwards every answer has to be in the table as one hit.
 */
export async function bench() {
  const folder = await makeServerFolder();
  const log = createLog('silent');
  const postgres = await startEmbeddedPostgres({ dataDir: join(folder, 'postgres'), log, say: () => {} });
  const env = { DATABASE_URL: postgres.url, INSTANCE_KEY: randomBytes(32).toString('hex'), TRUST_PROXY: '1' };
  const offshelf = await startOffshelf({ dataDir: join(folder, 'data'), env });
  const db = connectDatabase(postgres.url, { log, max: 2 });
  let noop: ChildProcess | undefined;
  try {
    const links = await makeLinks(db);
    const paths = links.map(({ token }) => `/s/${token}`);
    const plan = { connections, paths, headers: { ...headers, 'X-Forwarded-For': '203.0.113.7' } };
    const answer = await askForBytes(`${offshelf.url}${paths[0]}`);
    const noopPort = await findFreePort();
    noop = await startNoop(noopPort, answer);
    const opens: LoadResult[] = [];
    const bare: LoadResult[] = [];
    await load({ ...plan, port: noopPort, forMs: 1_000 });
    const warm = await load({ ...plan, port: offshelf.port, forMs: 2_000 });
    for (let round = 1; round <= rounds; round += 1) {
      bare.push(await load({ ...plan, port: noopPort, forMs: roundMs }));
      opens.push(await load({ ...plan, port: offshelf.port, forMs: roundMs }));
    }
    const opensPerSecond = median(opens.map(({ perSecond }) => perSecond));
    const noopPerSecond = median(bare.map(({ perSecond }) => perSecond));
    const value = opensPerSecond / noopPerSecond;
    const expected = links.map(({ id }, index) => {
      const counts = [warm, ...opens].map(({ answered }) => answered[index] ?? 0);
      return { id, count: sum(counts) + (index === 0 ? 1 : 0) };
    });
    const refused = sum([warm, ...opens].map(({ refused: count }) => count));
    return {
      bench: 'open',
      value: round3(value),
      unit: 'of a bare node:http no-op',
      limit: shareLimit,
      ratio: round3(value / shareLimit),
      p99Ms: round3(median(opens.map(({ p99Ms }) => p99Ms))),
      p99LimitMs,
      p50Ms: round3(median(opens.map(({ p50Ms }) => p50Ms))),
      noopP99Ms: round3(median(bare.map(({ p99Ms }) => p99Ms))),
      opensPerSecond: Math.round(opensPerSecond),
      noopPerSecond: Math.round(noopPerSecond),
      pageBytes: Buffer.from(answer.bodyBase64, 'base64').length,
      refused,
      ...(await compareHits(db, expected)),
    };
  } finally {
    await db.destroy();
    noop?.kill('SIGTERM');
    await offshelf.stop();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function round3(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Answers that left no hit, and hits without an answer, once nothing is on its way any more. */
async function compareHits(db: Database, expected: { id: string; count: number }[]) {
  const answers = sum(expected.map(({ count }) => count));
  let kept = new Map<string, number>();
  for (let waited = 0; waited < 60 && sum([...kept.values()]) < answers; waited += 1) {
    await wait(500);
    const rows = await db
      .selectFrom('linkHit')
      .groupBy('shareLinkId')
      .select(['shareLinkId', (eb) => eb.fn.countAll<string>().as('count')])
      .execute();
    kept = new Map(rows.map(({ shareLinkId, count }) => [shareLinkId, Number(count)]));
  }
  const differences = expected.map(({ id, count }) => (kept.get(id) ?? 0) - count);
  return {
    answers,
    lost: -sum(differences.filter((difference) => difference < 0)),
    doubled: sum(differences.filter((difference) => difference > 0)),
  };
}

/** Share links for many people to a document of as many pages as a long deck has. */
async function makeLinks(db: Database): Promise<{ id: string; token: string }[]> {
  const [userId, assetId, versionId, renditionId] = [newId('usr'), newId('ast'), newId('ver'), newId('rnd')];
  const hash = createHash('sha256').update('bench').digest('hex');
  const now = new Date();
  const mediaType = 'application/pdf';
  await db
    .insertInto('user')
    .values({ id: userId, email: 'bench@example.com', name: 'Bench', role: 'rep' })
    .execute();
  await db.insertInto('blob').values({ hash, sizeBytes: 1_000, createdAt: now }).execute();
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('asset')
      .values({ id: assetId, kind: 'file', title: 'Bench', currentVersionId: versionId })
      .execute();
    await trx
      .insertInto('assetVersion')
      .values({
        id: versionId,
        assetId,
        number: 1,
        blobHash: hash,
        fileName: 'deck.pdf',
        sizeBytes: 1_000,
        mediaType,
        pageCount,
      })
      .execute();
  });
  await db
    .insertInto('rendition')
    .values({
      id: renditionId,
      sourceKey: `${hash} ${mediaType}`,
      method: 2,
      blobHash: hash,
      mediaType,
      state: 'done',
      pageCount,
      renderedPageCount: pageCount,
      queuedAt: now,
      finishedAt: now,
    })
    .execute();
  for (let pageNumber = 1; pageNumber <= pageCount; pageNumber += 1)
    await makePage(db, renditionId, pageNumber, hash);
  const links = Array.from({ length: linkCount }, () => ({ id: newId('lnk'), token: newToken() }));
  for (const [index, { id, token }] of links.entries()) {
    const recipientId = newId('rcp');
    await db
      .insertInto('recipient')
      .values({ id: recipientId, name: `Buyer ${index}` })
      .execute();
    await db
      .insertInto('shareLink')
      .values({
        id,
        assetId,
        recipientId,
        createdByUserId: userId,
        tokenHash: hashToken(token),
        tokenSealed: '-',
        message: 'As promised.',
        createdAt: now,
      })
      .execute();
  }
  return links;
}

async function makePage(db: Database, renditionId: string, pageNumber: number, blobHash: string) {
  const words = Array.from({ length: 60 }, (_, index) => `word${(index * 37 + pageNumber * 11) % 400}`);
  await db
    .insertInto('renditionPage')
    .values({
      renditionId,
      pageNumber,
      width: 960,
      height: 540,
      text: words.join(' '),
      wordCount: words.length,
    })
    .execute();
  await db
    .insertInto('renditionImage')
    .values({ renditionId, pageNumber, kind: 'small', blobHash, width: 800, height: 450 })
    .execute();
}

/** The headers and the packed body, as they come over the wire. */
function askForBytes(url: string): Promise<BareAnswer> {
  return new Promise((done, fail) => {
    get(url, { headers: { ...headers, 'X-Forwarded-For': '203.0.113.7' } }, (res) => {
      const chunks: Buffer[] = [];
      res.on('data', (chunk: Buffer) => chunks.push(chunk));
      res.on('end', () => {
        if (res.statusCode !== 200) return fail(new Error(`The page answered ${res.statusCode}.`));
        const names = res.rawHeaders.filter((_, index) => index % 2 === 0);
        const kept = names
          .filter((name) => !/^(date|connection|keep-alive)$/i.test(name))
          .map((name) => [name, String(res.headers[name.toLowerCase()])] as [string, string]);
        return done({ headers: kept, bodyBase64: Buffer.concat(chunks).toString('base64') });
      });
    }).on('error', fail);
  });
}

async function startNoop(port: number, answer: BareAnswer): Promise<ChildProcess> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'open.noop.ts'), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(JSON.stringify(answer));
  await new Promise<void>((done) => child.stdout.once('data', () => done()));
  return child;
}

/** In a process of its own, so that making load does not slow what is measured more than it must. */
async function load(plan: LoadPlan): Promise<LoadResult> {
  const child = spawn(process.execPath, [resolve(import.meta.dirname, 'open.load.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stdin.end(JSON.stringify(plan));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  if (code !== 0) throw new Error(`The load ended with ${code}.`);
  return JSON.parse(Buffer.concat(output).toString('utf8')) as LoadResult;
}
