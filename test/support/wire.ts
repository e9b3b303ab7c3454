import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { parseConnectionUrl } from '../../server/src/db/connection-url.ts';
import { findFreePort } from './offshelf.ts';

/** A wire to a database server that can be cut. */
export interface Wire {
  /** The database at the other end. */
  url: string;
  connect(): Promise<void>;
  cut(): Promise<void>;
}

export async function layWire(databaseUrl: string): Promise<Wire> {
  const { url, socketDir, database } = parseConnectionUrl(databaseUrl);
  const { hostname, port: serverPort, username } = new URL(url);
  const target = socketDir
    ? { path: join(socketDir, '.s.PGSQL.5432') }
    : { host: hostname, port: Number(serverPort || 5432) };
  const port = await findFreePort();
  const sockets = new Set<Socket>();
  let server: Server | undefined;

  async function connect(): Promise<void> {
    server = createServer((client) => {
      const upstream = createConnection(target);
      for (const [from, to] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(from);
        from.on('error', () => to.destroy());
        from.on('close', () => {
          sockets.delete(from);
          to.destroy();
        });
        from.pipe(to);
      }
    });
    await new Promise<void>((done) => server?.listen(port, '127.0.0.1', done));
  }

  await connect();
  return {
    url: `postgres://${username || 'offshelf'}@127.0.0.1:${port}/${database}`,
    connect,
    async cut() {
      const closed = new Promise((done) => server?.close(done));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
