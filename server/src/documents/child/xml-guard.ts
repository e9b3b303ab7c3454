import { TextDecoder } from 'node:util';
import { FileRefused } from '../tasks.ts';

const deepest = 256;
const mostXmlBytes = 64 * 1_048_576;

const lessThan = 0x3c;
const greaterThan = 0x3e;
const slash = 0x2f;
const exclamation = 0x21;
const question = 0x3f;
const doubleQuote = 0x22;
const singleQuote = 0x27;

type State = 'text' | 'opened' | 'tag' | 'passing' | 'markup' | 'comment' | 'cdata';

interface XmlGuard {
  /** Throws when what it has seen so far declares entities, nests too deeply or is too long. */
  write(chunk: Buffer): void;
}

/** Whether Office programs read a part as XML: by its name, or because it begins like it. */
export function looksLikeXml(name: string, head: Buffer): boolean {
  if (/\.(xml|rels|vml|rdf|svg)$/i.test(name)) return true;
  if (/\.(x?html?|mht)$/i.test(name)) return false;
  const start = head.subarray(0, 200);
  const wide = wideEncoding(start);
  const text = wide ? new TextDecoder(wide).decode(start) : start.toString('latin1');
  return /^(\u00ef\u00bb\u00bf|\ufeff)?\s*</.test(text);
}

/** Which of the encodings with two bytes a text is in, by its first mark; undefined for all others. */
export function wideEncoding(head: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const [first, second] = head;
  if ((first === 0xff && second === 0xfe) || (first === lessThan && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second === lessThan)) return 'utf-16be';
  return undefined;
}

/** Follows the marks of an XML text and builds nothing, so that a hostile one is refused before a parser sees it. */
export function createXmlGuard(name: string): XmlGuard {
  let state: State = 'text';
  let depth = 0;
  let size = 0;
  let quote = 0;
  let previous = 0;
  let mark = '';
  let decoder: TextDecoder | null | undefined;
  // The drawings of old Office versions hold HTML whose tags stay open.
  const countsDepth = !/\.vml$/i.test(name);

  const openTag = (): State => {
    depth += 1;
    if (countsDepth && depth > deepest)
      throw new FileRefused('forbidden_content', `${name} nests deeper than ${deepest} levels`);
    quote = 0;
    return 'tag';
  };

  const steps: Record<Exclude<State, 'text'>, (byte: number) => State> = {
    opened(byte) {
      mark = '';
      if (byte === exclamation) return 'markup';
      if (byte === question) return 'passing';
      if (byte !== slash) return openTag();
      depth = Math.max(0, depth - 1);
      return 'passing';
    },
    tag(byte) {
      if (quote !== 0) {
        if (byte === quote) quote = 0;
        return 'tag';
      }
      if (byte === doubleQuote || byte === singleQuote) quote = byte;
      if (byte !== greaterThan) return 'tag';
      if (previous === slash) depth -= 1;
      return 'text';
    },
    passing: (byte) => (byte === greaterThan ? 'text' : 'passing'),
    markup(byte) {
      mark += String.fromCharCode(byte);
      if (mark === '--') return startOf('comment');
      if (mark === '[CDATA[') return startOf('cdata');
      if (mark === 'ENTITY') throw new FileRefused('forbidden_content', `${name} declares entities`);
      // Whatever is declared within the brackets of a document type is met as marks of its own.
      return '[CDATA['.startsWith(mark) || 'ENTITY'.startsWith(mark) || mark === '-' ? 'markup' : 'text';
    },
    comment: (byte) => endingWith(byte, '-->', 'comment'),
    cdata: (byte) => endingWith(byte, ']]>', 'cdata'),
  };

  const startOf = (next: State): State => {
    mark = '';
    return next;
  };
  const endingWith = (byte: number, end: string, here: State): State => {
    mark = (mark + String.fromCharCode(byte)).slice(-end.length);
    return mark === end ? 'text' : here;
  };

  const follow = (bytes: Uint8Array) => {
    for (let index = 0; index < bytes.length; index += 1) {
      if (state === 'text') {
        index = bytes.indexOf(lessThan, index);
        if (index < 0) return;
        state = 'opened';
        continue;
      }
      const byte = bytes[index] ?? 0;
      state = steps[state](byte);
      previous = byte;
    }
  };

  return {
    write(chunk) {
      size += chunk.length;
      if (size > mostXmlBytes)
        throw new FileRefused('too_large', `${name} is longer than ${mostXmlBytes} bytes`);
      if (decoder === undefined) {
        const wide = wideEncoding(chunk);
        decoder = wide ? new TextDecoder(wide) : null;
      }
      follow(decoder ? new TextEncoder().encode(decoder.decode(chunk, { stream: true })) : chunk);
    },
  };
}
