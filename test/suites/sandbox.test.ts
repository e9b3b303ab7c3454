import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { childEntry } from '../../server/src/documents/app-files.ts';
import { type Confinement, findConfinement } from '../../server/src/documents/confine.ts';
import type { SandboxOptions } from '../../server/src/documents/create-sandbox.ts';
import type { Sandbox } from '../../server/src/documents/sandbox.ts';
import {
  ask,
  digest,
  entry,
  isAlive,
  listProcesses,
  makeFile,
  makeFolder,
  openSandbox,
  quick,
  scratch,
  useSandboxes,
} from '../support/sandbox.ts';

const parent = join(import.meta.dirname, '../support/sandbox-parent.ts');
const here = await findConfinement(tmpdir(), []);
/** The best that this system allows, and what holds everywhere. */
const levels = [...new Set<Confinement>([here, 'limits'])];

useSandboxes();

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
    ['memory', 'eatMemory', { ...quick, quietMs: 15_000, totalMs: 15_000 }],
    ['memory', 'eatHeap', { ...quick, quietMs: 15_000, totalMs: 15_000, memoryBytes: 4e9 }],
    ['memory', 'eatDisk', { ...quick, quietMs: 15_000, totalMs: 15_000 }],
    ['crashed', 'babble', { ...quick, quietMs: 15_000, totalMs: 15_000 }],
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
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 15_000 });
    await vi.waitFor(async () => expect(await readdir(folder)).toEqual([]), { timeout: 15_000 });
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

  test('sees no file but its own, and no other process', async () => {
    const folder = await makeFolder();
    const secret = join(folder, '../instance.key');
    await writeFile(secret, 'the key');
    const script = `ls -d "${secret}" /etc/passwd /root /home /proc/${process.pid} > "$1/seen" 2>/dev/null; ls -d "$2" >> "$1/seen"; [ -w /usr ] || echo kept >> "$1/seen"`;
    const seen = await exec(openSandbox(folder, { confinement }), script, { file: await makeFile('x') });
    // Without a jail a program sees what we see.
    if (confinement === 'jail') expect(seen.seen).toMatch(/^\S+\/in\/1\/input\nkept\n$/);
    else expect(seen.seen).toContain('/etc/passwd');
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
