import { type Envelope, filesOf, parseEnvelope, readParts, readResult } from './answers.ts';
import type { StrangeProcess } from './child-process.ts';
import type { Member } from './crew.ts';
import type { Limits } from './limits.ts';
import { ChildEnded, type RunOptions } from './sandbox.ts';
import { FileRefused, type TaskInput, type TaskKind, type TaskResult } from './tasks.ts';
import { guarded } from './watchdog.ts';
import type { Placed } from './work-folder.ts';

interface Task<K extends TaskKind> {
  kind: K;
  input: TaskInput<K>;
  run: RunOptions<K>;
  signal: AbortSignal;
  limits: Limits;
}

/** Hands a child its task, and takes what it brings until the result is there. */
export async function runTask<K extends TaskKind>(
  { child }: Member,
  placed: Placed,
  { kind, input, run, signal, limits }: Task<K>,
): Promise<TaskResult<K>> {
  return guarded(child, placed.folder, limits, signal, async (guard) => {
    const { inputPath, folder, takenFolder } = placed;
    const nextPart = readParts(kind, input);
    child.send({ task: { kind, input, inputPath, folder } });
    for (;;) {
      const said = await trusted(child, async () => parseEnvelope(await child.next()));
      guard.pause();
      if ('part' in said) {
        const part = await trusted(child, async () => {
          const read = nextPart(said.part);
          await placed.take(filesOf(kind, read));
          return read;
        });
        await run.onPart?.(part, takenFolder);
        await placed.dropTaken();
        guard.resume();
        child.send({ taken: true });
      } else if ('result' in said) {
        const result = await trusted(child, async () => {
          const read = readResult(kind, said.result);
          await placed.take(filesOf(kind, read));
          return read;
        });
        await run.onResult?.(result, takenFolder);
        return result;
      } else throw errorOf(said);
    }
  });
}

/** What a child says or hands over is not to be believed; when it does not fit, the child is as good as dead. */
async function trusted<T>(child: StrangeProcess, look: () => Promise<T>): Promise<T> {
  try {
    return await look();
  } catch (error) {
    if (!child.isAlive()) throw error;
    throw new ChildEnded(
      'crashed',
      `It said what it may not: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function errorOf(said: Extract<Envelope, { refused: unknown } | { failed: unknown }>): Error {
  if ('refused' in said) return new FileRefused(said.refused.reason, said.refused.message);
  const { name, message, stack } = said.failed;
  // WebAssembly stops so when its memory is broken or used up.
  if (name === 'RuntimeError') return new ChildEnded('crashed', `${message}\n${stack}`);
  return Object.assign(new Error(message), { stack });
}
