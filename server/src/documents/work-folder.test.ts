import { existsSync } from 'node:fs';
import { link, mkdir, mkdtemp, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeWorkFolder, type Placed } from './work-folder.ts';

let scratch = '';
let placed: Placed;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'offshelf-work-folder-'));
  const folder = await makeWorkFolder(join(scratch, 'child'), { folders: [], withSystem: false });
  await writeFile(join(scratch, 'document'), 'hello');
  placed = await folder.place(join(scratch, 'document'), 'link');
});
afterEach(async () => {
  await placed.clear();
  await rm(scratch, { recursive: true, force: true });
});

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
  expect(await placed.clear()).toBe(true);
  expect([placed.folder, placed.takenFolder, placed.inputPath].filter((path) => existsSync(path))).toEqual(
    [],
  );
});

describe.runIf(process.platform === 'linux')('a child that exchanges its folder for a link to ours', () => {
  let ours = '';

  beforeEach(async () => {
    ours = join(scratch, 'postgres');
    await mkdir(ours);
    await writeFile(join(ours, 'PG_VERSION'), '18');
    await writeFile(join(placed.folder, 'page.webp'), 'picture');
    await rename(placed.folder, `${placed.folder}-moved`);
    await symlink(ours, placed.folder);
  });

  test('has nothing of it moved', async () => {
    await expect(placed.take(['PG_VERSION'])).rejects.toThrow('ENOENT');
    await placed.takeAll();
    expect(await readdir(placed.takenFolder)).toEqual(['page.webp']);
    expect(await readdir(ours)).toEqual(['PG_VERSION']);
  });

  test('has nothing of it removed, and is known by what it leaves', async () => {
    expect(await placed.clear()).toBe(false);
    expect(await readdir(ours)).toEqual(['PG_VERSION']);
  });
});

test('a folder that a child leaves is not gone into while the child lives', async () => {
  await mkdir(join(placed.folder, 'deep'));
  await writeFile(join(placed.folder, 'deep', 'file'), 'x');
  expect(await placed.clear()).toBe(false);
  expect(existsSync(join(placed.folder, 'deep', 'file'))).toBe(true);
});
