import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';

export type HashRequest =
  | { kind: 'open'; id: number; memory: SharedArrayBuffer }
  | { kind: 'update'; id: number; offset: number; length: number }
  | { kind: 'close'; id: number };

/** A sha256 that grows on another thread, so that a large upload doesn't hold up every other request. */
export interface BackgroundHash {
  /** Resolves when these bytes of the shared memory may be overwritten. */
  update(offset: number, length: number): Promise<void>;
  /** The digest; also the way to give up. */
  close(): Promise<string>;
}

const idleMs = 10_000;

interface Thread {
  worker: Worker;
  waiting: { resolve: (digest: string) => void; reject: (error: Error) => void }[];
  openHashes: number;
  stop: NodeJS.Timeout | undefined;
  failure: Error | undefined;
}

/** One thread serves all uploads and goes away when there are none, because idle memory counts. */
let thread: Thread | undefined;
let lastId = 0;

export function openBackgroundHash(memory: SharedArrayBuffer): BackgroundHash {
  const id = ++lastId;
  const own = thread ?? startThread();
  own.openHashes += 1;
  clearTimeout(own.stop);
  const send = (request: HashRequest) =>
    new Promise<string>((resolve, reject) => {
      if (own.failure) return reject(own.failure);
      own.worker.ref();
      own.waiting.push({ resolve, reject });
      own.worker.postMessage(request);
    });
  // A thread that dies rejects the updates too, which is where the failure is seen.
  send({ kind: 'open', id, memory }).catch(() => undefined);
  return {
    update: async (offset, length) => void (await send({ kind: 'update', id, offset, length })),
    close: async () => {
      try {
        return await send({ kind: 'close', id });
      } finally {
        own.openHashes -= 1;
        if (own.openHashes === 0) own.stop = setTimeout(() => retire(own), idleMs).unref();
      }
    },
  };
}

function startThread(): Thread {
  // The source beside this source, or the bundle beside the bundle.
  const file = `./hash-worker${extname(import.meta.url)}`;
  const worker = new Worker(new URL(file, import.meta.url), { execArgv: [], env: {} });
  const own: Thread = { worker, waiting: [], openHashes: 0, stop: undefined, failure: undefined };
  worker.on('message', (digest: string) => {
    own.waiting.shift()?.resolve(digest);
    if (own.waiting.length === 0) worker.unref();
  });
  const fail = (error: Error) => {
    own.failure ??= error;
    if (thread === own) thread = undefined;
    for (const { reject } of own.waiting.splice(0)) reject(error);
  };
  worker.on('error', fail);
  worker.on('exit', () => fail(new Error('The thread that hashes uploads ended.')));
  thread = own;
  return own;
}

function retire(own: Thread): void {
  if (thread === own) thread = undefined;
  own.worker.terminate().catch(() => undefined);
}
