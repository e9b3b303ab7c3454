import { FileRefused, type OfficeText } from '../tasks.ts';

export type OfficePart = Omit<OfficeText['parts'][number], 'wordCount'>;
/** What the readers of the formats find; it is counted once they are through. */
export type OfficeWords = Pick<OfficeText, 'headings' | 'sheetExtent'> & { parts: OfficePart[] };

/** About 5,000 pages: more than anybody reads, and than a converter gets through in its time. */
export const mostCharacters = 10_000_000;

/** Throws when a text has become longer than one that is written for people. */
export function refuseEndless(length: number): void {
  if (length > mostCharacters)
    throw new FileRefused('too_large', `The file holds more than ${mostCharacters} characters of text`);
}
