import type { ChildEnded } from '../documents/sandbox.ts';
import type { RefusalReason, RenderLimits } from '../documents/tasks.ts';

/*
 * Why a file has no pages, in sentences for the person who put it there. Each ends with what to do next; the original
 * stays downloadable in any case.
 */

const findable = 'Search finds it by its title, description and tags.';

const refusals: Record<RefusalReason, string> = {
  password:
    'The file is locked with a password, so there are no pages to show. Save it without the password and upload it as a new version.',
  damaged:
    'The file could not be read, it may be damaged. Open it, save it again and upload it as a new version.',
  empty: 'There is nothing in this file. Upload the right file as a new version.',
  too_large:
    'There is too much in this file to show it in pages. Split it, or save it smaller, and upload it as a new version.',
  too_many_pixels:
    'The picture has too many pixels to be shown. Save it at most 10,000 pixels wide and high and upload it as a new version.',
  packed_too_tightly:
    'The file unpacks to far more than its size, as files made to do harm do, so it was not opened. Save it again from the program that made it and upload it as a new version.',
  forbidden_content:
    'The file holds instructions that are not safe to follow, so it was not opened. Save it again from the program that made it and upload it as a new version.',
  unknown_type: `This kind of file has no pages that can be shown. ${findable}`,
};

export function reasonOfRefusal(reason: RefusalReason): string {
  return refusals[reason];
}

const endings: Record<ChildEnded['cause'], string> = {
  time: 'It took too long to make pages of this file. Save it smaller or split it, upload it as a new version, or try again.',
  memory:
    'It took too much memory to make pages of this file. Save it smaller or split it, upload it as a new version, or try again.',
  stalled:
    'The program that makes pages of this file came to a standstill three times. Save it as a PDF and upload that as a new version, or try again.',
  crashed:
    'The program that makes pages of this file broke down three times. Save it as a PDF and upload that as a new version, or try again.',
};

export function reasonOfEnding(cause: ChildEnded['cause']): string {
  return endings[cause];
}

export const reasonWorkerDied =
  'The server broke down three times while it made pages of this file. Save it smaller or as a PDF and upload it as a new version, or try again.';

export function reasonOfThreat(threat: string): string {
  return `The virus scanner found “${threat}” in this file. It is kept aside and nobody can open it. Upload a clean file as a new version.`;
}

export const reasonTooLargeToScan =
  'The file is larger than the virus scanner takes, so nobody can open it. Ask an admin to raise StreamMaxLength of ClamAV, then try again.';

/** Why a file of this type has nothing to show. */
export function reasonUnsupported(mediaType: string): string {
  if (/^audio\//.test(mediaType)) return `What is said in a recording is not read. ${findable}`;
  if (/zip|tar|7z|rar/.test(mediaType))
    return `A packed archive is not opened. Upload the files in it one by one. ${findable}`;
  return refusals.unknown_type;
}

/** Why an Office file has no pages, although nothing is wrong with it. */
export function reasonNotConverted(fault: string, hasText: boolean): string {
  const found = hasText ? 'Search finds the text of this file, but it' : 'This file';
  return `${found} has no pages, because Office files are not converted here. Ask an admin: ${fault}`;
}

/** What is missing of a PDF that has more pages than are drawn. */
export function reasonLongPdf(pageCount: number, { imagePageLimit, textPageLimit }: RenderLimits): string {
  const [count, drawn, read] = [pageCount, imagePageLimit, textPageLimit].map((n) => n.toLocaleString('en'));
  const found = pageCount > textPageLimit ? `the first ${read}` : 'all';
  return `This file has ${count} pages. The first ${drawn} are shown, and search finds the text of ${found}. Split it to show the rest.`;
}

export const reasonTooManyWords =
  'There is more text in this file than search takes, so it finds only the text of the first pages. Split it to have all of it found.';

/** An Office file is cut by its converter, which does not say how many pages there would be. */
export function reasonCutOffice(limit: number): string {
  return `The first ${limit} pages of this file are shown. Split it, or save it as a PDF, to show the rest.`;
}
