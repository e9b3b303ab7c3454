import { fileTypeFromBuffer } from 'file-type';
import { extensionOf } from './file-name.ts';

export interface DetectedType {
  mediaType: string;
  /** A sentence when the content is not what the name says. */
  typeWarning: string | null;
}

const ooxml = 'application/vnd.openxmlformats-officedocument';

/** What a name promises. Several types are fine where people use one extension for all of them. */
const promises: Record<string, string[]> = {
  '.pdf': ['application/pdf'],
  '.docx': [`${ooxml}.wordprocessingml.document`],
  '.pptx': [`${ooxml}.presentationml.presentation`],
  '.xlsx': [`${ooxml}.spreadsheetml.sheet`],
  '.doc': ['application/msword', 'application/rtf'],
  '.ppt': ['application/vnd.ms-powerpoint'],
  '.xls': ['application/vnd.ms-excel', 'text/csv', 'text/html'],
  '.msg': ['application/vnd.ms-outlook'],
  '.png': ['image/png'],
  '.jpg': ['image/jpeg'],
  '.jpeg': ['image/jpeg'],
  '.gif': ['image/gif'],
  '.webp': ['image/webp'],
  '.avif': ['image/avif'],
  '.svg': ['image/svg+xml'],
  '.mp4': ['video/mp4'],
  '.m4v': ['video/mp4'],
  '.webm': ['video/webm'],
  '.mov': ['video/quicktime', 'video/mp4'],
  '.mp3': ['audio/mpeg'],
  '.m4a': ['audio/mp4'],
  '.ogg': ['audio/ogg', 'video/ogg'],
  '.wav': ['audio/wav'],
  '.zip': ['application/zip'],
  '.md': ['text/markdown'],
  '.markdown': ['text/markdown'],
  '.txt': ['text/plain'],
  '.csv': ['text/csv'],
  '.tsv': ['text/tab-separated-values'],
  '.json': ['application/json'],
  '.html': ['text/html'],
  '.htm': ['text/html'],
  '.xml': ['text/xml'],
  '.js': ['text/javascript'],
  '.rtf': ['application/rtf'],
};

/** Spellings that mean the same, as the library for magic numbers writes them. */
const sameAs: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'audio/ogg; codecs=opus': 'audio/ogg',
  'audio/vnd.wave': 'audio/wav',
  'application/xml': 'text/xml',
};

/** Decides by the content what a file is; the name only tells kinds of text, and old Office files, apart. */
export async function detectMediaType(head: Uint8Array, fileName: string): Promise<DetectedType> {
  const extension = extensionOf(fileName);
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  const mediaType = await sniff(bytes, extension);
  return { mediaType, typeWarning: warningFor(mediaType, extension) };
}

async function sniff(bytes: Buffer, extension: string): Promise<string> {
  if (bytes.subarray(0, 8).equals(cfbSignature)) return sniffCompoundFile(extension);
  if (bytes.subarray(0, 4).equals(zipSignature)) {
    const office = sniffOfficeZip(bytes, extension);
    if (office) return office;
  }
  // Text is decided first: the library below takes some plain words for magic numbers.
  const text = readText(bytes, promisesText(extension));
  if (text !== undefined && !bytes.subarray(0, 5).equals(pdfSignature)) return sniffText(text, extension);
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (!found) return 'application/octet-stream';
  const mediaType = found.mime.toLowerCase();
  return sameAs[mediaType] ?? mediaType.split(';')[0] ?? mediaType;
}

const pdfSignature = Buffer.from('%PDF-');
const zipSignature = Buffer.from([0x50, 0x4b, 0x03, 0x04]);
const cfbSignature = Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]);

/** Office before 2007, and any Office file with a password. */
function sniffCompoundFile(extension: string): string {
  const type = promises[extension]?.[0];
  return type && ['.doc', '.ppt', '.xls', '.msg'].includes(extension) ? type : 'application/x-cfb';
}

/** The parts of an Office file are named early in it, in an order that each program chooses for itself. */
function sniffOfficeZip(bytes: Buffer, extension: string): string | undefined {
  const text = bytes.toString('latin1');
  if (text.includes('word/')) return `${ooxml}.wordprocessingml.document`;
  if (text.includes('ppt/')) return `${ooxml}.presentationml.presentation`;
  if (text.includes('xl/')) return `${ooxml}.spreadsheetml.sheet`;
  const isOffice = text.includes('[Content_Types].xml') || text.includes('_rels/.rels');
  return isOffice && ['.docx', '.pptx', '.xlsx'].includes(extension) ? promises[extension]?.[0] : undefined;
}

/** The start of a text, or undefined for anything that is none. */
function readText(bytes: Buffer, isNamedText: boolean): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le').slice(1);
  if (bytes[0] === 0xfe && bytes[1] === 0xff && bytes.length % 2 === 0)
    return Buffer.from(bytes).swap16().toString('utf16le').slice(1);
  // Tab, line feed, form feed, carriage return and escape occur in texts, other controls don't.
  const isText = !bytes.some(
    (byte) => byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27,
  );
  if (!isText) return undefined;
  const isHighAscii = bytes.filter((byte) => byte >= 128).length > bytes.length * 0.3;
  return isHighAscii && !isNamedText && !isUtf8Start(bytes)
    ? undefined
    : bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** The head may end inside a character, which is no fault. */
function isUtf8Start(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function sniffText(text: string, extension: string): string {
  const start = text.trimStart().slice(0, 2000).toLowerCase();
  // Markdown may begin with a tag, so its extension is believed; it is never served as HTML.
  if (extension === '.md' || extension === '.markdown') return 'text/markdown';
  if (start.startsWith('{\\rtf')) return 'application/rtf';
  const markup = start.replace(/^(<\?xml[^>]*>|<!--.*?-->|<!doctype svg[^>]*>|\s)+/s, '');
  if (markup.startsWith('<svg')) return 'image/svg+xml';
  if (/^<(!doctype html|html|head|body|script|iframe|style|title|meta)\b/.test(markup)) return 'text/html';
  if (start.startsWith('<?xml')) return 'text/xml';
  if (extension === '.xls') return 'text/csv';
  return (promisesText(extension) && promises[extension]?.[0]) || 'text/plain';
}

function promisesText(extension: string): boolean {
  const promised = promises[extension]?.[0] ?? '';
  return promised.startsWith('text/') || promised === 'application/json';
}

const spoken: [RegExp, string][] = [
  [/^application\/pdf$/, 'a PDF'],
  [/wordprocessingml|msword/, 'a Word document'],
  [/presentationml|powerpoint/, 'a presentation'],
  [/spreadsheetml|ms-excel/, 'a spreadsheet'],
  [/^image\//, 'a picture'],
  [/^video\//, 'a video'],
  [/^audio\//, 'a sound file'],
  [/^text\/html$/, 'a web page'],
  [/^text\//, 'text'],
  [/zip|tar|7z|rar/, 'a packed archive'],
  [/x-cfb/, 'an old Office file or one locked with a password'],
];

function warningFor(mediaType: string, extension: string): string | null {
  const promised = promises[extension];
  if (!promised || promised.includes(mediaType)) return null;
  const content = spoken.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'something else';
  const kind =
    content === 'a picture' || content === 'a video' ? `${content} (${mediaType.split('/')[1]})` : content;
  return `The name ends in ${extension}, but the content is ${kind}. Check that this is the right file.`;
}
