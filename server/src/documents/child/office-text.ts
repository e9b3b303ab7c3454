import { open, stat } from 'node:fs/promises';
import { FileRefused, type OfficeText, type TaskHandler } from '../tasks.ts';
import { inspectCompoundFile } from './compound-file.ts';
import { readOpenDocument } from './odf.ts';
import type { OfficeWords } from './office-words.ts';
import { findMainPart } from './ooxml-package.ts';
import { readWorkbook } from './ooxml-sheets.ts';
import { readPresentation } from './ooxml-slides.ts';
import { readWordDocument } from './ooxml-words.ts';
import { countWords } from './words.ts';
import { readXml } from './xml.ts';
import { type OfficePackage, openPackage } from './zip.ts';

const noWords = { parts: [], headings: [], sheetExtent: null };
const mostParts = 20_000;
const longestTitle = 500;
const megabyte = 1_048_576;
/** Formats without a package hold their text as it is, so their length says what they cost. */
const mostLegacyBytes = 200 * megabyte;
const mostMarkupBytes = 64 * megabyte;

/**
 * Refuses a file that would harm a converter, and reads the text of those that say it without one. Formats from before
 * packages (doc, xls, ppt, rtf) and HTML have no text here; it comes from their pages.
 */
export const readOffice: TaskHandler<'read-office'> = async ({ mediaType }, { inputPath }) => {
  const { size } = await stat(inputPath);
  if (size === 0) throw new FileRefused('empty', 'The file has no bytes');
  const head = await readHead(inputPath);
  if (head.toString('latin1', 0, 2) === 'PK') return readPackage(inputPath);
  if (head.toString('hex', 0, 8) === 'd0cf11e0a1b11ae1') return readOldFile(inputPath, size);
  // A converter takes whatever it does not know for a text, and makes pages of noise.
  if (mediaType !== 'text/html' && head.toString('latin1', 0, 5) !== '{\\rtf')
    throw new FileRefused('damaged', `The file does not begin like one of ${mediaType}`);
  if (size > mostMarkupBytes)
    throw new FileRefused('too_large', `The file is longer than ${mostMarkupBytes} bytes`);
  return { ...noWords, hasMacros: false };
};

async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const head = Buffer.alloc(4096);
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function readOldFile(path: string, size: number): Promise<OfficeText> {
  if (size > mostLegacyBytes)
    throw new FileRefused('too_large', `The file is longer than ${mostLegacyBytes} bytes`);
  const { isEncrypted, hasMacros } = await inspectCompoundFile(path);
  if (isEncrypted) throw new FileRefused('password', 'The file opens only with a password');
  return { ...noWords, hasMacros };
}

async function readPackage(path: string): Promise<OfficeText> {
  const pack = await openPackage(path);
  try {
    await pack.check();
    const words = await readWords(pack);
    return { ...bound(words), hasMacros: pack.names.some((name) => isMacro(name)) };
  } finally {
    await pack.close();
  }
}

async function readWords(pack: OfficePackage): Promise<OfficeWords> {
  if (pack.has('META-INF/manifest.xml') && pack.has('content.xml')) return readOpenDocument(pack);
  const main = await findMainPart(pack);
  if (main === undefined) throw new FileRefused('damaged', 'The zip file is no package of an Office program');
  if (/\.bin$/i.test(main)) return noWords;
  const root = await findRoot(pack, main);
  if (root === 'presentation') return readPresentation(pack, main);
  if (root === 'workbook') return readWorkbook(pack, main);
  if (root === 'document') return readWordDocument(pack, main);
  throw new FileRefused('damaged', 'The zip file holds no text, slides or sheets');
}

/** What a package is: its name and its type can be wrong, the first element of its main part is not. */
async function findRoot(pack: OfficePackage, main: string): Promise<string | undefined> {
  let root: string | undefined;
  await readXml(pack.read(main), {
    open(name) {
      root ??= name;
    },
    isDone: () => root !== undefined,
  });
  return root;
}

/** What stands as a title in a list is short, and nobody reads twenty thousand of them. */
function bound({ parts, headings, sheetExtent }: OfficeWords): Omit<OfficeText, 'hasMacros'> {
  return {
    parts: parts.slice(0, mostParts).map((part) => ({
      ...part,
      title: part.title.slice(0, longestTitle),
      wordCount: countWords(part.text),
    })),
    headings: headings
      .slice(0, mostParts)
      .map(({ level, text }) => ({ level, text: text.slice(0, longestTitle) })),
    sheetExtent,
  };
}

/** Where Office and LibreOffice keep programs in a file. */
function isMacro(name: string): boolean {
  return /(^|\/)vbaProject\.bin$|^xl\/macrosheets\/|^(Basic|Scripts)\//i.test(name);
}
