import type { PathFile } from './file-drop.tsx';

/** What a chosen or dropped folder holds for an import. */
export interface ImportFolder {
  sourceName: string;
  libraryCsv: string;
  taxonomyJson: string | null;
  dealsCsv: string | null;
  /** The files that a row may mean. */
  files: PathFile[];
  /** Files that no row names. */
  leftOutCount: number;
}

/** Why a choice can't be imported, in words for the person who made it. */
export class UnfitFolder extends Error {}

const special = ['library.csv', 'taxonomy.json', 'deals.csv'];

export async function readImportFolder(chosen: readonly PathFile[]): Promise<ImportFolder> {
  const topFirst = [...chosen].sort((a, b) => depthOf(a.path) - depthOf(b.path));
  const named = (name: string) => topFirst.find(({ path }) => nameOf(path).toLowerCase() === name);
  const library = named('library.csv');
  if (!library)
    throw new UnfitFolder(
      `There is no library.csv among the ${chosen.length.toString()} chosen files. Choose the folder that holds it.`,
    );
  const [libraryCsv, taxonomyJson, dealsCsv] = await Promise.all([
    readText(library.file),
    readOptional(named('taxonomy.json')),
    readOptional(named('deals.csv')),
  ]);
  const others = chosen.filter(({ path }) => !special.includes(nameOf(path).toLowerCase()));
  const isNamed = createNameCheck(libraryCsv);
  const files = others.filter(({ path }) => isNamed(nameOf(path)));
  return {
    sourceName: folderOf(library.path) ?? 'library.csv',
    libraryCsv,
    taxonomyJson,
    dealsCsv,
    files,
    leftOutCount: others.length - files.length,
  };
}

/** Whether the text of the CSV holds a file's name somewhere, as CSV writes it and however its accents are written. */
export function createNameCheck(libraryCsv: string): (fileName: string) => boolean {
  const text = libraryCsv.normalize('NFC').replaceAll('""', '"');
  return (fileName) => text.includes(fileName.normalize('NFC'));
}

function readOptional(found: PathFile | undefined): Promise<string> | null {
  return found ? readText(found.file) : null;
}

async function readText(file: File): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer());
  } catch {
    throw new UnfitFolder(
      `${file.name} cannot be read as UTF-8. Save it as “CSV UTF-8” and choose it again.`,
    );
  }
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function depthOf(path: string): number {
  return path.split('/').length;
}

function folderOf(path: string): string | undefined {
  return path.split('/').at(-2);
}
