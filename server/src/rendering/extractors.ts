import { decodeText } from './decode.ts';

/** Reads the text out of a file of one type. Throws when the file is damaged. */
type Extractor = (bytes: Uint8Array) => Promise<string> | string;

/** Every type whose text is read. A new format is a line here. */
export const extractors: Record<string, Extractor> = {
  'text/plain': decodeText,
  'text/markdown': decodeText,
  'text/csv': decodeText,
  'text/tab-separated-values': decodeText,
  'application/json': decodeText,
};

/** Larger texts are exports of machines, which nobody reads and which would crowd out the others in search. */
export const longestTextBytes = 5 * 1_048_576;

const findable = 'Search finds it by its title, description and tags.';

/** Why the text of a file is not read, for the person who put it there. */
export function reasonWithoutText(mediaType: string): string {
  if (/^image\//.test(mediaType)) return `A picture has no text to read. ${findable}`;
  if (/^(video|audio)\//.test(mediaType)) return `What is said in a recording is not read. ${findable}`;
  if (/pdf|officedocument|msword|ms-|opendocument|rtf/.test(mediaType))
    return `The text inside this kind of file is not read yet. ${findable}`;
  return `This kind of file has no text that can be read. ${findable}`;
}

export const reasonTooLong = `The text is longer than 5 MB, so it is not read. ${findable}`;
export const reasonDamaged = `The file could not be read, it may be damaged. Open it, save it again and upload it as a new version. ${findable}`;
export const reasonWebLink = `A web link has no text here. ${findable}`;
