import { Readable } from 'node:stream';
import { BlobTooLarge, type StageOptions } from './store.ts';

const headBytes = 4100;

/** The bytes of an upload on their way into a store, with what both stores have to know about them. */
export interface SourceReader {
  chunks: AsyncGenerator<Uint8Array>;
  /** Why `chunks` threw, so that a client library's wrapping of the error doesn't matter. */
  failure(): { error: unknown } | undefined;
  sizeBytes(): number;
  head(): Uint8Array;
}

export function readSource(
  source: Readable | AsyncIterable<Uint8Array>,
  options: StageOptions = {},
): SourceReader {
  const { limitBytes = Number.POSITIVE_INFINITY, signal } = options;
  const head = Buffer.allocUnsafeSlow(headBytes);
  let sizeBytes = 0;
  let failure: { error: unknown } | undefined;

  // A stream may fail before anybody iterates it, or after the store gave up on it: neither may end the process.
  if (source instanceof Readable) source.on('error', () => undefined);

  async function* chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of abortable(source, signal)) {
        if (sizeBytes < headBytes) head.set(chunk.subarray(0, headBytes - sizeBytes), sizeBytes);
        sizeBytes += chunk.byteLength;
        if (sizeBytes > limitBytes) throw new BlobTooLarge(limitBytes);
        yield chunk;
      }
    } catch (error) {
      failure = { error };
      throw error;
    }
  }

  return {
    chunks: chunks(),
    failure: () => failure,
    sizeBytes: () => sizeBytes,
    head: () => new Uint8Array(head.subarray(0, Math.min(sizeBytes, headBytes))),
  };
}

/** Iterates without destroying the source at the end, and stops waiting for a silent source when the signal fires. */
async function* abortable(source: Readable | AsyncIterable<Uint8Array>, signal: AbortSignal | undefined) {
  const iterator: AsyncIterator<Uint8Array> =
    source instanceof Readable ? source.iterator({ destroyOnReturn: false }) : source[Symbol.asyncIterator]();
  let stopWaiting: ((reason: unknown) => void) | undefined;
  const onAbort = () => stopWaiting?.(signal?.reason);
  signal?.addEventListener('abort', onAbort);
  let waiting = false;
  try {
    while (true) {
      signal?.throwIfAborted();
      waiting = true;
      const next = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        stopWaiting = reject;
        iterator.next().then(resolve, reject);
      });
      waiting = false;
      if (next.done) return;
      yield next.value;
    }
  } finally {
    signal?.removeEventListener('abort', onAbort);
    // A generator that is still waiting answers `return` only after its wait, which may never end.
    const returned = iterator.return?.();
    if (waiting) returned?.catch(() => undefined);
    else await returned;
  }
}
