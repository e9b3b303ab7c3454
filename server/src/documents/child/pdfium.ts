import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium';
import { FileRefused } from '../tasks.ts';
import { deadline } from './deadline.ts';

export type Pdfium = WrappedPdfiumModule & {
  pdfium: { HEAPU8: Uint8Array; HEAP32: Int32Array; HEAPF32: Float32Array; HEAPF64: Float64Array };
};

export interface PdfDocument {
  pdfium: Pdfium;
  handle: number;
  /** What fills in the fields of forms; 0 when there are none. */
  form: number;
  pageCount: number;
  close: () => void;
}

const heapLimit = 512 * 2 ** 20;
/** A file without a table of its parts is searched from end to end, which is given up after this. */
const openingLimitMs = 12_000;
/** PDFium counts positions in a file with 32 bits. */
const fileLimit = 2 ** 32 - 1;

/** The types of Node name it without its members. */
interface WebAssemblyGlobal {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Imports) => { exports: object };
  RuntimeError: new () => Error;
}
type Imports = Record<string, Record<string, unknown>>;

const { WebAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyGlobal };

let compiled: object | undefined;
let loaded: Pdfium | undefined;

/** One instance serves many documents, until one of them breaks it. */
async function loadPdfium(): Promise<Pdfium> {
  if (loaded) return loaded;
  compiled ??= new WebAssembly.Module(
    readFileSync(createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm')),
  );
  const module = compiled;
  const pdfium = await init({
    instantiateWasm(imports: Imports, done: (instance: object) => void) {
      const instance = new WebAssembly.Instance(module, withHeapLimit(imports));
      done(instance);
      return instance.exports;
    },
    print() {},
    printErr() {},
  } as Parameters<typeof init>[0]);
  pdfium.PDFiumExt_Init();
  loaded = pdfium as Pdfium;
  return loaded;
}

/** PDFium ends itself where memory is refused, so a bomb costs this much and no more. */
function withHeapLimit(imports: Imports): Imports {
  const grow = imports.env?.emscripten_resize_heap as (size: number) => number;
  return {
    ...imports,
    env: {
      ...imports.env,
      emscripten_resize_heap: (size: number) => (size >>> 0 > heapLimit ? 0 : grow(size)),
    },
  };
}

/** Whether the instance died with this error; every handle into it is void then, and the next open starts anew. */
export function hasBrokenPdfium(error: unknown): boolean {
  const isBroken = error instanceof WebAssembly.RuntimeError || error instanceof RangeError;
  if (isBroken) loaded = undefined;
  return isBroken;
}

/** Reads the file where PDFium asks for it, so that its size costs no memory. */
export async function openPdf(path: string): Promise<PdfDocument> {
  const pdfium = await loadPdfium();
  const file = openSync(path, 'r');
  const { size } = fstatSync(file);
  if (size > fileLimit) {
    closeSync(file);
    throw new FileRefused('too_large', `The PDF has ${size} bytes.`);
  }
  const read = blockReader(file, size);
  let isOver = deadline(openingLimitMs);
  const getBlock = pdfium.pdfium.addFunction(
    (_: number, position: number, target: number, length: number) =>
      !isOver() &&
      read(position >>> 0, pdfium.pdfium.HEAPU8.subarray(target >>> 0, (target >>> 0) + (length >>> 0)))
        ? 1
        : 0,
    'iiiii',
  );
  const access = pdfium.pdfium.wasmExports.malloc(12);
  pdfium.pdfium.HEAP32.set([size, getBlock, 0], access / 4);
  let handle = 0;
  let form = { form: 0, close() {} };
  const close = () => {
    closeSync(file);
    if (loaded !== pdfium) return;
    form.close();
    if (handle) pdfium.FPDF_CloseDocument(handle);
    pdfium.pdfium.wasmExports.free(access);
    pdfium.pdfium.removeFunction(getBlock);
  };
  try {
    handle = pdfium.FPDF_LoadCustomDocument(access, '');
    if (!handle && isOver())
      throw new FileRefused('too_large', 'Searching the PDF for its pages takes too long.');
    if (!handle) throw refusal(pdfium.FPDF_GetLastError());
    isOver = () => false;
    form = openForm(pdfium, handle);
    return { pdfium, handle, form: form.form, pageCount: pdfium.FPDF_GetPageCount(handle), close };
  } catch (error) {
    if (hasBrokenPdfium(error)) {
      close();
      throw new FileRefused('packed_too_tightly', 'Opening the PDF takes more memory than is allowed.');
    }
    close();
    throw error;
  }
}

/** This build of PDFium runs no scripts, so fields show what was saved with them. */
function openForm(pdfium: Pdfium, document: number) {
  if (pdfium.FPDF_GetFormType(document) === 0) return { form: 0, close() {} };
  const info = pdfium.PDFiumExt_OpenFormFillInfo();
  const form = pdfium.PDFiumExt_InitFormFillEnvironment(document, info);
  return {
    form,
    close() {
      if (form) pdfium.PDFiumExt_ExitFormFillEnvironment(form);
      pdfium.PDFiumExt_CloseFormFillInfo(info);
    },
  };
}

/** PDFium reads half a kilobyte at a time; a system call for each would slow large files down. */
function blockReader(file: number, size: number): (position: number, target: Uint8Array) => boolean {
  const blockSize = 256 * 1024;
  const blockLimit = 64;
  const blocks = new Map<number, Buffer>();
  const blockAt = (index: number) => {
    const known = blocks.get(index);
    const block = known ?? readBlock(file, index * blockSize, Math.min(blockSize, size - index * blockSize));
    blocks.delete(index);
    blocks.set(index, block);
    if (blocks.size > blockLimit) blocks.delete(blocks.keys().next().value ?? index);
    return block;
  };
  return (position, target) => {
    if (position + target.length > size) return false;
    let done = 0;
    while (done < target.length) {
      const at = position + done;
      const block = blockAt(Math.floor(at / blockSize));
      const from = at % blockSize;
      const part = block.subarray(from, from + target.length - done);
      if (part.length === 0) return false;
      target.set(part, done);
      done += part.length;
    }
    return true;
  };
}

function readBlock(file: number, position: number, length: number): Buffer {
  const block = Buffer.allocUnsafe(length);
  return block.subarray(0, readSync(file, block, 0, length, position));
}

/** The codes of FPDF_GetLastError. */
function refusal(code: number): FileRefused {
  if (code === 4 || code === 5) return new FileRefused('password', 'The PDF asks for a password.');
  return new FileRefused('damaged', `PDFium can not open the file (code ${code}).`);
}
