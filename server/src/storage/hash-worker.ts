import { createHash, type Hash } from 'node:crypto';
import { parentPort } from 'node:worker_threads';
import type { HashRequest } from './background-hash.ts';

const open = new Map<number, { hash: Hash; memory: SharedArrayBuffer }>();

function answer(request: HashRequest): string | undefined {
  if (request.kind === 'open') {
    open.set(request.id, { hash: createHash('sha256'), memory: request.memory });
    return;
  }
  const entry = open.get(request.id);
  if (request.kind === 'update') {
    entry?.hash.update(new Uint8Array(entry.memory, request.offset, request.length));
    return;
  }
  open.delete(request.id);
  return entry?.hash.digest('hex');
}

// Every request gets one answer, in order: the other side counts on it.
parentPort?.on('message', (request: HashRequest) => parentPort?.postMessage(answer(request)));
