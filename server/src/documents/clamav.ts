import { type FileHandle, open } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';

export type ScanResult = { isClean: true } | { isClean: false; threat: string };

/** The scanner gave no verdict. Nothing is known of the file, so it stays unserved; asking again may help. */
export class ScannerUnavailable extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ScannerUnavailable';
  }
}

/** The file is larger than the scanner is set to take (StreamMaxLength); asking again changes nothing. */
export class TooLargeToScan extends Error {
  constructor() {
    super('The file is larger than the virus scanner takes. Raise StreamMaxLength of ClamAV.');
    this.name = 'TooLargeToScan';
  }
}

export interface ScanOptions {
  signal?: AbortSignal;
  /** How long the scanner may stay silent while it reads, and while it thinks. */
  silenceMs?: number;
}

/** Few pieces, because there is a moment of rest before each. */
const chunkBytes = 1_048_576;
const momentMs = 3;
/** Scanning a large archive takes clamd up to its own limit of two minutes. */
const usualSilenceMs = 150_000;
const longestAnswer = 4096;

/** Sends a file to clamd and returns its verdict. */
export async function scanFile(
  { host, port }: { host: string; port: number },
  path: string,
  { signal, silenceMs = usualSilenceMs }: ScanOptions = {},
): Promise<ScanResult> {
  signal?.throwIfAborted();
  await using file = await open(path);
  const socket = createConnection({ host, port });
  socket.setTimeout(silenceMs, () =>
    socket.destroy(new Error(`It was silent for ${Math.round(silenceMs / 1000)} seconds.`)),
  );
  const abort = () => socket.destroy();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    // Sending fails when the scanner closes early; its answer says why, and counts first.
    const [answered] = await Promise.allSettled([readAnswer(socket), sendFile(socket, file)]);
    signal?.throwIfAborted();
    if (answered.status === 'fulfilled' && answered.value !== '') return parseAnswer(answered.value);
    const cause = answered.status === 'rejected' ? answered.reason : undefined;
    throw new ScannerUnavailable(`The virus scanner at ${host}:${port} gave no answer.`, { cause });
  } finally {
    signal?.removeEventListener('abort', abort);
    socket.destroy();
  }
}

/** Each chunk with its length before it; a length of zero ends the file. Stops when the scanner hangs up. */
async function sendFile(socket: Socket, file: FileHandle): Promise<void> {
  try {
    await write(socket, Buffer.from('zINSTREAM\0'));
    for await (const chunk of file.createReadStream({ highWaterMark: chunkBytes, autoClose: false })) {
      if (socket.destroyed) return;
      const length = Buffer.alloc(4);
      length.writeUInt32BE(chunk.length);
      await write(socket, Buffer.concat([length, chunk]));
    }
    await write(socket, Buffer.alloc(4));
  } catch (error) {
    // Without the rest of the file there will be no answer to wait for.
    socket.destroy(error instanceof Error ? error : undefined);
  }
}

/**
 * Gives the scanner a moment to answer, then writes and waits until the bytes are out: a scanner that has had
 * enough says so and hangs up, and writing into its closed door would lose the answer.
 */
async function write(socket: Socket, bytes: Buffer): Promise<void> {
  await setTimeout(momentMs);
  if (socket.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('close', resolve);
  socket.write(bytes, () => resolve());
  await promise;
  socket.off('close', resolve);
}

function readAnswer(socket: Socket): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let answer = '';
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    answer += text;
    if (answer.includes('\0') || answer.length > longestAnswer) {
      resolve(answer.slice(0, longestAnswer));
      socket.destroy();
    }
  });
  socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)));
  socket.on('close', () => resolve(answer));
  return promise;
}

/** `stream: OK`, `stream: NAME FOUND`, or `… ERROR`. */
function parseAnswer(answer: string): ScanResult {
  const line = answer.replace(/\0[\s\S]*$/, '').trim();
  if (/^stream: OK$/.test(line)) return { isClean: true };
  const threat = /^stream: (.{1,300}) FOUND$/.exec(line)?.[1];
  if (threat) return { isClean: false, threat: threat.replace(/[^\x20-\x7e]/g, '?') };
  if (/size limit exceeded/i.test(line)) throw new TooLargeToScan();
  throw new ScannerUnavailable(
    `The virus scanner answered "${line.slice(0, 200).replace(/[^\x20-\x7e]/g, '?')}".`,
  );
}
