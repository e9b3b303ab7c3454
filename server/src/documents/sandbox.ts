import type { Readable } from 'node:stream';
import type { StagedFile } from './home.ts';
import type { TaskInput, TaskKind, TaskPart, TaskResult } from './tasks.ts';

/**
 * Runs everything that reads bytes of strangers in child processes without secrets, network or a view of other
 * files; each with limits on time and memory. Nothing is started before it is needed.
 */
export interface Sandbox {
  /**
   * Places `file` before a child and runs one task on it. Throws `FileRefused` when the file is at fault and
   * `ChildEnded` when the child had to be ended or died on it.
   */
  run<K extends TaskKind>(
    kind: K,
    file: string | null,
    input: TaskInput<K>,
    options?: RunOptions<K>,
  ): Promise<TaskResult<K>>;
  /** Runs a program of the system (soffice, ffmpeg) on a file, under the same limits where the system allows them. */
  exec(
    program: string,
    args: (folder: string, inputPath: string) => string[],
    options: ExecOptions,
  ): Promise<void>;
  /**
   * Writes a stream to disk, for a document that is kept elsewhere or was just fetched. The file is gone when the
   * caller's `await using` ends.
   */
  stage(source: Readable, sizeBytes: number): Promise<StagedFile>;
  /** Ends every child. Tasks under way fail with an ordinary error, as they are to be done again. */
  close(): Promise<void>;
}

export interface RunOptions<K extends TaskKind> {
  /** The part, and the folder where its files lie until this resolves. */
  onPart?: (part: TaskPart<K>, folder: string) => Promise<void>;
  /** Before the folder is emptied: the last chance to take files out of it. */
  onResult?: (result: TaskResult<K>, folder: string) => Promise<void>;
  signal?: AbortSignal;
  /** Somebody waits for the answer, so it never stands behind the pages of a long document. */
  isAwaited?: boolean;
}

export interface ExecOptions {
  file: string;
  /** What the program sees it as, when it goes by names; `input` otherwise. */
  inputName?: string;
  timeoutMs: number;
  memoryBytes: number;
  /** With the folder of the plain files that the program left in its own. */
  onResult: (folder: string) => Promise<void>;
  signal?: AbortSignal;
}

/** A child died on a file, or was ended because of it. */
export class ChildEnded extends Error {
  override readonly cause: 'time' | 'memory' | 'stalled' | 'crashed';

  constructor(cause: ChildEnded['cause'], message: string) {
    super(message);
    this.name = 'ChildEnded';
    this.cause = cause;
  }
}
