import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test, vi } from 'vitest';
import {
  ask,
  digest,
  isAlive,
  listProcesses,
  makeFile,
  makeFolder,
  openSandbox,
  pagesOf,
  quick,
  scratch,
  useSandboxes,
} from '../support/sandbox.ts';

useSandboxes();

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

  test.each(['climb', 'symlink', 'second name', 'missing', 'script', 'too many', 'again'])(
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

  test('takes no HTML that ours would not make of a text', async () => {
    const sandbox = openSandbox(await makeFolder());
    const work = ask(sandbox, '<form action="/api/session">');
    await expect(work).rejects.toMatchObject({ name: 'ChildEnded', cause: 'crashed' });
    expect(await ask(sandbox, '<p>Words</p>')).toBe(null);
  });

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
    await vi.waitFor(() => expect(isAlive(third)).toBe(false), { timeout: 15_000 });
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
