/** A connection URL taken apart: PostgreSQL drivers disagree on how a socket folder is written in one. */
export interface ConnectionUrl {
  /** The URL without `host`, as postgres.js wants it. */
  url: string;
  /** The folder of a unix socket, when there is one. */
  socketDir: string | undefined;
  database: string;
}

/**
 * The form that both postgres.js (through `parseConnectionUrl`) and graphile-worker's `pg` (as it stands)
 * accept for a unix socket: `postgres://user@localhost:5432/name?host=/folder`.
 */
export function parseConnectionUrl(text: string): ConnectionUrl {
  const url = new URL(text);
  const host = url.searchParams.get('host') ?? undefined;
  url.searchParams.delete('host');
  return { url: url.href, socketDir: host, database: decodeURIComponent(url.pathname.slice(1)) };
}

export function socketUrl(user: string, socketDir: string, database: string): string {
  return `postgres://${encodeURIComponent(user)}@localhost:5432/${database}?host=${encodeURIComponent(socketDir)}`;
}

/** The same server, another database. */
export function withDatabase(text: string, database: string): string {
  const url = new URL(text);
  url.pathname = `/${encodeURIComponent(database)}`;
  return url.href;
}
