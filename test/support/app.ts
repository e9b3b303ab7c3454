import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../server/src/app.ts';
import { type Config, loadConfig } from '../../server/src/config.ts';
import type { Context } from '../../server/src/context.ts';
import { connectDatabase } from '../../server/src/db/database.ts';
import { listenToDatabase } from '../../server/src/db/listen.ts';
import { createSandbox } from '../../server/src/documents/create-sandbox.ts';
import type { WebReader } from '../../server/src/documents/fetch-page.ts';
import type { Role } from '../../server/src/http/actor.ts';
import type { JobName } from '../../server/src/jobs/catalog.ts';
import { drain } from '../../server/src/jobs/runner.ts';
import { openBlobStore } from '../../server/src/storage/open.ts';
import { handlers } from '../../server/src/worker.ts';
import { createTestDatabase } from './database.ts';
import { type Factories, factories } from './make.ts';

export interface TestResponse {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what comes over the wire, whatever its type
  body: any;
}

/** A caller with a cookie jar of its own, seen from outside: HTTP in, HTTP out. */
export interface TestClient {
  userId: string | null;
  get(path: string, headers?: Record<string, string>): Promise<TestResponse>;
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestResponse>;
  /** The plain request below the app's root, cookies and Origin included. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestApp {
  url: string;
  databaseUrl: string;
  ctx: Context;
  make: Factories;
  /** Signed in as a new user of this role, or nobody. Paths are below /api. */
  client(role: Role | 'anonymous'): Promise<TestClient>;
  clientOf(user: { id: string }): Promise<TestClient>;
  /** Runs every queued job to its end, or only those of these names. */
  drain(only?: readonly JobName[]): Promise<void>;
  /** Moves the app's clock. */
  travel(milliseconds: number): void;
  /** By the app's clock. */
  ago(milliseconds: number): Date;
  logLines: string[];
  close(): Promise<void>;
}

/** Tests ask nobody outside; one that is about web links brings a site of its own. */
const noWeb: WebReader = {
  fetchPage: async (url) => ({
    kind: 'broken',
    url,
    status: null,
    reason: 'Tests do not reach the web.',
    isDead: true,
  }),
  fetchPicture: async () => null,
};

/** The whole app on a database of its own, cloned from the migrated template, listening on a free port. */
export async function startTestApp(env: Record<string, string> = {}): Promise<TestApp> {
  const database = await createTestDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'offshelf-api-'));
  const logLines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logLines.push(line) });
  let offset = 0;
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  const url = `http://127.0.0.1:${address.port}`;
  const config: Config = loadConfig({ DATA_DIR: dataDir, PUBLIC_URL: url, ...env });
  const ctx: Context = {
    config,
    db: connectDatabase(database.url, { log, max: 10 }),
    listener: listenToDatabase(database.url, { log }),
    blobs: await openBlobStore(config),
    sandbox: createSandbox({
      folder: join(dataDir, 'tmp'),
      concurrency: config.rendering.concurrency,
      extraFontFolders: config.rendering.extraFontFolders,
      log,
      // Tests wait for it.
      priority: 0,
    }),
    web: noWeb,
    log,
    clock: () => new Date(Date.now() + offset),
    instanceKey: randomBytes(32),
  };
  const listener = createApp(ctx);
  server.on('request', listener);
  const make = factories(ctx);
  const clientOf = async (user: { id: string }) =>
    createClient(url, user.id, await make.sessionCookie(user.id));

  return {
    url,
    databaseUrl: database.url,
    ctx,
    make,
    logLines,
    client: async (role) =>
      role === 'anonymous' ? createClient(url, null, null) : clientOf(await make.user({ role })),
    clientOf,
    drain: (only) => drain(ctx, handlers, { databaseUrl: database.url, ...(only && { only }) }),
    travel(milliseconds) {
      offset += milliseconds;
    },
    ago: (milliseconds) => new Date(ctx.clock().getTime() - milliseconds),
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await listener.close();
      await ctx.sandbox.close();
      await ctx.listener.close();
      await ctx.db.destroy();
      await database.close();
      await rm(dataDir, { recursive: true, force: true });
      const bugs = logLines.filter((line) => line.includes('"event":"request_failed"'));
      if (bugs.length > 0) throw new Error(`The app answered 500:\n${bugs.join('')}`);
    },
  };
}

function createClient(url: string, userId: string | null, sessionCookie: string | null): TestClient {
  const jar = new Map<string, string>();
  if (sessionCookie) {
    const [name, value] = sessionCookie.split('=', 2) as [string, string];
    jar.set(name, value);
  }

  async function request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (jar.size > 0 && !headers.has('cookie'))
      headers.set('cookie', [...jar].map(([name, value]) => `${name}=${value}`).join('; '));
    if (!headers.has('origin')) headers.set('origin', url);
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init, headers });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const [name = '', value = ''] = pair.split('=', 2);
      if (value === '' || /max-age=0|expires=thu, 01 jan 1970/i.test(cookie)) jar.delete(name);
      else jar.set(name, value);
    }
    return response;
  }

  async function read(response: Response): Promise<TestResponse> {
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text ? JSON.parse(text) : text,
    };
  }

  return {
    userId,
    fetch: request,
    get: async (path, headers = {}) => read(await request(`/api${path}`, { headers })),
    send: async (method, path, body, headers = {}) =>
      read(
        await request(`/api${path}`, {
          method,
          headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        }),
      ),
  };
}
