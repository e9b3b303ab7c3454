import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What of the compiled LibreOffice is used: its memory, its own file system, and the calls of LibreOfficeKit. */
interface CompiledOffice {
  FS: {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    readFile(path: string): Uint8Array;
    unlink(path: string): void;
  };
  HEAPU8: Uint8Array;
  _malloc(size: number): number;
  _free(pointer: number): void;
  _libreofficekit_hook(installPath: number): number;
  _lok_documentLoadWithOptions(office: number, url: number, options: number): number;
  _lok_documentGetDocumentType(document: number): number;
  _lok_documentGetParts(document: number): number;
  _lok_documentSaveAs(document: number, url: number, format: number, options: number): number;
  _lok_documentDestroy(document: number): void;
  _lok_getError(office: number): number;
}

interface Loader {
  createModule(settings: object): Promise<CompiledOffice>;
}

export type OfficeKind = 'text' | 'spreadsheet' | 'presentation' | 'other';

export interface OfficeEngine {
  writeFile(path: string, bytes: Uint8Array): void;
  readFile(path: string): Uint8Array;
  removeFile(path: string): void;
  /** Throws an `OfficeFault` when the file can not be opened or saved. */
  openDocument(path: string): OpenDocument;
}

interface OpenDocument {
  kind: OfficeKind;
  /** Pages of a text, slides of a presentation, sheets of a spreadsheet. */
  partCount: number;
  saveAs(path: string, format: string, options: object): void;
  close(): void;
}

/** LibreOffice says no to a file and stays well; any other error means that its memory is not to be trusted. */
export class OfficeFault extends Error {}

const require = createRequire(import.meta.url);
const packageName = '@matbee/libreoffice-converter';
const fontFolder = '/instdir/share/fonts/truetype';

/** Starts LibreOffice in this process. It stays until the process ends. */
export async function startOfficeEngine(fonts: { name: string; bytes: Uint8Array }[]): Promise<OfficeEngine> {
  const office = await loadModule();
  for (const folder of ['/tmp', '/tmp/input', '/tmp/output', '/instdir/user', '/instdir/user/temp'])
    makeFolder(office, folder);
  for (const font of fonts) office.FS.writeFile(`${fontFolder}/${font.name}`, font.bytes);
  const kit = withText(office, ['/instdir/program'], ([path = 0]) => office._libreofficekit_hook(path));
  if (kit === 0) throw new Error('LibreOffice did not start');
  return {
    writeFile: (path, bytes) => office.FS.writeFile(path, bytes),
    readFile: (path) => office.FS.readFile(path),
    removeFile: (path) => office.FS.unlink(path),
    openDocument: (path) => openDocument(office, kit, path),
  };
}

async function loadModule(): Promise<CompiledOffice> {
  const loaderPath = findLoader();
  // The loader works from its own folder and then returns to where it was, which may be out of this child's sight.
  process.chdir(dirname(loaderPath));
  const hooks = registerHooks({
    load(url, context, nextLoad) {
      if (!url.endsWith('/wasm/soffice.cjs')) return nextLoad(url, context);
      return {
        format: 'commonjs',
        source: widenThreadPool(readFileSync(fileURLToPath(url), 'utf8')),
        shortCircuit: true,
      };
    },
  });
  try {
    const loader: Loader = require(loaderPath);
    const code = readFileSync(join(dirname(loaderPath), 'soffice.wasm')).buffer;
    // LibreOffice's own main() would start on a thread at once and race the call that starts it for us.
    const office = await loader.createModule({ noInitialRun: true, wasmBinary: code });
    // The engine has its own copy of the 147 MB by now, and the loader would hold ours for ever.
    code.transfer(0);
    return office;
  } finally {
    hooks.deregister();
  }
}

function findLoader(): string {
  try {
    return require.resolve(`${packageName}/wasm/loader`);
  } catch {
    throw new Error(
      `The converter ${packageName} is not installed; it is an optional dependency of the server`,
    );
  }
}

/**
 * A call into LibreOffice never returns to the event loop, so a thread beyond those started beforehand never comes up
 * and the call waits for ever. Four are too few for it, twelve were enough for every file tried.
 */
function widenThreadPool(source: string): string {
  const wide = source.replace('pthreadPoolSize=4', 'pthreadPoolSize=12');
  if (wide === source)
    throw new Error(
      `${packageName} has changed: the size of its thread pool is not where it was in version 2.7.2`,
    );
  return wide;
}

function makeFolder(office: CompiledOffice, path: string): void {
  try {
    office.FS.mkdir(path);
  } catch {
    // It is there already.
  }
}

function openDocument(office: CompiledOffice, kit: number, path: string): OpenDocument {
  const document = withText(office, [`file://${path}`, ''], ([url = 0, options = 0]) =>
    office._lok_documentLoadWithOptions(kit, url, options),
  );
  if (document === 0) throw new OfficeFault(readError(office, kit));
  const kinds: OfficeKind[] = ['text', 'spreadsheet', 'presentation'];
  return {
    kind: kinds[office._lok_documentGetDocumentType(document)] ?? 'other',
    partCount: office._lok_documentGetParts(document),
    saveAs(target, format, filterOptions) {
      const texts = [`file://${target}`, format, JSON.stringify(filterOptions)];
      const isSaved = withText(office, texts, ([url = 0, type = 0, options = 0]) =>
        office._lok_documentSaveAs(document, url, type, options),
      );
      if (isSaved === 0) throw new OfficeFault(readError(office, kit));
    },
    close: () => office._lok_documentDestroy(document),
  };
}

function readError(office: CompiledOffice, kit: number): string {
  const start = office._lok_getError(kit);
  if (start === 0) return 'LibreOffice gave no reason';
  const end = office.HEAPU8.indexOf(0, start);
  return new TextDecoder().decode(office.HEAPU8.slice(start, end)) || 'LibreOffice gave no reason';
}

/** Texts go into the memory of LibreOffice for the time of one call. */
function withText(office: CompiledOffice, texts: string[], call: (pointers: number[]) => number): number {
  const pointers = texts.map((text) => {
    const bytes = new TextEncoder().encode(`${text}\0`);
    const pointer = office._malloc(bytes.length);
    office.HEAPU8.set(bytes, pointer);
    return pointer;
  });
  try {
    return call(pointers);
  } finally {
    for (const pointer of pointers) office._free(pointer);
  }
}
