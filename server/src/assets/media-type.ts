import { compoundTypes, packageTypes, textTypes, typeOfHead } from '../documents/head-type.ts';
import { extensionOf } from './file-name.ts';

export interface DetectedType {
  mediaType: string;
  /** A sentence when the content is not what the name says. */
  typeWarning: string | null;
}

/** What a name promises. Several types are fine where people use one extension for all of them. */
const promises: Record<string, string[]> = {
  ...onlyOne(packageTypes),
  ...onlyOne(compoundTypes),
  ...onlyOne(textTypes),
  '.pdf': ['application/pdf'],
  // An Illustrator file is a PDF with more in it.
  '.ai': ['application/pdf', 'application/postscript'],
  '.eps': ['application/postscript'],
  '.doc': ['application/msword', 'application/rtf'],
  '.xls': ['application/vnd.ms-excel', 'text/csv', 'text/html', 'text/xml'],
  '.rtf': ['application/rtf'],
  '.png': ['image/png'],
  '.jpg': ['image/jpeg'],
  '.jpeg': ['image/jpeg'],
  '.gif': ['image/gif'],
  '.webp': ['image/webp'],
  '.avif': ['image/avif'],
  '.heic': ['image/heic'],
  '.heif': ['image/heic'],
  '.bmp': ['image/bmp'],
  '.tif': ['image/tiff'],
  '.tiff': ['image/tiff'],
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
};

function onlyOne(types: Record<string, string>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(types).map(([extension, type]) => [extension, [type]]));
}

/** Decides by the content what a file is, as far as its start tells, and says when the name promises another. */
export async function detectMediaType(head: Uint8Array, fileName: string): Promise<DetectedType> {
  const mediaType = await typeOfHead(head, extensionOf(fileName));
  return { mediaType, typeWarning: warnOfType(mediaType, fileName) };
}

const spoken: [RegExp, string][] = [
  [/^application\/pdf$/, 'a PDF'],
  [/macroenabled/, 'an Office file with macros'],
  [/wordprocessingml|msword|opendocument\.text/, 'a Word document'],
  [/presentation|powerpoint|keynote/, 'a presentation'],
  [/spreadsheet|ms-excel|numbers/, 'a spreadsheet'],
  [/^image\//, 'a picture'],
  [/^video\//, 'a video'],
  [/^audio\//, 'a sound file'],
  [/^text\/html$/, 'a web page'],
  [/^text\//, 'text'],
  [/zip|tar|7z|rar/, 'a packed archive'],
  [/x-cfb/, 'an old Office file or one locked with a password'],
];

/** A sentence when a file of this type is not what its name says. */
export function warnOfType(mediaType: string, fileName: string): string | null {
  const extension = extensionOf(fileName);
  const promised = promises[extension];
  if (!promised || promised.includes(mediaType)) return null;
  const content = spoken.find(([pattern]) => pattern.test(mediaType))?.[1] ?? 'something else';
  const kind =
    content === 'a picture' || content === 'a video' ? `${content} (${mediaType.split('/')[1]})` : content;
  return `The name ends in ${extension}, but the content is ${kind}. Check that this is the right file.`;
}
