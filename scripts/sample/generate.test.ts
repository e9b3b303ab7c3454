import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSampleSources } from './content.ts';
import { dayMs } from './deals.ts';
import { generateSampleLibrary } from './generate.ts';
import { sampleTaxonomy } from './taxonomy.ts';

describe('the generated sample library', () => {
  const folders: string[] = [];
  const today = new Date('2026-11-22T08:00:00Z');

  beforeAll(async () => {
    for (const day of [today, today, new Date(today.getTime() + 40 * dayMs)]) {
      const folder = await mkdtemp(join(tmpdir(), 'sample-library-'));
      folders.push(folder);
      await generateSampleLibrary(folder, day);
    }
  }, 60_000);

  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  const [first, again, later] = [() => folders[0] ?? '', () => folders[1] ?? '', () => folders[2] ?? ''];

  it('has the same bytes for the same day, and the same files on any day', async () => {
    const hashes = await hashFiles(join(first(), 'files'));
    expect(hashes.size).toBeGreaterThan(35);
    expect(await hashFiles(join(again(), 'files'))).toEqual(hashes);
    expect(await hashFiles(join(later(), 'files'))).toEqual(hashes);
    for (const name of ['library.csv', 'deals.csv', 'taxonomy.json']) {
      expect(await readFile(join(again(), name), 'utf8')).toBe(await readFile(join(first(), name), 'utf8'));
    }
    expect(await readFile(join(later(), 'library.csv'), 'utf8')).not.toBe(
      await readFile(join(first(), 'library.csv'), 'utf8'),
    );
  });

  it('stays small and holds no empty file and no two alike', async () => {
    const names = await readdir(join(first(), 'files'));
    const sizes = await Promise.all(
      names.map(async (name) => (await readFile(join(first(), 'files', name))).length),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(2 * 1024 * 1024);
    expect(Math.min(...sizes)).toBeGreaterThan(500);
    expect(new Set((await hashFiles(join(first(), 'files'))).values()).size).toBe(names.length);
  });

  it('has a row for each source, and a file for each row that names one', async () => {
    const sources = readSampleSources();
    const names = new Set(await readdir(join(first(), 'files')));
    const csv = await readFile(join(first(), 'library.csv'), 'utf8');
    expect(csv.trimEnd().split('\n')).toHaveLength(sources.length + 1);
    for (const { file, url } of sources) expect(url !== '' || names.has(file)).toBe(true);
  });

  it('uses only terms of its taxonomy', () => {
    const terms = new Map(
      sampleTaxonomy.dimensions.map(({ column, terms: list }) => [
        column,
        new Set(list.map(({ name }) => name)),
      ]),
    );
    const unknown = readSampleSources().flatMap((source) =>
      Object.entries({
        personas: source.personas,
        stages: source.stages,
        objections: source.objections,
        products: source.products,
        region: source.regions,
        language: [source.language],
        content_type: [source.contentType],
      }).flatMap(([column, names]) => names.filter((name) => !terms.get(column)?.has(name))),
    );
    expect(unknown).toEqual([]);
  });

  it('has drafts, new, stale and untagged assets, as in real life', () => {
    const sources = readSampleSources();
    const published = sources.filter(({ publishedDaysAgo }) => publishedDaysAgo !== null);
    expect(sources.length - published.length).toBeGreaterThanOrEqual(2);
    expect(
      published.filter(({ publishedDaysAgo }) => Number(publishedDaysAgo) < 30).length,
    ).toBeGreaterThanOrEqual(3);
    expect(sources.filter(({ reviewInDays }) => (reviewInDays ?? 1) < 0).length).toBeGreaterThanOrEqual(4);
    expect(sources.filter(({ useWhen }) => useWhen === '').length).toBeGreaterThanOrEqual(5);
    expect(sources.filter(({ objections }) => objections.length === 0).length).toBeGreaterThanOrEqual(5);
  });
});

async function hashFiles(folder: string): Promise<Map<string, string>> {
  const names = (await readdir(folder)).sort();
  const entries = names.map(async (name) => {
    const digest = createHash('sha256')
      .update(await readFile(join(folder, name)))
      .digest('hex');
    return [name, digest] as const;
  });
  return new Map(await Promise.all(entries));
}
