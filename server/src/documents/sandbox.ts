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
  run<K extends TaskKind>(kind: K, file: string | null, input: TaskInput<K>, options?: RunOptions<K>): Promise<TaskResult<K>>;
  /** Runs a program of the system (soffice, ffmpeg) on a file, under the same limits where the system allows them. */
  exec(program: string, args: (folder: string, inputPath: string) => string[], options: ExecOptions): Promise<void>;
  close(): Promise<void>;
}

export interface RunOptions<K extends TaskKind> {
  /** The part, and the folder where its files lie until this resolves. */
  onPart?: (part: TaskPart<K>, folder: string) => Promise<void>;
  /** Before the folder is emptied: the last chance to take files out of it. */
  onResult?: (result: TaskResult<K>, folder: string) => Promise<void>;
  signal?: AbortSignal;
}

export interface ExecOptions {
  file: string;
  timeoutMs: number;
  memoryBytes: number;
  onResult: (folder: string) => Promise<void>;
}

/** A child died on a file, or was ended because of it. */
export class ChildEnded extends Error {
  readonly cause: 'time' | 'memory' | 'stalled' | 'crashed';

  constructor(cause: ChildEnded['cause'], message: string) {
    super(message);
    this.name = 'ChildEnded';
    this.cause = cause;
  }
}
