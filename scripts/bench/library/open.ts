import { existsSync, globSync } from 'node:fs';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';

/** The folder itself when it is a library; else one beside it that lists every file under its name. */
export async function openLibrary(given: string): Promise<{ folder: string; made: string | null }> {
  const folder = resolve(process.env.INIT_CWD ?? '.', given);
  if (existsSync(join(folder, 'library.csv'))) return { folder, made: null };
  const made = await mkdtemp(join(tmpdir(), 'offshelf-relevance-'));
  await symlink(folder, join(made, 'files'));
  const files = globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const rows = files.map((file) => [`files/${file}`, titleOf(file), 'internal'].map(cell).join(','));
  await writeFile(join(made, 'library.csv'), ['file,title,audience', ...rows, ''].join('\n'));
  return { folder: made, made };
}

function titleOf(file: string): string {
  return basename(file, extname(file)).replace(/[_-]+/g, ' ').trim() || basename(file);
}
