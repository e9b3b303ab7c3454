import { fileTypeFromBuffer } from 'file-type';

const ooxml = 'application/vnd.openxmlformats-officedocument';
const odf = 'application/vnd.oasis.opendocument';

/** Office files that are ZIP packages, by the extension that tells the kinds of one program apart. */
export const packageTypes: Record<string, string> = {
  '.docx': `${ooxml}.wordprocessingml.document`,
  '.dotx': `${ooxml}.wordprocessingml.template`,
  '.docm': 'application/vnd.ms-word.document.macroenabled.12',
  '.dotm': 'application/vnd.ms-word.template.macroenabled.12',
  '.pptx': `${ooxml}.presentationml.presentation`,
  '.ppsx': `${ooxml}.presentationml.slideshow`,
  '.potx': `${ooxml}.presentationml.template`,
  '.pptm': 'application/vnd.ms-powerpoint.presentation.macroenabled.12',
  '.ppsm': 'application/vnd.ms-powerpoint.slideshow.macroenabled.12',
  '.potm': 'application/vnd.ms-powerpoint.template.macroenabled.12',
  '.xlsx': `${ooxml}.spreadsheetml.sheet`,
  '.xltx': `${ooxml}.spreadsheetml.template`,
  '.xlsm': 'application/vnd.ms-excel.sheet.macroenabled.12',
  '.xltm': 'application/vnd.ms-excel.template.macroenabled.12',
  '.xlsb': 'application/vnd.ms-excel.sheet.binary.macroenabled.12',
  '.odt': `${odf}.text`,
  '.ott': `${odf}.text-template`,
  '.odp': `${odf}.presentation`,
  '.otp': `${odf}.presentation-template`,
  '.ods': `${odf}.spreadsheet`,
  '.ots': `${odf}.spreadsheet-template`,
  '.odg': `${odf}.graphics`,
  '.epub': 'application/epub+zip',
  '.key': 'application/vnd.apple.keynote',
  '.pages': 'application/vnd.apple.pages',
  '.numbers': 'application/vnd.apple.numbers',
};

/** Office before 2007. */
export const compoundTypes: Record<string, string> = {
  '.doc': 'application/msword',
  '.dot': 'application/msword',
  '.ppt': 'application/vnd.ms-powerpoint',
  '.pps': 'application/vnd.ms-powerpoint',
  '.pot': 'application/vnd.ms-powerpoint',
  '.xls': 'application/vnd.ms-excel',
  '.xlt': 'application/vnd.ms-excel',
  '.msg': 'application/vnd.ms-outlook',
};

/** Kinds of text that nothing but the name tells apart. */
export const textTypes: Record<string, string> = {
  '.md': 'text/markdown',
  '.markdown': 'text/markdown',
  '.txt': 'text/plain',
  '.csv': 'text/csv',
  '.tsv': 'text/tab-separated-values',
  '.json': 'application/json',
  '.html': 'text/html',
  '.htm': 'text/html',
  '.xhtml': 'text/html',
  '.xml': 'text/xml',
  '.js': 'text/javascript',
};

/** Spellings that mean the same, as the library for magic numbers writes them. */
const sameAs: Record<string, string> = {
  'audio/x-m4a': 'audio/mp4',
  'video/x-m4v': 'video/mp4',
  'audio/vnd.wave': 'audio/wav',
  'image/apng': 'image/png',
  'image/heif': 'image/heic',
  'image/heic-sequence': 'image/heic',
  'image/heif-sequence': 'image/heic',
  'application/xml': 'text/xml',
  'application/eps': 'application/postscript',
};

/**
 * Decides by the start of a file what it is. The name only tells kinds of text, and flavours of one Office program,
 * apart. Where bytes can be read as two types, the reader that asks for its mark at the very start is right.
 */
export async function typeOfHead(head: Uint8Array, extension: string): Promise<string> {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (startsWith(bytes, compoundMark)) return compoundTypes[extension] ?? 'application/x-cfb';
  if (startsWith(bytes, pdfMark)) return 'application/pdf';
  const found = typeOfPackage(bytes, extension) ?? typeOfMedia(bytes);
  if (found) return found;
  // Text is decided first: the library below takes some plain words for magic numbers.
  const text = readText(bytes, extension in textTypes);
  if (text !== undefined) {
    const type = typeOfText(text, extension);
    return type === undefined || type.isGuess
      ? (latePdf(bytes, /\d obj\b/) ?? type?.mediaType ?? 'text/plain')
      : type.mediaType;
  }
  const magic = await fileTypeFromBuffer(bytes).catch(() => undefined);
  if (!magic && tiffMarks.some((mark) => startsWith(bytes, mark))) return 'image/tiff';
  if (!magic) return latePdf(bytes, /^/) ?? 'application/octet-stream';
  const mediaType = magic.mime.toLowerCase().split(';')[0] ?? '';
  return sameAs[mediaType] ?? mediaType;
}

const pdfMark = Buffer.from('%PDF-');
const zipMark = Buffer.from('PK\x03\x04');
/** The library looks into a TIFF for its list of contents, which mostly stands at its end, beyond this head. */
const tiffMarks = [Buffer.from('II*\0'), Buffer.from('MM\0*')];
const compoundMark = Buffer.from('d0cf11e0a1b11ae1', 'hex');

function startsWith(bytes: Buffer, mark: Buffer): boolean {
  return bytes.subarray(0, mark.length).equals(mark);
}

/** PDF readers forgive up to 1 KB before the mark: a byte order mark, a mail header, a warning of some script. */
function latePdf(bytes: Buffer, proof: RegExp): string | undefined {
  const start = bytes.subarray(0, 1032).toString('latin1');
  const at = start.search(/%PDF-\d\.\d/);
  return at >= 0 && proof.test(bytes.subarray(at).toString('latin1')) ? 'application/pdf' : undefined;
}

/** The parts of an Office file are named early in it, in an order that each program chooses for itself. */
function typeOfPackage(bytes: Buffer, extension: string): string | undefined {
  if (!startsWith(bytes, zipMark)) return undefined;
  const text = bytes.toString('latin1');
  const declared = declaredType(bytes);
  if (declared) return declared;
  const families: [string, RegExp, string][] = [
    ['word/', /^\.do[ct][xm]$/, '.docx'],
    ['ppt/', /^\.(pp[ts]|pot)[xm]$/, '.pptx'],
    ['xl/', /^\.xl([st][xm]|sb)$/, '.xlsx'],
  ];
  for (const [folder, flavour, usual] of families)
    if (text.includes(folder)) return packageTypes[flavour.test(extension) ? extension : usual];
  const isOffice = text.includes('[Content_Types].xml') || text.includes('_rels/.rels');
  if (isOffice && families.some(([, flavour]) => flavour.test(extension))) return packageTypes[extension];
  const isApple = /Index\/|index\.(xml|apxl)|QuickLook\/|Data\/|preview(-micro|-web)?\.jpg/.test(text);
  return isApple && /^\.(key|pages|numbers)$/.test(extension) ? packageTypes[extension] : undefined;
}

const declarable = new Set(
  Object.values(packageTypes).filter((type) => type.startsWith(odf) || type === 'application/epub+zip'),
);

/** OpenDocument and EPUB name their type in a first entry that is not compressed. */
function declaredType(bytes: Buffer): string | undefined {
  if (bytes.length < 38 || bytes.subarray(30, 38).toString('latin1') !== 'mimetype') return undefined;
  const start = 38 + bytes.readUInt16LE(28);
  const declared = bytes.subarray(start, start + 100).toString('latin1');
  const type = /^application\/[a-z.+-]+/.exec(declared)?.[0];
  return type && declarable.has(type) ? type : undefined;
}

/** Pictures and films in one family of boxes, told apart by brands of which the first is not always the right one. */
function typeOfMedia(bytes: Buffer): string | undefined {
  if (bytes.length < 16 || bytes.subarray(4, 8).toString('latin1') !== 'ftyp') return undefined;
  const end = Math.min(bytes.readUInt32BE(0), bytes.length, 512);
  const brands =
    bytes
      .subarray(8, Math.max(end, 12))
      .toString('latin1')
      .match(/[\s\S]{4}/g) ?? [];
  const [major = ''] = brands;
  if (brands.some((brand) => /^avi[fs]$/.test(brand)) && /^(avi[fs]|mif1|msf1|miaf)$/.test(major))
    return 'image/avif';
  if (/^(he[iv][cxms]|mif1|msf1|miaf)$/.test(major)) return 'image/heic';
  if (major === 'qt  ') return 'video/quicktime';
  if (/^(M4A|M4B|M4P|F4A)/.test(major)) return 'audio/mp4';
  if (/^(M4V|isom|iso\d|avc1|mp4\d|dash|mmp4|MSNV|NDS|F4V|cmfc)/.test(major)) return 'video/mp4';
  return undefined;
}

/** The start of a text, or undefined for anything that is none. */
function readText(bytes: Buffer, isNamedText: boolean): string | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decodeStart(bytes, 'utf-16le');
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decodeStart(bytes, 'utf-16be');
  const wide = isNamedText ? guessWide(bytes) : undefined;
  if (wide) return decodeStart(bytes, wide);
  if (bytes.some(isBinaryByte)) return undefined;
  const isHighAscii = bytes.filter((byte) => byte >= 128).length > bytes.length * 0.3;
  return isHighAscii && !isNamedText && !isUtf8Start(bytes)
    ? undefined
    : bytes.toString('utf8').replace(/^\ufeff/, '');
}

/** Tab, line feed, form feed, carriage return and escape occur in texts, other controls don't. */
export function isBinaryByte(byte: number): boolean {
  return byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27;
}

/** UTF-16 without a mark: in Western text every other byte is zero. */
export function guessWide(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const sample = bytes.subarray(0, 2000);
  const zeros = [0, 0];
  sample.forEach((byte, index) => {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  });
  const [even = 0, odd = 0] = zeros;
  if (odd > sample.length * 0.2 && even < sample.length * 0.02) return 'utf-16le';
  if (even > sample.length * 0.2 && odd < sample.length * 0.02) return 'utf-16be';
  return undefined;
}

/** The head may end inside a character, which is no fault. */
function decodeStart(bytes: Buffer, encoding: string): string {
  return new TextDecoder(encoding).decode(bytes, { stream: true });
}

function isUtf8Start(bytes: Buffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** What a text says that it is; a guess where nothing but its name says so. */
function typeOfText(text: string, extension: string): { mediaType: string; isGuess: boolean } | undefined {
  const sure = (mediaType: string) => ({ mediaType, isGuess: false });
  const start = text.trimStart().slice(0, 4000).toLowerCase();
  // Markdown may begin with a tag, so its extension is believed; it is never served as HTML.
  if (textTypes[extension] === 'text/markdown') return sure('text/markdown');
  if (start.startsWith('{\\rtf')) return sure('application/rtf');
  if (start.startsWith('%!ps')) return sure('application/postscript');
  const markup = start.replace(/^(<\?xml[^>]*>|<!--.*?-->|<!doctype\s+svg[^>[]*(\[.*?\]\s*)?>|\s)+/s, '');
  if (/^<(svg:)?svg\b/.test(markup)) return sure('image/svg+xml');
  if (/^<(!doctype html|html|head|body|script|iframe|style|title|meta)\b/.test(markup))
    return sure('text/html');
  if (start.startsWith('<?xml')) return sure('text/xml');
  const named = extension === '.xls' ? 'text/csv' : textTypes[extension];
  return named ? { mediaType: named, isGuess: true } : undefined;
}
