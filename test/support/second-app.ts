import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../server/src/app.ts';
import type { Context } from '../../server/src/context.ts';
import { connectDatabase } from '../../server/src/db/database.ts';
import { listenToDatabase } from '../../server/src/db/listen.ts';
import type { TestApp } from './app.ts';

export interface SecondApp {
  url: string;
  ctx: Context;
  logLines: string[];
  close(): Promise<void>;
}

interface SecondAppOptions {
  /** Another way to the same database. */
  databaseUrl?: string;
  dataDir?: string;
  shareUrl?: string;
}

/** Another process, as far as the first one can tell: the same database and files, everything else of its own. */
export async function startSecondApp(app: TestApp, options: SecondAppOptions = {}): Promise<SecondApp> {
  const ownDir = await mkdtemp(join(tmpdir(), 'offshelf-second-'));
  const databaseUrl = options.databaseUrl ?? app.databaseUrl;
  const logLines: string[] = [];
  const log = pino({ level: 'debug' }, { write: (line: string) => logLines.push(line) });
  const config = {
    ...app.ctx.config,
    dataDir: options.dataDir ?? ownDir,
    ...(options.shareUrl && { shareUrl: options.shareUrl }),
  };
  const db = connectDatabase(databaseUrl, { log, max: 10 });
  const listener = listenToDatabase(databaseUrl, { log });
  const ctx: Context = { ...app.ctx, config, log, db, listener };
  const answer = createApp(ctx);
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ctx,
    logLines,
    async close() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
      await answer.close();
      await listener.close();
      await db.destroy();
      await rm(ownDir, { recursive: true, force: true });
    },
  };
}
