import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** One answer of a real server: after how many writes, to what (a digest of the request), and what it said. */
type Exchange = [writes: number, digest: string, status: number, body: unknown];

/** Line by line, which server it was and then what it said. */
type Recording = [{ version: string }, ...Exchange[]];
const parse = (line: string): unknown => JSON.parse(line);

interface MeilisearchForTests {
  url: string;
  key: string;
  /** What answers, for the log of a run. */
  name: string;
  close(): Promise<void>;
}

/**
 * The server of MEILI_TEST_URL and MEILI_TEST_KEY. Without one, a stand-in that answers from the file what a real
 * server answered to the same; MEILI_RECORD=1 writes the file anew from the real server.
 */
export async function openMeilisearch(file: string): Promise<MeilisearchForTests> {
  const { MEILI_TEST_URL: url, MEILI_TEST_KEY: key = '', MEILI_RECORD: isRecording } = process.env;
  if (!url) return replay(file);
  if (isRecording) return record(file, url, key);
  return { url, key, name: `the server at ${url}`, close: async () => undefined };
}

async function record(file: string, url: string, key: string): Promise<MeilisearchForTests> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const { pkgVersion } = (await (await fetch(`${url}/version`, { headers })).json()) as {
    pkgVersion: string;
  };
  const exchanges = new Map<string, Exchange>();
  let writes = 0;
  const proxy = await listen(async (method, path, body) => {
    const isWrite = !isRead(method, path);
    const answer = await fetch(`${url}${path}`, { method, headers, ...(body !== '' && { body }) });
    const answered = prune(await answer.json().catch(() => null));
    if (isWrite) writes += 1;
    const digest = digestOf(method, path, body);
    exchanges.set(`${writes} ${digest}`, [writes, digest, answer.status, answered]);
    return { status: answer.status, body: answered };
  });
  return {
    ...proxy,
    key,
    name: `the server at ${url}, which is recorded`,
    async close() {
      await proxy.close();
      const lines = [{ version: pkgVersion }, ...exchanges.values()].map((line) => JSON.stringify(line));
      writeFileSync(file, `${lines.join('\n')}\n`);
    },
  };
}

async function replay(file: string): Promise<MeilisearchForTests> {
  if (!existsSync(file))
    throw new Error(`${file} is not there. Record it with MEILI_TEST_URL and MEILI_RECORD=1.`);
  const [{ version }, ...exchanges] = readFileSync(file, 'utf8').trim().split('\n').map(parse) as Recording;
  const byDigest = Map.groupBy(exchanges, ([, digest]) => digest);
  let writes = 0;
  const server = await listen(async (method, path, body) => {
    if (!isRead(method, path)) writes += 1;
    const known = byDigest.get(digestOf(method, path, body)) ?? [];
    // What is asked while something else is written may come a little earlier or later than it did.
    const nearest = known.toSorted(([a], [b]) => Math.abs(a - writes) - Math.abs(b - writes))[0];
    if (nearest) return { status: nearest[2], body: nearest[3] };
    const message = `This was not recorded; record anew with MEILI_TEST_URL and MEILI_RECORD=1: ${method} ${path} ${body.slice(0, 2_000)}`;
    return { status: 400, body: { message, code: 'not_recorded', type: 'invalid_request', link: '' } };
  });
  return { ...server, key: 'recorded', name: `what Meilisearch ${version} answered once` };
}

const isRead = (method: string, path: string) => method === 'GET' || /\/(multi-search|fetch)$/.test(path);

/** Whatever an index is told to be like, what it answered then stays what it answered: a longer list of words is no fault. */
function digestOf(method: string, path: string, body: string): string {
  const said = path.endsWith('/settings') ? '' : body;
  return createHash('sha256').update(`${method} ${path} ${said}`).digest('base64url').slice(0, 16);
}

/** What differs in every run and nobody reads. */
function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  const idle = [
    'processingTimeMs',
    'requestUid',
    'enqueuedAt',
    'startedAt',
    'finishedAt',
    'duration',
    'details',
  ];
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, inner]) => (idle.includes(name) ? [] : [[name, prune(inner)]])),
  );
}

type Handle = (method: string, path: string, body: string) => Promise<{ status: number; body: unknown }>;

async function listen(handle: Handle): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (req, res) => {
    const body = (await buffer(req)).toString();
    const answer = await handle(req.method ?? 'GET', req.url ?? '/', body);
    res.writeHead(answer.status, { 'content-type': 'application/json' });
    res.end(answer.body === null ? '' : JSON.stringify(answer.body));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
