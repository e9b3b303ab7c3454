import { access, constants, mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { startProcess } from './child-process.ts';
import { type Conditions, confine, programPath } from './confine.ts';
import type { Limits } from './limits.ts';
import { ChildEnded, type ExecOptions } from './sandbox.ts';
import { FileRefused } from './tasks.ts';
import { guarded } from './watchdog.ts';
import { makeWorkFolder, type Placed } from './work-folder.ts';

interface Program {
  program: string;
  args: (folder: string, inputPath: string) => string[];
  exec: ExecOptions;
  /** Where it gets its folder. */
  path: string;
  signal: AbortSignal;
}

/** Runs a program of the system once, and lets the caller look at what it left. */
export async function runProgram(
  { program, args, exec, path, signal }: Program,
  { confinement, priority, warden, fontFolders }: Conditions,
): Promise<void> {
  const folder = await makeWorkFolder(path, { folders: fontFolders, withSystem: true });
  let placed: Placed | undefined;
  try {
    // A copy, because a program of the system may write to what it opens.
    placed = await folder.place(exec.file, 'copy', exec.inputName);
    const home = join(path, 'work', 'home');
    await mkdir(home, { mode: 0o700 });
    const command = [program, ...args(placed.folder, placed.inputPath)];
    const places = isAbsolute(program) ? [dirname(await realpath(program))] : [];
    const reach = {
      root: folder.root,
      readable: [...fontFolders, ...places, ...folder.readable],
      writable: folder.writable,
    };
    const child = startProcess(confine(confinement, priority, command, reach), {
      folder: placed.folder,
      env: {
        PATH: programPath,
        HOME: home,
        TMPDIR: home,
        FONTCONFIG_FILE: folder.fontConfigFile,
        LANG: 'C.UTF-8',
      },
    });
    warden.add(child.pid);
    const limits: Limits = {
      quietMs: exec.timeoutMs,
      totalMs: exec.timeoutMs,
      memoryBytes: exec.memoryBytes,
      stallMs: null,
    };
    try {
      const { code, message } = await guarded(child, join(path, 'work'), limits, signal, () => child.ended);
      if (code === 126 || code === 127) throw new Error(`${program} can not be run. ${message}`);
      if (code === null || code > 127) throw new ChildEnded('crashed', message);
      if (code !== 0) throw new FileRefused('damaged', `${program} gave up. ${message}`);
    } finally {
      child.kill();
      warden.remove(child.pid);
    }
    await placed.takeAll();
    await exec.onResult(placed.takenFolder);
  } finally {
    await placed?.clear();
    await folder.remove();
  }
}

/** The first of these places where there is a program; undefined where there is none. */
export async function findProgram(places: readonly string[]): Promise<string | undefined> {
  for (const place of places) {
    const isThere = await access(place, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (isThere) return place;
  }
  return undefined;
}
