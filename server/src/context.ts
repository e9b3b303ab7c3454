import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import type { Listener } from './db/listen.ts';
import type { WebReader } from './documents/fetch-page.ts';
import type { Sandbox } from './documents/sandbox.ts';
import type { Log } from './http/log.ts';
import type { BlobStore } from './storage/store.ts';

/** What a request or a job needs that is not in it. Tests build their own. */
export interface Context {
  config: Config;
  db: Database;
  /** Hears at once what any process of this instance tells. */
  listener: Listener;
  blobs: BlobStore;
  /** Reads and renders the files of strangers in processes of their own. */
  sandbox: Sandbox;
  /** Asks the web for the pages of web links. */
  web: WebReader;
  log: Log;
  /** The only source of the time. */
  clock: () => Date;
  /** Seals share tokens and signs visit tokens; 32 bytes. */
  instanceKey: Buffer;
}
