import { connect, createServer, type Socket } from 'node:net';
import { sql } from 'kysely';
import { inject } from 'vitest';
import { parseConnectionUrl } from '../../server/src/db/connection-url.ts';
import { connectDatabase, type Database } from '../../server/src/db/database.ts';
import type { TestApp } from './app.ts';
import './global-setup.ts';

export interface SeverableDatabase {
  db: Database;
  /** From now on nobody answers, and what is under way is cut. */
  sever(): Promise<void>;
  restore(): Promise<void>;
  close(): Promise<void>;
}

/** The database of a test app through a wire that can be cut, as when its server is restarted. */
export async function connectSeverably({ ctx }: TestApp): Promise<SeverableDatabase> {
  const { rows } = await sql<{ name: string }>`select current_database() as name`.execute(ctx.db);
  const { url, socketDir } = parseConnectionUrl(inject('testDatabase').url);
  const { hostname, port, username, password } = new URL(url);
  const target = socketDir
    ? { path: `${socketDir}/.s.PGSQL.${port || 5432}` }
    : { host: hostname, port: Number(port || 5432) };
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target as { path: string });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  });
  const listen = (on: number) => new Promise<void>((done) => server.listen(on, '127.0.0.1', done));
  await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  const login = password ? `${username}:${password}` : username;
  const db = connectDatabase(`postgres://${login}@127.0.0.1:${address.port}/${rows[0]?.name}`, {
    log: ctx.log,
    max: 10,
  });
  const sever = async () => {
    const ended = new Promise<void>((done) => server.close(() => done()));
    for (const socket of sockets) socket.destroy();
    await ended;
  };
  return {
    db,
    sever,
    restore: () => listen(address.port),
    async close() {
      await db.destroy();
      if (server.listening) await sever();
    },
  };
}
