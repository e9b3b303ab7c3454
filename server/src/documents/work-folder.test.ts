import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { makeWorkFolder, type Placed } from './work-folder.ts';

let scratch = '';
let placed: Placed;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'offshelf-work-folder-'));
  const folder = await makeWorkFolder(join(scratch, 'child'), { folders: [], withSystem: false });
  await writeFile(join(scratch, 'document'), 'hello');
  placed = await folder.place(join(scratch, 'document'), 'link');
});
afterEach(() => rm(scratch, { recursive: true, force: true }));

test('a file is moved out of the reach of the child', async () => {
  await writeFile(join(placed.folder, 'page.webp'), 'picture');
  await placed.take(['page.webp']);
  expect(await readFile(join(placed.takenFolder, 'page.webp'), 'utf8')).toBe('picture');
  expect(existsSync(join(placed.folder, 'page.webp'))).toBe(false);
});

test('a link, a second name of a file of ours, a folder and a name that leads elsewhere are not taken', async () => {
  await symlink(join(scratch, 'document'), join(placed.folder, 'symlink'));
  await link(join(scratch, 'document'), join(placed.folder, 'second-name'));
  await mkdir(join(placed.folder, 'folder'));
  for (const name of ['symlink', 'second-name', 'folder']) {
    await expect(placed.take([name])).rejects.toThrow('no plain file');
    expect(existsSync(join(placed.takenFolder, name))).toBe(false);
  }
  for (const name of ['../../in/1/input', '/etc/passwd', '..', '.', '', 'a/b', '.hidden', 'x'.repeat(101)])
    await expect(placed.take([name])).rejects.toThrow('not the name of a file');
  expect(await readFile(join(scratch, 'document'), 'utf8')).toBe('hello');
});

test('nothing of a task is left for the next', async () => {
  await writeFile(join(placed.folder, 'left'), 'x');
  await placed.clear();
  expect([placed.folder, placed.takenFolder, placed.inputPath].filter((path) => existsSync(path))).toEqual(
    [],
  );
});
