import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { childEntry } from '../../server/src/documents/app-files.ts';
import { type Confinement, findConfinement } from '../../server/src/documents/confine.ts';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../server/src/documents/sandbox.ts';
import type { TaskPart } from '../../server/src/documents/tasks.ts';

const entry = join(import.meta.dirname, '../support/sandbox-child.ts');
const parent = join(import.meta.dirname, '../support/sandbox-parent.ts');
const here = await findConfinement();
/** The best that this system allows, and what holds everywhere. */
const levels = [...new Set<Confinement>([here, 'limits'])];

let scratch = '';
beforeAll(async () => {
  scratch = await realpath(await mkdtemp(join(tmpdir(), 'offshelf-sandbox-')));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

let count = 0;
async function makeFolder(): Promise<string> {
  count += 1;
  const folder = join(scratch, `data-${count}`, 'tmp');
  await mkdir(folder, { recursive: true });
  return folder;
}

function openSandbox(folder: string, options: Partial<SandboxOptions> = {}): Sandbox {
  const log = pino({ level: 'silent' });
  const sandbox = createSandbox({
    folder,
    concurrency: 2,
    extraFontFolders: [],
    log,
    entry,
    priority: 0,
    ...options,
  });
  open.push(sandbox);
  return sandbox;
}

async function makeFile(content: string): Promise<string> {
  count += 1;
  const path = join(scratch, `file-${count}`);
  await writeFile(path, content);
  return path;
}

/** Lets the child do something that it may not do, and brings what came of it. */
async function ask(sandbox: Sandbox, question: string, file: string | null = null) {
  const { text } = await sandbox.run('read-text', file, { mediaType: question });
  return JSON.parse(text);
}

const digest = (sandbox: Sandbox, deed: string, signal?: AbortSignal) =>
  sandbox.run('digest', null, { text: deed }, signal && { signal });

const pagesOf = (
  sandbox: Sandbox,
  file: string,
  onPart?: (part: TaskPart<'render-pdf'>, folder: string) => Promise<void>,
) => sandbox.run('render-pdf', file, { imagePageLimit: 9, textPageLimit: 9 }, onPart && { onPart });

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Every process whose command names this folder, but for our own. */
async function listProcesses(folder: string): Promise<number[]> {
  const { promisify } = await import('node:util');
  const { execFile } = await import('node:child_process');
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,stat=,args='], {
    maxBuffer: 1e8,
  });
  return stdout
    .split('\n')
    .filter((line) => line.includes(folder) && !/^\s*\d+\s+Z/.test(line))
    .map((line) => Number.parseInt(line, 10));
}

const quick = { quietMs: 600, totalMs: 600, memoryBytes: 400e6, stallMs: null };

test('the system tells how far it lets a process be shut in', () => {
  expect(['jail', 'no-network', 'limits']).toContain(here);
});

describe.each(levels)('a child shut in by %s', (confinement) => {
  const openOne = async (options: Partial<SandboxOptions> = {}) =>
    openSandbox(await makeFolder(), { confinement, ...options });

  test('gets nothing of our environment', async () => {
    vi.stubEnv('DATABASE_URL', 'postgres://user:secret@host/db');
    const env = await ask(await openOne(), 'env');
    vi.unstubAllEnvs();
    // The shell that sets the limits adds the folder that it is in.
    expect(
      Object.keys(env)
        .filter((name) => name !== 'PWD')
        .toSorted(),
    ).toEqual(['FONTCONFIG_FILE', 'LANG', 'PATH', 'TZ', 'UV_THREADPOOL_SIZE']);
  });

  test('reads its file and nothing else, and writes only to its own folder', async () => {
    const folder = await makeFolder();
    const sandbox = openSandbox(folder, { confinement });
    const [file, secret] = [await makeFile('hello'), join(folder, '../instance.key')];
    await writeFile(secret, 'the key');
    expect(await ask(sandbox, 'input', file)).toBe('hello');
    for (const path of ['/etc/passwd', secret, file, `/proc/${process.pid}/environ`, '/proc/self/environ'])
      expect(await ask(sandbox, `read ${path}`), path).toEqual({ refused: 'ERR_ACCESS_DENIED' });
    for (const path of [join(scratch, 'x'), '/tmp/x', secret, entry])
      expect(await ask(sandbox, `write ${path}`), path).toEqual({ refused: 'ERR_ACCESS_DENIED' });
    expect(await ask(sandbox, 'overwrite', file)).toEqual({ refused: 'ERR_ACCESS_DENIED' });
    expect(await readFile(file, 'utf8')).toBe('hello');
    expect(await ask(sandbox, 'start /bin/true')).toEqual({ refused: 'ERR_ACCESS_DENIED' });
    const own = await ask(sandbox, 'folder');
    expect(own).toContain(folder);
    expect(existsSync(own)).toBe(false);
  });

  test('has no network', async () => {
    let hits = 0;
    const server = createServer((_, res) => {
      hits += 1;
      res.end();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sandbox = await openOne();
    for (const way of [
      `fetch http://127.0.0.1:${port}`,
      `http http://127.0.0.1:${port}`,
      `tcp ${port}`,
      `udp ${port}`,
      'dns localhost',
    ])
      expect(await ask(sandbox, way), way).toEqual({
        refused: expect.stringMatching(/^There is no network here/),
      });
    expect(hits).toBe(0);
    server.close();
    if (confinement !== 'limits') expect(await ask(sandbox, 'interfaces')).toEqual([]);
  });

  test('draws letters with the font that comes along', async () => {
    const sandbox = openSandbox(await makeFolder(), { confinement, entry: childEntry });
    const draw = async (letter: string) => {
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><text x="5" y="50" font-size="50">${letter}</text></svg>`;
      let picture = '';
      await sandbox.run(
        'render-picture',
        await makeFile(svg),
        { mediaType: 'image/svg+xml' },
        {
          onResult: async ({ page }, folder) => {
            picture = await readFile(join(folder, page.images[0]?.file ?? ''), 'base64');
          },
        },
      );
      return picture;
    };
    const pictures = [await draw('I'), await draw('W'), await draw(' ')];
    // Without a font every letter is the same box, or nothing.
    expect(new Set(pictures).size).toBe(3);
  });

  test.each([
    ['time', 'spin', quick],
    ['time', 'spinInWasm', quick],
    ['time', 'hang', quick],
    ['time', 'babble', quick],
    ['memory', 'eatMemory', { ...quick, quietMs: 15_000, totalMs: 15_000 }],
    ['memory', 'eatHeap', { ...quick, quietMs: 15_000, totalMs: 15_000, memoryBytes: 4e9 }],
    ['memory', 'eatDisk', { ...quick, quietMs: 15_000, totalMs: 15_000 }],
    ['crashed', 'crash', quick],
    ['crashed', 'leave', quick],
  ] as const)(
    'is ended for %s when it would %s, and the next task finds another',
    async (cause, deed, limits) => {
      const folder = await makeFolder();
      const sandbox = openSandbox(folder, { confinement, limits: { digest: limits } });
      await expect(digest(sandbox, deed)).rejects.toMatchObject({ name: 'ChildEnded', cause });
      expect(await listProcesses(join(folder, 'sandbox-'))).toHaveLength(1); // The warden.
      const [home = ''] = await readdir(folder);
      expect(await readdir(join(folder, home))).toEqual(['owner.json']);
      expect(await digest(sandbox, '')).toEqual({ language: 'en', signature: null });
    },
  );

  test('is ended when it hangs without doing anything, long before its time is over', async () => {
    const limits = {
      'convert-office': { quietMs: 60_000, totalMs: 60_000, memoryBytes: 1e9, stallMs: 1500 },
    };
    const sandbox = await openOne({ limits });
    const input = { pageLimit: 1, hasPagePerSheet: false, extraFontFiles: [] };
    await expect(sandbox.run('convert-office', null, { ...input, mediaType: 'hang' })).rejects.toMatchObject({
      cause: 'stalled',
    });
    const signal = AbortSignal.timeout(4000);
    // One that computes is left alone.
    await expect(
      sandbox.run('convert-office', null, { ...input, mediaType: 'spin' }, { signal }),
    ).rejects.toThrow(/timeout/);
  });

  test('ends with its parent, even in the middle of a computation', async () => {
    const folder = await makeFolder();
    const dying = spawn(process.execPath, [parent, folder, confinement], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(dying.stdout, 'data');
    const pids = (await listProcesses(join(folder, 'sandbox-'))).filter((pid) => pid !== dying.pid);
    expect(pids.length).toBeGreaterThan(1);
    dying.kill('SIGKILL');
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 5000 });
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), { timeout: 5000 });
  });
});

describe('the sandbox', () => {
  test('starts nothing and writes nothing before the first task', async () => {
    const folder = await makeFolder();
    await openSandbox(folder).close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('hands over parts one after the other, each with its files, which are gone afterwards', async () => {
    const sandbox = openSandbox(await makeFolder());
    const seen: string[] = [];
    let busy = 0;
    const folders = new Set<string>();
    const result = await pagesOf(sandbox, await makeFile('pages'), async (part, folder) => {
      busy += 1;
      expect(busy).toBe(1);
      await new Promise((done) => setTimeout(done, 50));
      folders.add(folder);
      if (part.kind === 'page')
        seen.push(await readFile(join(folder, part.page.images[0]?.file ?? ''), 'utf8'));
      expect(await readdir(folder)).toHaveLength(part.kind === 'page' ? 1 : 0);
      busy -= 1;
    });
    expect(seen).toEqual(['picture 1', 'picture 2', 'picture 3']);
    expect(result).toEqual({ pageCount: 3, renderedPageCount: 3 });
    expect([...folders].filter((folder) => existsSync(folder))).toEqual([]);
  });

  test('does not count the time that the parent takes with a part', async () => {
    const sandbox = openSandbox(await makeFolder(), {
      limits: { 'render-pdf': { ...quick, quietMs: 1500, totalMs: 1500 } },
    });
    await pagesOf(sandbox, await makeFile('pages'), () => new Promise((done) => setTimeout(done, 800)));
  });

  test.each(['climb', 'symlink', 'second name', 'missing', 'script', 'again'])(
    'believes nothing that a child hands over: %s',
    async (order) => {
      const sandbox = openSandbox(await makeFolder());
      const file = await makeFile(order);
      const pages: unknown[] = [];
      const work = pagesOf(sandbox, file, async (part) => {
        if (part.kind === 'page') pages.push(part);
      });
      // Node itself keeps the child from making links; `work-folder.test.ts` does without Node.
      const isKept = order === 'symlink' || order === 'second name';
      await expect(work).rejects.toMatchObject(
        isKept ? { name: 'Error' } : { name: 'ChildEnded', cause: 'crashed' },
      );
      expect(pages).toHaveLength(order === 'again' ? 1 : 0);
      expect(await readFile(file, 'utf8')).toBe(order);
    },
  );

  test('tells a file that is at fault from a fault of ours, and goes on with the same child after the first', async () => {
    const sandbox = openSandbox(await makeFolder());
    const pid = await ask(sandbox, 'pid');
    await expect(digest(sandbox, 'refuse')).rejects.toMatchObject({
      name: 'FileRefused',
      reason: 'password',
    });
    const faulty = digest(sandbox, 'fail');
    await expect(faulty).rejects.toThrow('A fault of ours.');
    await expect(faulty).rejects.not.toMatchObject({ name: 'ChildEnded' });
    expect(typeof pid).toBe('number');
  });

  test('leaves a file alone that is not there, and a fault of the caller with the caller', async () => {
    const sandbox = openSandbox(await makeFolder());
    await expect(pagesOf(sandbox, join(scratch, 'nothing'))).rejects.toThrow(/ENOENT/);
    const broken = pagesOf(sandbox, await makeFile('pages'), () =>
      Promise.reject(new Error('The disk is full.')),
    );
    await expect(broken).rejects.toThrow('The disk is full.');
    expect(await digest(sandbox, '')).toMatchObject({ language: 'en' });
  });

  test('uses a child again, replaces it by age and memory, and ends it when there is nothing to do', async () => {
    const folder = await makeFolder();
    const sandbox = openSandbox(folder, { confinement: 'limits', maxTasksPerChild: 3, idleMs: 500 });
    const pid = () => ask(sandbox, 'pid');
    const first = await pid();
    expect(await pid()).toBe(first);
    expect(await pid()).toBe(first);
    const second = await pid();
    expect(second).not.toBe(first);
    expect(isAlive(first)).toBe(false);
    await digest(sandbox, 'keepMemory');
    expect(isAlive(second)).toBe(false);
    const third = await pid();
    expect(third).not.toBe(second);
    await vi.waitFor(() => expect(isAlive(third)).toBe(false), { timeout: 3000 });
    await vi.waitFor(async () => {
      const [home = ''] = await readdir(folder);
      expect(await readdir(join(folder, home))).toEqual(['owner.json']);
    });
  });

  test('lets no more than so many long tasks run at once, and no short one wait behind them', async () => {
    const sandbox = openSandbox(await makeFolder(), { concurrency: 1 });
    const [one, two] = [await makeFile('pages'), await makeFile('pages')];
    const order: string[] = [];
    let goOn = () => {};
    const held = new Promise<void>((done) => {
      goOn = done;
    });
    const first = pagesOf(sandbox, one, () => held).then(() => order.push('first'));
    const second = pagesOf(sandbox, two).then(() => order.push('second'));
    await digest(sandbox, '').then(() => order.push('short'));
    goOn();
    await Promise.all([first, second]);
    expect(order).toEqual(['short', 'first', 'second']);
  });

  test('ends a task that is no longer wanted, running or waiting', async () => {
    const sandbox = openSandbox(await makeFolder());
    const [running, waiting] = [new AbortController(), new AbortController()];
    const spinning = digest(sandbox, 'spin', running.signal);
    const queued = digest(sandbox, '', waiting.signal);
    waiting.abort(new Error('Not wanted.'));
    await expect(queued).rejects.toThrow('Not wanted.');
    setTimeout(() => running.abort(new Error('No longer wanted.')), 700);
    await expect(spinning).rejects.toThrow('No longer wanted.');
    expect(await digest(sandbox, '')).toMatchObject({ language: 'en' });
  });

  test('fails what is under way with an ordinary error when it closes, and leaves nothing', async () => {
    const folder = await makeFolder();
    const sandbox = openSandbox(folder);
    await digest(sandbox, '');
    const spinning = digest(sandbox, 'spin');
    spinning.catch(() => undefined);
    await new Promise((done) => setTimeout(done, 300));
    await sandbox.close();
    await expect(spinning).rejects.toThrow('Offshelf is stopping.');
    await expect(digest(sandbox, '')).rejects.toThrow('Offshelf is stopping.');
    expect(await readdir(folder)).toEqual([]);
    await vi.waitFor(async () => expect(await listProcesses(join(folder, 'sandbox-'))).toEqual([]));
  });

  test('removes what a killed Offshelf left, and nothing of one that runs', async () => {
    const folder = await makeFolder();
    const running = openSandbox(folder);
    await digest(running, '');
    const [own = ''] = await readdir(folder);
    const left = join(folder, 'sandbox-left');
    await mkdir(left);
    const owner = JSON.parse(await readFile(join(folder, own, 'owner.json'), 'utf8'));
    // The number is taken again, by a process that began at another time.
    await writeFile(join(left, 'owner.json'), JSON.stringify({ ...owner, startedAt: '1' }));
    await digest(openSandbox(folder), '');
    const names = await readdir(folder);
    expect(names).toHaveLength(2);
    expect(names).toContain(own);
    expect(names).not.toContain('sandbox-left');
    expect((await stat(join(folder, own))).mode & 0o777).toBe(0o700);
  });

  test('keeps a stream as a file for as long as it is used', async () => {
    const sandbox = openSandbox(await makeFolder());
    let path = '';
    {
      await using staged = await sandbox.stage(Readable.from(['hel', 'lo']), 5);
      path = staged.path;
      expect(await ask(sandbox, 'input', path)).toBe('hello');
    }
    expect(existsSync(path)).toBe(false);
    await expect(sandbox.stage(Readable.from(['x']), 1e18)).rejects.toThrow(/no room/);
  });
});

describe.each(levels)('a program of the system shut in by %s', (confinement) => {
  const exec = (
    sandbox: Sandbox,
    script: string,
    options: { file: string; timeoutMs?: number; memoryBytes?: number },
  ) => {
    const seen: Record<string, string> = {};
    return sandbox
      .exec('sh', (folder, inputPath) => ['-c', script, 'sh', folder, inputPath], {
        timeoutMs: 10_000,
        memoryBytes: 500e6,
        ...options,
        onResult: async (folder) => {
          for (const name of await readdir(folder)) seen[name] = await readFile(join(folder, name), 'utf8');
        },
      })
      .then(() => seen);
  };

  test('works on a copy in a folder of its own, without our environment', async () => {
    const sandbox = openSandbox(await makeFolder(), { confinement });
    const file = await makeFile('hello');
    const seen = await exec(
      sandbox,
      'cat "$2" > "$1/copy"; echo changed > "$2"; env > "$1/env"; ln -s /etc/passwd "$1/link"; mkdir "$1/sub"',
      { file },
    );
    expect(seen.copy).toBe('hello');
    expect(await readFile(file, 'utf8')).toBe('hello');
    expect(Object.keys(seen).toSorted()).toEqual(['copy', 'env']);
    expect(seen.env).toMatch(/^HOME=.*\/work\/home$/m);
    expect(seen.env).not.toMatch(/VITEST|DATABASE/);
  });

  test('is ended with all that it started', async () => {
    const folder = await makeFolder();
    const sandbox = openSandbox(folder, { confinement });
    const file = await makeFile('x');
    await expect(
      exec(sandbox, 'sh -c "while :; do :; done; echo $1" & sleep 60', { file, timeoutMs: 700 }),
    ).rejects.toMatchObject({ cause: 'time' });
    await expect(
      exec(sandbox, 'head -c 300000000 /dev/zero | tail -c 299999999 | sleep 60', {
        file,
        memoryBytes: 100e6,
      }),
    ).rejects.toMatchObject({ cause: 'memory' });
    await expect(exec(sandbox, `sh -c 'kill -SEGV $$'; exit $?`, { file })).rejects.toMatchObject({
      cause: 'crashed',
    });
    await expect(exec(sandbox, 'echo "no good" >&2; exit 3', { file })).rejects.toMatchObject({
      reason: 'damaged',
      message: expect.stringContaining('no good'),
    });
    expect(await listProcesses(join(folder, 'sandbox-'))).toHaveLength(1);
    const [home = ''] = await readdir(folder);
    expect(await readdir(join(folder, home))).toEqual(['owner.json']);
  });

  test('says when there is no such program', async () => {
    const sandbox = openSandbox(await makeFolder(), { confinement });
    const nothing = {
      file: await makeFile('x'),
      timeoutMs: 1000,
      memoryBytes: 1e8,
      onResult: async () => {},
    };
    await expect(sandbox.exec('no-such-program', () => [], nothing)).rejects.toThrow(
      /no-such-program can not be run/,
    );
  });
});
