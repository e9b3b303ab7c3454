import { Socket } from 'node:net';
import type { TaskHandler, TaskInput, TaskKind, TaskPart } from '../tasks.ts';
import { FileRefused } from '../tasks.ts';
import { cutNetwork } from './cut-network.ts';

export type Handlers = { [K in TaskKind]?: () => Promise<TaskHandler<K>> };

interface Request {
  kind: TaskKind;
  input: TaskInput<TaskKind>;
  inputPath: string;
  folder: string;
}

/**
 * Answers the parent's tasks, one at a time, until the parent closes the channel or is gone. The channel is a pipe
 * of lines and not Node's own, because the parent has to bound what it reads from a child that was taken over.
 */
export function serveTasks(handlers: Handlers): void {
  const channel = new Socket({ fd: 3, readable: true, writable: true });
  cutNetwork();
  // Oldest first: a handler may emit again before a part was taken.
  const taken: (() => void)[] = [];

  const send = (message: object) =>
    new Promise<void>((done) => channel.write(`${JSON.stringify(message)}\n`, () => done()));

  async function work({ kind, input, inputPath, folder }: Request): Promise<void> {
    const emit = async (part: TaskPart<TaskKind>) => {
      const isTaken = new Promise<void>((done) => void taken.push(done));
      await send({ part });
      await isTaken;
    };
    try {
      const handler = (await handlers[kind]?.()) as TaskHandler<TaskKind> | undefined;
      if (!handler) throw new Error(`This child has no handler for ${kind}.`);
      await send({ result: await handler(input, { inputPath, folder, emit }) });
    } catch (error) {
      await send(describe(error));
    }
  }

  function hear(line: string): void {
    const message = JSON.parse(line) as { task: Request } | { taken: true };
    if ('task' in message) void work(message.task);
    else taken.shift()?.();
  }

  // A text to work on may be long, so it is put together once and not with every piece.
  let pieces: string[] = [];
  channel.setEncoding('utf8');
  channel.on('data', (text: string) => {
    const [end = '', ...starts] = text.split('\n');
    pieces.push(end);
    for (const start of starts) {
      hear(pieces.join(''));
      pieces = [start];
    }
  });
  void send({ ready: true });
  channel.on('error', () => process.exit(0));
  channel.on('close', () => process.exit(0));
}

function describe(error: unknown): object {
  if (error instanceof FileRefused) return { refused: { reason: error.reason, message: error.message } };
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  return {
    failed: {
      name: name.slice(0, 100),
      message: message.slice(0, 2000),
      stack: (stack ?? '').slice(0, 8000),
    },
  };
}
