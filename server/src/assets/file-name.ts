const longestBytes = 255;
/** Anything longer than this after the last dot is part of the name and no extension. */
const longestExtension = 16;

/** Controls, line separators, byte order marks, and the marks that make "gpj.exe" read "exe.jpg". */
const invisible =
  /[\p{Cc}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu;

/** The name that a file keeps: its own words in any script, without a folder or anything that deceives. */
export function cleanFileName(given: string): string {
  const name = given.toWellFormed().replace(invisible, '').normalize('NFC');
  const base = (name.split(/[/\\]/).at(-1) ?? '').trim();
  if (base === '' || /^\.+$/.test(base)) return 'file';
  return shorten(base);
}

/** With its dot and in lower case, `.pdf`; empty when there is none. */
export function extensionOf(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  if (dot <= 0 || fileName.length - dot > longestExtension) return '';
  return fileName.slice(dot).toLowerCase();
}

/** The name as a title: without its extension, underscores as spaces. */
export function titleFromFileName(fileName: string): string {
  const stem = fileName.slice(0, fileName.length - extensionOf(fileName).length);
  return (
    stem.replaceAll('_', ' ').replace(/\s+/g, ' ').trim().slice(0, 200).toWellFormed() ||
    fileName.slice(0, 200)
  );
}

function shorten(name: string): string {
  if (Buffer.byteLength(name) <= longestBytes) return name;
  const extension = name.slice(name.length - extensionOf(name).length);
  const room = longestBytes - Buffer.byteLength(extension);
  let stem = '';
  let size = 0;
  for (const { segment } of new Intl.Segmenter().segment(name)) {
    size += Buffer.byteLength(segment);
    if (size > room) break;
    stem += segment;
  }
  return stem.trimEnd() + extension;
}
