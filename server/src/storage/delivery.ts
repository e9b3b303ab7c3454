import type { ByteRange } from './store.ts';

/**
 * What a `Range` header asks for, by RFC 9110 §14. Several ranges get the whole blob, which the standard allows; a
 * range that is malformed or lies past the end gets 416.
 */
export function parseRange(
  header: string | undefined,
  sizeBytes: number,
): ByteRange | 'whole' | 'unsatisfiable' {
  const spec = header && /^\s*bytes\s*=(.*)$/i.exec(header)?.[1];
  if (!spec || spec.includes(',')) return 'whole';
  const [, first, last] = /^\s*(\d*)\s*-\s*(\d*)\s*$/.exec(spec) ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return 'unsatisfiable';
  if (first === '') {
    const wanted = Math.min(Number(last), sizeBytes);
    return wanted === 0 ? 'unsatisfiable' : { start: sizeBytes - wanted, end: sizeBytes - 1 };
  }
  const start = Number(first);
  const end = last === '' ? sizeBytes - 1 : Math.min(Number(last), sizeBytes - 1);
  return start > end ? 'unsatisfiable' : { start, end };
}

/** A `Content-Disposition` value that old and new browsers read the same way, whatever the file is called. */
export function contentDisposition(disposition: 'inline' | 'attachment', fileName: string): string {
  const wellFormed = fileName.toWellFormed().replace(/\p{Cc}/gu, ' ');
  const ascii = wellFormed.replace(/[^\x20-\x7e]|["\\%]/gu, '_');
  const encoded = encodeURIComponent(wellFormed).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${disposition}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
