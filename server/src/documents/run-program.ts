import { mkdir, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { startProcess } from './child-process.ts';
import { type Confinement, confine, programPath } from './confine.ts';
import { fontFolders } from './fonts.ts';
import type { Limits } from './limits.ts';
import { ChildEnded, type ExecOptions } from './sandbox.ts';
import { FileRefused } from './tasks.ts';
import type { Warden } from './warden.ts';
import { guarded } from './watchdog.ts';
import { makeWorkFolder } from './work-folder.ts';

interface Program {
  program: string;
  args: (folder: string, inputPath: string) => string[];
  exec: ExecOptions;
  path: string;
  signal: AbortSignal;
  confinement: Confinement;
  warden: Warden;
  priority: number;
  extraFontFolders: string[];
}

/** Runs a program of the system once, and lets the caller look at what it left. */
export async function runProgram({
  program,
  args,
  exec,
  path,
  signal,
  confinement,
  warden,
  priority,
  extraFontFolders,
}: Program): Promise<void> {
  const folders = fontFolders(extraFontFolders);
  const folder = await makeWorkFolder(path, { folders, withSystem: true });
  try {
    // A copy, because a program of the system may write to what it opens.
    const placed = await folder.place(exec.file, 'copy', exec.inputName);
    const home = join(path, 'work', 'home');
    await mkdir(home, { mode: 0o700 });
    const command = [program, ...args(placed.folder, placed.inputPath)];
    const places = isAbsolute(program) ? [dirname(await realpath(program))] : [];
    const reach = {
      root: folder.root,
      readable: [...folders, ...places, ...folder.readable],
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
    await folder.remove();
  }
}
