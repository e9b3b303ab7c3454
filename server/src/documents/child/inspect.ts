import type { FileHandle } from 'node:fs/promises';
import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { compoundTypes, isBinaryByte, packageTypes, textTypes, typeOfHead } from '../head-type.ts';
import { FileRefused, type Inspected, type TaskHandler } from '../tasks.ts';
import { type CompoundFile, openCompoundFile, readAt } from './cfb.ts';
import { inspectPackage } from './inspect-package.ts';

/** As much as is read of an upload, so that both decide alike. */
const headBytes = 4100;
const mostSearched = 64 * 1_048_576;

/** Decides what a file is by all of it. The name decides only between kinds of text. */
export const inspect: TaskHandler<'inspect'> = async ({ fileName }, { inputPath }) => {
  const extension = extname(fileName).toLowerCase();
  const file = await open(inputPath);
  try {
    const head = await readAt(file, 0, headBytes);
    if (head.length === 0) throw new FileRefused('empty', 'The file is empty.');
    const headType = await typeOfHead(head, extension);
    if (head.subarray(0, 8).equals(compoundMark)) return await inspectCompound(file, extension);
    if (head.subarray(0, 2).toString('latin1') === 'PK')
      return (await inspectPackage(inputPath, headType, extension)) ?? plain(headType);
    return plain(
      isTextType(headType) && (await turnsBinary(file, head)) ? 'application/octet-stream' : headType,
    );
  } finally {
    await file.close();
  }
};

const compoundMark = Buffer.from('d0cf11e0a1b11ae1', 'hex');

function plain(mediaType: string): Inspected {
  return { mediaType, isEncrypted: false, hasMacros: false };
}

async function inspectCompound(file: FileHandle, extension: string): Promise<Inspected> {
  const compound = await openCompoundFile(file);
  // Readers take these names in any case.
  const names = new Set(compound.entries.map(({ name }) => name.toUpperCase()));
  // Office 2007 and later, with a password or with rights of an organisation.
  if (names.has('ENCRYPTEDPACKAGE') || names.has('\tDRMCONTENT')) {
    const isOffice = /^\.(do[ct]|pp[ts]|pot|xl[st])[xmb]$/.test(extension);
    const mediaType = isOffice ? packageTypes[extension] : compoundTypes[extension];
    return { mediaType: mediaType ?? 'application/x-cfb', isEncrypted: true, hasMacros: false };
  }
  const top = new Set(compound.entries.filter(({ isTop }) => isTop).map(({ name }) => name.toUpperCase()));
  const program = programs.find(({ stream }) => top.has(stream));
  const hasMacros = ['_VBA_PROJECT_CUR', '_VBA_PROJECT', 'MACROS', 'VBA'].some((name) => names.has(name));
  if (!program) return { mediaType: 'application/x-cfb', isEncrypted: false, hasMacros };
  const { mediaType } = program;
  const start = await startOf(compound, program.stream);
  return {
    mediaType,
    isEncrypted: program.isEncrypted(start) || names.has('ENCRYPTEDSUMMARY'),
    hasMacros: hasMacros || (mediaType.endsWith('powerpoint') && (await holds(file, presentationMacros))),
  };
}

/** By the stream that only this program writes. */
const programs = [
  { stream: 'WORDDOCUMENT', mediaType: 'application/msword', isEncrypted: isLockedWord },
  { stream: 'POWERPOINT DOCUMENT', mediaType: 'application/vnd.ms-powerpoint', isEncrypted: () => false },
  { stream: 'WORKBOOK', mediaType: 'application/vnd.ms-excel', isEncrypted: isLockedExcel },
  { stream: 'BOOK', mediaType: 'application/vnd.ms-excel', isEncrypted: isLockedExcel },
  { stream: '__PROPERTIES_VERSION1.0', mediaType: 'application/vnd.ms-outlook', isEncrypted: () => false },
  { stream: 'VISIODOCUMENT', mediaType: 'application/vnd.visio', isEncrypted: () => false },
];

async function startOf(compound: CompoundFile, stream: string): Promise<Buffer> {
  const entry = compound.entries.find(({ name, isTop }) => isTop && name.toUpperCase() === stream);
  return entry ? await compound.readStart(entry) : Buffer.alloc(0);
}

function isLockedWord(start: Buffer): boolean {
  return start.length > 12 && start.readUInt16LE(0) === 0xa5ec && (start.readUInt16LE(10) & 0x0100) !== 0;
}

/** A record right after the first ones says so. */
function isLockedExcel(start: Buffer): boolean {
  const filePass = 0x2f;
  for (let at = 0, count = 0; at + 4 <= start.length && count < 8; count += 1) {
    if (start.readUInt16LE(at) === filePass) return true;
    at += 4 + start.readUInt16LE(at + 2);
  }
  return false;
}

/** Presentations keep their macros packed inside the one stream; a record of fixed form says that there are any. */
const presentationMacros = Buffer.from('1f00ff0314000000020000040c000000', 'hex');

async function holds(file: FileHandle, wanted: Buffer): Promise<boolean> {
  const chunkSize = 1_048_576;
  for (let position = 0; position < mostSearched; position += chunkSize) {
    const chunk = await readAt(file, position, chunkSize + wanted.length);
    const at = chunk.indexOf(wanted);
    // The record ends in whether there are macros, behind where they lie.
    if (at >= 0) return chunk.length < at + 24 || chunk.readUInt32LE(at + 20) !== 0;
    if (chunk.length < chunkSize) return false;
  }
  return false;
}

function isTextType(mediaType: string): boolean {
  return mediaType.startsWith('text/') || mediaType === textTypes['.json'];
}

/** Whether what begins as a text goes on as something else. UTF-16 has zeros by nature. */
async function turnsBinary(file: FileHandle, head: Buffer): Promise<boolean> {
  if (head.some(isBinaryByte)) return false;
  const sample = await readAt(file, headBytes, 1_048_576);
  const binaryCount = sample.reduce((count, byte) => count + (isBinaryByte(byte) ? 1 : 0), 0);
  return binaryCount > sample.length * 0.01 && binaryCount > 8;
}
