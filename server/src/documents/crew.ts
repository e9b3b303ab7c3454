import { join } from 'node:path';
import { type DocumentChild, startChild } from './child-process.ts';
import { type Conditions, confine, programPath } from './confine.ts';
import { idleMemoryBytes, idleMs, maxTasksPerChild } from './limits.ts';
import { measure } from './process-use.ts';
import { makeWorkFolder, type WorkFolder } from './work-folder.ts';

/** LibreOffice gets processes of its own, because it takes a gigabyte as soon as it is loaded. */
export type Trade = 'document' | 'office';

export interface Member {
  readonly child: DocumentChild;
  readonly folder: WorkFolder;
  readonly trade: Trade;
}

/** The children that are alive. One that is not at work waits for the next task for a while. */
export interface Crew {
  take(trade: Trade): Promise<Member>;
  /** Back to wait for the next task, unless it is to be replaced. */
  giveBack(member: Member, isFit: boolean): Promise<void>;
  close(): Promise<void>;
}

interface CrewOptions extends Conditions {
  home: string;
  entry: string;
  /** What a child reads of the app: its code and the libraries. */
  appPaths: string[];
  maxTasksPerChild?: number;
  idleMs?: number;
}

interface Known extends Member {
  taskCount: number;
  isResting: boolean;
  timer?: NodeJS.Timeout;
}

/** A third of a second on an idle machine; on a crowded one with low priority it has taken ten. */
const startMs = 60_000;

/** A process may not have more than this of WebAssembly memory, in pages of 64 kB, and of JavaScript's heap in MB. */
const flagsOf: Record<Trade, string[]> = {
  document: ['--wasm-max-mem-pages=8192', '--max-old-space-size=512'],
  office: ['--wasm-max-mem-pages=24576', '--max-old-space-size=768', '--allow-worker'],
};

export function createCrew(options: CrewOptions): Crew {
  const members = new Map<Member, Known>();
  let startedCount = 0;

  async function start(trade: Trade): Promise<Member> {
    startedCount += 1;
    const fonts = { folders: options.fontFolders, withSystem: false };
    const folder = await makeWorkFolder(join(options.home, String(startedCount)), fonts);
    const readable = [...options.appPaths, ...options.fontFolders, ...folder.readable];
    const command = [
      process.execPath,
      '--permission',
      '--allow-addons',
      ...[...readable, ...folder.writable].map((path) => `--allow-fs-read=${path}`),
      ...folder.writable.map((path) => `--allow-fs-write=${path}`),
      '--disable-proto=throw',
      '--no-warnings',
      ...flagsOf[trade],
      options.entry,
    ];
    const reach = { root: folder.root, readable: [process.execPath, ...readable], writable: folder.writable };
    const child = startChild(confine(options.confinement, options.priority, command, reach), {
      folder: folder.path,
      // Nothing of our own: it holds the keys and the password of the database.
      env: {
        PATH: programPath,
        FONTCONFIG_FILE: folder.fontConfigFile,
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        UV_THREADPOOL_SIZE: '4',
      },
    });
    options.warden.add(child.pid);
    const member: Known = { child, folder, trade, taskCount: 0, isResting: false };
    members.set(member, member);
    void child.ended.then(async () => {
      clearTimeout(member.timer);
      members.delete(member);
      options.warden.remove(child.pid);
      await folder.remove();
    });
    await untilReady(child);
    return member;
  }

  return {
    async take(trade) {
      for (const known of members.values()) {
        if (!known.isResting || known.trade !== trade || !known.child.isAlive()) continue;
        known.isResting = false;
        clearTimeout(known.timer);
        return known;
      }
      return start(trade);
    },
    async giveBack(member, isFit) {
      const known = members.get(member);
      if (!known) return;
      known.taskCount += 1;
      const isOld = known.taskCount >= (options.maxTasksPerChild ?? maxTasksPerChild);
      const isFat =
        isFit && !isOld && (await measure(member.child.pid)).memoryBytes > idleMemoryBytes[member.trade];
      if (!isFit || isOld || isFat) {
        member.child.kill();
        await member.child.ended;
      } else {
        known.isResting = true;
        known.timer = setTimeout(() => member.child.kill(), options.idleMs ?? idleMs).unref();
      }
    },
    async close() {
      const endings = [...members.values()].map(async ({ child, folder }) => {
        child.kill();
        await child.ended;
        await folder.remove();
      });
      await Promise.all(endings);
    },
  };
}

/** A start that fails is no fault of the file that waits for it. */
async function untilReady(child: DocumentChild): Promise<void> {
  const timer = setTimeout(() => child.kill(), startMs);
  try {
    await child.next();
  } catch (error) {
    child.kill();
    throw new Error('A process to read files in could not be started.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
