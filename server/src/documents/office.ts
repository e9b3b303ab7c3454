import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { extname, join } from 'node:path';
import type { Config } from '../config.ts';
import { convertWithGotenberg } from './gotenberg.ts';
import { limits } from './limits.ts';
import { officeExtension } from './office-formats.ts';
import { findProgram } from './run-program.ts';
import { ChildEnded, type Sandbox } from './sandbox.ts';
import { convertWithSystemOffice, officePlaces } from './system-office.ts';
import { FileRefused, type OfficeText } from './tasks.ts';

type Settings = Pick<Config['rendering'], 'officeConverter' | 'gotenbergUrl'> & {
  extraFontFolders: readonly string[];
};

/** What turns Office files into PDF. Off means that it can not be done, and `fault` says why. */
export type OfficeConverter =
  | { kind: 'wasm'; fault: null; fontFiles: string[] }
  | { kind: 'soffice'; fault: null; program: string }
  | { kind: 'gotenberg'; fault: null; address: string }
  | { kind: 'off'; fault: string };

/** What the choice depends on beside the settings. Tests say what there is. */
interface Host {
  memoryBytes: number;
  hasBundledOffice: boolean;
  systemOffice: string | undefined;
}

export interface Conversion {
  file: string;
  mediaType: string;
  pageLimit: number;
  /** From `read-office`, which always comes first. */
  sheetExtent: OfficeText['sheetExtent'];
  /** Gets the PDF, which is removed when this resolves. */
  onPdf: (path: string) => Promise<void>;
  signal?: AbortSignal;
}

/** Machines sold with 4 GB have somewhat less. */
const leastMemoryBytes = 3.6e9;
/** Whoever converts, it may take as much. */
const { totalMs: timeoutMs, memoryBytes } = limits['convert-office'];
const mostFontFiles = 200;

/** Decides once, at start, and looks at the host for it. */
export async function chooseConverter(
  settings: Settings,
  given: Partial<Host> = {},
): Promise<OfficeConverter> {
  const host = { ...(await lookAtHost()), ...given };
  const { officeConverter, gotenbergUrl } = settings;
  const isWanted = (kind: Settings['officeConverter']) =>
    officeConverter === kind || officeConverter === 'auto';
  if (officeConverter === 'off') return off('OFFICE_CONVERTER is off.');
  if (isWanted('gotenberg') && gotenbergUrl) return { kind: 'gotenberg', fault: null, address: gotenbergUrl };
  if (isWanted('soffice') && host.systemOffice)
    return { kind: 'soffice', fault: null, program: host.systemOffice };
  if (officeConverter === 'soffice')
    return off('OFFICE_CONVERTER is soffice, but LibreOffice is not installed. Install it, or choose auto.');
  if (!host.hasBundledOffice)
    return off(
      'No converter is installed. Install LibreOffice, set GOTENBERG_URL, or install without --omit=optional.',
    );
  if (host.memoryBytes < leastMemoryBytes && officeConverter === 'auto')
    return off(
      'The converter that came along wants 4 GB of memory. Install LibreOffice or set GOTENBERG_URL.',
    );
  return { kind: 'wasm', fault: null, fontFiles: await listFonts(settings.extraFontFolders) };
}

function off(fault: string): OfficeConverter {
  return { kind: 'off', fault };
}

async function lookAtHost(): Promise<Host> {
  return {
    memoryBytes: Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY),
    hasBundledOffice: isInstalled('@matbee/libreoffice-converter/wasm/loader'),
    systemOffice: await findProgram(officePlaces),
  };
}

function isInstalled(name: string): boolean {
  try {
    createRequire(import.meta.url).resolve(name);
    return true;
  } catch {
    return false;
  }
}

/** The font files of the folders and of the folders in them. */
async function listFonts(folders: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const folder of folders) {
    const names = await readdir(folder, { recursive: true }).catch(() => []);
    files.push(
      ...names.filter((name) => /^\.(ttf|otf|ttc)$/i.test(extname(name))).map((name) => join(folder, name)),
    );
  }
  return files.toSorted().slice(0, mostFontFiles);
}

/**
 * Makes a PDF of an Office file that `read-office` let through. A converter that broke down or came to a standstill
 * gets one more try, because neither need be the fault of the file.
 */
export async function convertToPdf(
  sandbox: Sandbox,
  converter: OfficeConverter,
  conversion: Conversion,
): Promise<void> {
  let isMade = false;
  const once: Conversion = {
    ...conversion,
    async onPdf(path) {
      isMade = true;
      await conversion.onPdf(path);
    },
  };
  try {
    await convert(sandbox, converter, once);
  } catch (error) {
    const isWorthATry = error instanceof ChildEnded && ['stalled', 'crashed'].includes(error.cause);
    if (isMade || !isWorthATry) throw error;
    await convert(sandbox, converter, once);
  }
}

async function convert(sandbox: Sandbox, converter: OfficeConverter, conversion: Conversion): Promise<void> {
  const { file, mediaType, pageLimit, signal, onPdf } = conversion;
  const extension = officeExtension(mediaType);
  if (!extension) throw new FileRefused('unknown_type', `No converter is known for ${mediaType}`);
  if (isBoundless(conversion.sheetExtent))
    throw new FileRefused('too_large', 'The cells of a sheet lie too far apart to be laid out in pages');
  const options = { pageLimit, hasPagePerSheet: fitsOnPages(conversion.sheetExtent) };
  signal?.throwIfAborted();
  switch (converter.kind) {
    case 'wasm': {
      const input = { mediaType, ...options, extraFontFiles: converter.fontFiles };
      await sandbox.run('convert-office', file, input, {
        onResult: (_result, folder) => onPdf(join(folder, 'output.pdf')),
        ...(signal && { signal }),
      });
      return;
    }
    case 'soffice':
      await convertWithSystemOffice(sandbox, {
        program: converter.program,
        ...{ file, extension, options, timeoutMs, memoryBytes, signal, onPdf },
      });
      return;
    case 'gotenberg':
      await convertWithGotenberg({
        address: converter.address,
        ...{ file, extension, options, timeoutMs, signal, onPdf },
      });
      return;
    case 'off':
      throw new Error(`Office files are not converted: ${converter.fault}`);
  }
}

/**
 * Whether the sheets are read better each on a page of its own than cut into sheets of paper: a table of many columns
 * would be torn apart, one of many rows would become an endless page.
 */
function fitsOnPages(extent: OfficeText['sheetExtent']): boolean {
  if (!extent || extent.rowCount === 0) return false;
  return extent.columnCount <= 60 && extent.rowCount <= (extent.columnCount > 8 ? 400 : 100);
}

/** A converter looks at each page between the first cell and the last, of which there can be 33 million. */
function isBoundless(extent: OfficeText['sheetExtent']): boolean {
  return extent !== null && extent.rowCount * extent.columnCount > 4e9;
}
