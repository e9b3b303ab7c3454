import { compoundTypes, packageTypes } from './head-type.ts';

/** Packages and old files of other programs, which no converter is asked about. */
const ofOthers = new Set(['.epub', '.key', '.pages', '.numbers', '.msg']);

/** What a converter is told that a file is; it decides by the ending which of its readers to take. */
const extensions = new Map([
  ...Object.entries({ ...packageTypes, ...compoundTypes })
    .filter(([extension]) => !ofOthers.has(extension))
    // Of several endings of one type the first is the usual one.
    .toReversed()
    .map(([extension, mediaType]) => [mediaType, extension.slice(1)] as const),
  ['application/rtf', 'rtf'],
  ['text/rtf', 'rtf'],
  ['text/html', 'html'],
]);

/** The ending of Office files of a media type; undefined for what no converter is asked about. */
export function officeExtension(mediaType: string): string | undefined {
  return extensions.get(mediaType.toLowerCase());
}

/** What LibreOffice is asked for, in all its shapes. */
export function pdfOptions({ pageLimit, hasPagePerSheet }: { pageLimit: number; hasPagePerSheet: boolean }) {
  return {
    PageRange: { type: 'string', value: `1-${pageLimit}` },
    SinglePageSheets: { type: 'boolean', value: String(hasPagePerSheet) },
  };
}
