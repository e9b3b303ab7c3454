import type { Entry, ZipFile } from 'yauzl';
import { openPromise } from 'yauzl';
import { packageTypes } from '../head-type.ts';
import type { Inspected } from '../tasks.ts';

/** Enough for any document; a package of more is looked at no further. */
const mostEntries = 20_000;
const longestPart = 1_048_576;

/** What a ZIP package is by its table of contents; undefined when it has none that can be read. */
export async function inspectPackage(
  inputPath: string,
  headType: string,
  extension: string,
): Promise<Inspected | undefined> {
  let zip: ZipFile;
  try {
    zip = await openPromise(inputPath, {
      lazyEntries: true,
      autoClose: false,
      decodeStrings: false,
      validateEntrySizes: false,
    });
  } catch {
    return undefined;
  }
  try {
    const entries = await listEntries(zip);
    if (entries.size === 0) return undefined;
    return await describePackage(zip, entries, headType, extension);
  } finally {
    zip.close();
  }
}

async function listEntries(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      // The first of two entries with one name is the one that counts for most readers.
      const name = entry.fileNameRaw.toString('utf8').replaceAll('\\', '/').replace(/^\//, '');
      if (!entries.has(name)) entries.set(name, entry);
      if (entries.size >= mostEntries || zip.entriesRead >= mostEntries) break;
    }
  } catch {
    // A table that ends in damage still says what it said before.
  }
  return entries;
}

async function describePackage(
  zip: ZipFile,
  entries: Map<string, Entry>,
  headType: string,
  extension: string,
): Promise<Inspected> {
  const names = [...entries.keys()];
  const isEncrypted = [...entries.values()].some((entry) => entry.isEncrypted());
  if (entries.has('mimetype') && /opendocument|epub/.test(headType)) {
    const manifest = await readPart(zip, entries.get('META-INF/manifest.xml'));
    return {
      mediaType: headType,
      isEncrypted: isEncrypted || manifest.includes('encryption-data') || entries.has('META-INF/rights.xml'),
      hasMacros: names.some((name) =>
        /^Basic\/[^/]+\/(?!script-l[bc]\.xml$)[^/]+$|^Scripts\/.*[^/]$/.test(name),
      ),
    };
  }
  const contentTypes = await readPart(zip, findName(entries, '[content_types].xml'));
  const office = contentTypes === '' ? undefined : typeOfOffice(contentTypes, names);
  if (office)
    return {
      mediaType: office,
      isEncrypted,
      hasMacros:
        /vnd\.ms-office\.vbaproject/i.test(contentTypes) ||
        names.some((name) => /(^|\/)vbaproject\.bin$|^xl\/macrosheets\//i.test(name)),
    };
  const other = names.includes('visio/document.xml')
    ? 'application/vnd.visio'
    : typeOfApple(names, extension);
  return { mediaType: other ?? 'application/zip', isEncrypted, hasMacros: false };
}

const mainParts: [RegExp, RegExp, [RegExp, string][], string][] = [
  [
    /^word\/document[^/]*\.xml$/i,
    /wordprocessingml\.|ms-word\./,
    [
      [/ms-word\.document\.macroenabled\.main/, '.docm'],
      [/ms-word\.template\.macroenabledtemplate\.main/, '.dotm'],
      [/wordprocessingml\.template\.main/, '.dotx'],
    ],
    '.docx',
  ],
  [
    /^ppt\/presentation[^/]*\.xml$/i,
    /presentationml\.|ms-powerpoint\./,
    [
      [/ms-powerpoint\.presentation\.macroenabled\.main/, '.pptm'],
      [/ms-powerpoint\.slideshow\.macroenabled\.main/, '.ppsm'],
      [/ms-powerpoint\.template\.macroenabled\.main/, '.potm'],
      [/presentationml\.slideshow\.main/, '.ppsx'],
      [/presentationml\.template\.main/, '.potx'],
    ],
    '.pptx',
  ],
  [
    /^xl\/workbook[^/]*\.(xml|bin)$/i,
    /spreadsheetml\.|ms-excel\./,
    [
      [/ms-excel\.sheet\.binary\.macroenabled\.main/, '.xlsb'],
      [/ms-excel\.sheet\.macroenabled\.main/, '.xlsm'],
      [/ms-excel\.template\.macroenabled\.main/, '.xltm'],
      [/spreadsheetml\.template\.main/, '.xltx'],
    ],
    '.xlsx',
  ],
];

/** A package with the main parts of two programs is what its declaration says first. */
function typeOfOffice(contentTypes: string, names: string[]): string | undefined {
  const declared = contentTypes.toLowerCase();
  const found = mainParts
    .map(([part, family, flavours, usual]) => ({
      at: declared.search(new RegExp(`(${family.source})[a-z.]*\\.main\\b`)),
      hasPart: names.some((name) => part.test(name)),
      extension: flavours.find(([mark]) => mark.test(declared))?.[1] ?? usual,
    }))
    .filter(({ at, hasPart }) => at >= 0 || hasPart)
    .toSorted((a, b) => Number(b.hasPart) - Number(a.hasPart) || a.at - b.at);
  return found[0] && packageTypes[found[0].extension];
}

function typeOfApple(names: string[], extension: string): string | undefined {
  const isApple = names.some((name) => /^Index(\.zip$|\/.*\.iwa$)|^index\.(xml|apxl)(\.gz)?$/.test(name));
  if (!isApple) return undefined;
  if (['.key', '.pages', '.numbers'].includes(extension)) return packageTypes[extension];
  if (names.some((name) => /^Index\/(Master)?Slide|^index\.apxl/.test(name))) return packageTypes['.key'];
  return names.some((name) => /^Index\/Tables\//.test(name))
    ? packageTypes['.numbers']
    : packageTypes['.pages'];
}

function findName(entries: Map<string, Entry>, lowerCaseName: string): Entry | undefined {
  for (const [name, entry] of entries) if (name.toLowerCase() === lowerCaseName) return entry;
  return undefined;
}

/** The start of a part as text, whatever it claims to grow to; empty when it can not be read. */
async function readPart(zip: ZipFile, entry: Entry | undefined): Promise<string> {
  if (!entry?.canDecodeFileData()) return '';
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > longestPart) break;
    }
  } catch {
    // What came before the damage is read.
  }
  const bytes = Buffer.concat(chunks);
  return bytes.includes(0) ? bytes.toString('utf16le') : bytes.toString('utf8');
}
