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
  let takenPart: (() => void) | null = null;

  const send = (message: object) =>
    new Promise<void>((done) => channel.write(`${JSON.stringify(message)}\n`, () => done()));

  async function work({ kind, input, inputPath, folder }: Request): Promise<void> {
    const emit = async (part: TaskPart<TaskKind>) => {
      const taken = new Promise<void>((done) => {
        takenPart = done;
      });
      await send({ part });
      await taken;
    };
    try {
      const handler = (await handlers[kind]?.()) as TaskHandler<TaskKind> | undefined;
      if (!handler) throw new Error(`This child has no handler for ${kind}.`);
      await send({ result: await handler(input, { inputPath, folder, emit }) });
    } catch (error) {
      await send(describe(error));
    }
  }

  let rest = '';
  channel.setEncoding('utf8');
  channel.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const message = JSON.parse(line) as { task: Request } | { taken: true };
      if ('task' in message) void work(message.task);
      else takenPart?.();
    }
  });
  channel.on('error', () => process.exit(0));
  channel.on('close', () => process.exit(0));
}

function describe(error: unknown): object {
  if (error instanceof FileRefused) return { refused: { reason: error.reason, message: error.message } };
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { failed: { message: message.slice(0, 2000), stack: (stack ?? '').slice(0, 8000) } };
}
