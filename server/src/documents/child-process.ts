import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** A process that works on files of strangers, in a group of its own. */
export interface StrangeProcess {
  readonly pid: number;
  /** Resolves when it is gone, and says how it went. */
  readonly ended: Promise<Ending>;
  isAlive(): boolean;
  /** Ends it and all that it started, at once. */
  kill(): void;
}

export interface Ending {
  code: number | null;
  message: string;
  /** The system or the engine ran out of memory. */
  isOutOfMemory: boolean;
}

/** A process that takes tasks. What it sends is read one line at a time, and only when asked for. */
export interface DocumentChild extends StrangeProcess {
  send(message: object): void;
  /** The next message; rejects when the child ends before it comes or sends more than is allowed. */
  next(): Promise<unknown>;
}

interface StartOptions {
  folder: string;
  env: Record<string, string>;
}

/** More than the text of the largest file that is let through, as JSON. */
const maxMessageBytes = 96 * 1_048_576;

export function startProcess([program = '', ...args]: string[], options: StartOptions): StrangeProcess {
  return follow(spawn(program, args, { ...settings(options), stdio: ['ignore', 'ignore', 'pipe'] }));
}

export function startChild([program = '', ...args]: string[], options: StartOptions): DocumentChild {
  const child = spawn(program, args, { ...settings(options), stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
  const followed = follow(child);
  const channel = child.stdio[3] as Duplex;
  channel.on('error', () => undefined);
  const nextLine = readLines(channel);
  const goneBefore = followed.ended.then(({ message }) => {
    channel.destroy();
    throw new Error(message);
  });
  goneBefore.catch(() => undefined);
  return {
    ...followed,
    send: (message) => void channel.write(`${JSON.stringify(message)}\n`),
    next: async () => JSON.parse(await Promise.race([nextLine(), goneBefore])),
  };
}

function settings({ folder, env }: StartOptions) {
  // A group of its own, so that whatever it starts ends with it.
  return { cwd: folder, env, detached: true };
}

function follow(child: ChildProcess): StrangeProcess {
  const { pid = 0 } = child;
  let isAlive = pid !== 0;
  let said = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  const ended = new Promise<Ending>((done) => {
    child.on('error', (error) => {
      isAlive = false;
      done({
        code: null,
        message: `The process could not be started: ${error.message}`,
        isOutOfMemory: false,
      });
    });
    child.on('exit', (code, signal) => {
      isAlive = false;
      // Whatever is left of the group has no business any more, and holds the pipes open.
      killGroup(pid);
      child.on('close', () => {
        const message = `The process ended with ${signal ?? `code ${code}`}. ${said.trim()}`.trim();
        // Nobody but us and the system sends a SIGKILL, and the watchdog says when it was us.
        const isKilled = signal === 'SIGKILL' || code === 137;
        done({ code, message, isOutOfMemory: isKilled || /out of memory|allocation failed/i.test(said) });
      });
    });
  });
  return {
    pid,
    ended,
    isAlive: () => isAlive,
    kill() {
      if (isAlive) killGroup(pid);
    },
  };
}

function killGroup(pid: number): void {
  attempt(() => process.kill(-pid, 'SIGKILL'));
}

/** What fails because a process is gone already, or because the system knows no such thing, changes nothing. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // See above.
  }
}

/** Nothing is read ahead: a child that sends without being asked fills its own pipe and stands still. */
function readLines(channel: Duplex): () => Promise<string> {
  const decoder = new StringDecoder('utf8');
  let pieces: string[] = [];
  let size = 0;
  let rest: Buffer = Buffer.alloc(0);

  function takeLine(): string | undefined {
    const end = rest.indexOf('\n');
    const piece = end < 0 ? rest : rest.subarray(0, end);
    size += piece.length;
    if (size > maxMessageBytes) throw new Error('A child sent a message that is too large.');
    pieces.push(decoder.write(piece));
    rest = end < 0 ? Buffer.alloc(0) : rest.subarray(end + 1);
    if (end < 0) return undefined;
    const line = pieces.join('') + decoder.end();
    pieces = [];
    size = 0;
    return line;
  }

  return async () => {
    for (;;) {
      const line = takeLine();
      if (line !== undefined) return line;
      const chunk: Buffer | null = channel.read();
      if (chunk) rest = chunk;
      // How it ended is told elsewhere.
      else if (channel.readableEnded || channel.destroyed) return new Promise<never>(() => undefined);
      else await oneOf(channel, ['readable', 'end', 'close']);
    }
  };
}

function oneOf(channel: Duplex, events: string[]): Promise<void> {
  return new Promise((done) => {
    const heard = () => {
      for (const event of events) channel.off(event, heard);
      done();
    };
    for (const event of events) channel.on(event, heard);
  });
}
