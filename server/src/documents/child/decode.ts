import { guessWide } from '../head-type.ts';

/** Bytes of a text file as text, whatever program wrote them: UTF-8, UTF-16, or the old Western code page. */
export function decodeText(bytes: Uint8Array): string {
  return tidy(decode(bytes));
}

function decode(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder(guessWide(bytes) ?? 'windows-1252').decode(bytes);
  }
}

/** The database holds no zero characters, and line ends are told apart by nobody. */
function tidy(text: string): string {
  return text.replace(/\r\n?/g, '\n').replaceAll('\0', '').toWellFormed();
}
