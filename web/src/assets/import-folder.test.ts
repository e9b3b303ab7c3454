import { expect, test } from 'vitest';
import { createNameCheck, readImportFolder, UnfitFolder } from './import-folder.ts';

const file = (path: string, text: string | Uint8Array<ArrayBuffer> = 'x') => ({
  path,
  file: new File([text], path.split('/').at(-1) ?? path),
});

test('a folder gives its tables and the files that rows name', async () => {
  const folder = await readImportFolder([
    file('shelf/files/Deck (final).pdf'),
    file('shelf/files/readme.txt'),
    file('shelf/library.csv', 'file,title\nfiles/Deck (final).pdf,Deck\n'),
    file('shelf/taxonomy.json', '{}'),
  ]);
  expect(folder.sourceName).toBe('shelf');
  expect(folder.files.map(({ path }) => path)).toEqual(['shelf/files/Deck (final).pdf']);
  expect(folder.leftOutCount).toBe(1);
  expect([folder.taxonomyJson, folder.dealsCsv]).toEqual(['{}', null]);
});

test('the library.csv nearest to the top counts', async () => {
  const folder = await readImportFolder([
    file('shelf/old/library.csv', 'title,url\n'),
    file('shelf/library.csv', 'title,file\n'),
  ]);
  expect(folder.libraryCsv).toBe('title,file\n');
});

test('without a library.csv the choice is refused with the way out', async () => {
  await expect(readImportFolder([file('a.pdf')])).rejects.toThrow(UnfitFolder);
});

test('a table that is not UTF-8 is refused by name', async () => {
  const latin = new Uint8Array([0x66, 0xfc, 0x72]);
  await expect(readImportFolder([file('library.csv', latin)])).rejects.toThrow(/library\.csv cannot be read/);
});

test('names are found with doubled quotes and with accents written either way', () => {
  const isNamed = createNameCheck(
    'file,title\n"files/The ""new"" deck.pdf",Deck\nfiles/Fu\u0308r Sie.md,Guide\n',
  );
  expect(isNamed('The "new" deck.pdf')).toBe(true);
  expect(isNamed('F\u00fcr Sie.md')).toBe(true);
  expect(isNamed('Other.md')).toBe(false);
});
