import { type ChildProcess, spawn } from 'node:child_process';
import { setPriority } from 'node:os';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A process that works on files of strangers. What it sends is read one line at a time, and only when asked for. */
export interface DocumentChild {
  readonly pid: number;
  send(message: object): void;
  /** The next message; rejects when the child ends before it comes or sends more than is allowed. */
  next(): Promise<unknown>;
  /** Resolves with a sentence when the process is gone. */
  readonly ended: Promise<string>;
  isAlive(): boolean;
  kill(): void;
}

/** More than the text of the largest file that is let through, as JSON. */
const maxMessageBytes = 64 * 1_048_576;

export function startChild(
  command: string,
  args: string[],
  options: { folder: string; env: Record<string, string> },
): DocumentChild {
  const process_ = spawn(command, args, {
    cwd: options.folder,
    env: options.env,
    // A group of its own, so that whatever it starts ends with it.
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const { pid = 0 } = process_;
  lowerPriority(pid);
  const channel = process_.stdio[3] as Duplex;
  channel.on('error', () => undefined);
  let isAlive = pid !== 0;
  const ended = whenEnded(process_).then((sentence) => {
    isAlive = false;
    channel.destroy();
    return sentence;
  });
  const lines = readLines(channel);
  const kill = () => {
    if (isAlive) killGroup(pid);
  };
  return {
    pid,
    ended,
    isAlive: () => isAlive,
    kill,
    send: (message) => void channel.write(`${JSON.stringify(message)}\n`),
    async next() {
      const line = await Promise.race([
        lines(),
        ended.then((sentence) => Promise.reject(new Error(sentence))),
      ]);
      return JSON.parse(line);
    },
  };
}

/** Nothing is read ahead: a child that sends without being asked fills its own pipe and stands still. */
function readLines(channel: Duplex): () => Promise<string> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);
  const take = (): string | undefined => {
    const end = rest.indexOf(10);
    const piece = end < 0 ? rest : rest.subarray(0, end);
    size += piece.length;
    if (size > maxMessageBytes) throw new Error('The child sent a message that is too large.');
    pieces.push(decoder.write(piece));
    rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
    if (end < 0) return undefined;
    const line = pieces.join('') + decoder.end();
    pieces = [];
    size = 0;
    return line;
  };
  return async () => {
    for (;;) {
      const line = take();
      if (line !== undefined) return line;
      const chunk: Buffer | null = channel.read();
      if (chunk) rest = chunk;
      else if (channel.readableEnded || channel.destroyed) return new Promise(() => undefined);
      else await new Promise((done) => channel.once('readable', done));
    }
  };
}

function whenEnded(child: ChildProcess): Promise<string> {
  let said = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  return new Promise((done) => {
    child.on('error', (error) => done(`The process could not be started: ${error.message}`));
    child.on('close', (code, signal) =>
      done(`The process ended with ${signal ?? `code ${code}`}. ${said.trim()}`.trim()),
    );
  });
}

function lowerPriority(pid: number): void {
  try {
    if (pid !== 0) setPriority(pid, 10);
  } catch {
    // It ended already, which the caller sees.
  }
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
