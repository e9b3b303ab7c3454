import { TextDecoder } from 'node:util';
import { SaxesParser } from 'saxes';
import { wideEncoding } from './xml-guard.ts';

export type Attributes = Record<string, string>;

/** What a reader of XML is told. Names come without their prefix, which every program chooses for itself. */
export interface XmlListener {
  open?: (name: string, attributes: Attributes) => void;
  close?: (name: string) => void;
  text?: (text: string) => void;
  /** Ends reading when it says so, between two pieces of the file. */
  isDone?: () => boolean;
}

/**
 * Reads XML as it comes. A fault in it ends reading and what was read so far stands: programs of people open such files
 * as well, and a converter says better than we whether the file is damaged.
 */
export async function readXml(chunks: AsyncIterable<Buffer>, listener: XmlListener): Promise<void> {
  const parser = new SaxesParser();
  let isBroken = false;
  parser.on('error', () => {
    isBroken = true;
  });
  parser.on('opentag', (tag) => isBroken || listener.open?.(withoutPrefix(tag.name), tag.attributes));
  parser.on('closetag', (tag) => isBroken || listener.close?.(withoutPrefix(tag.name)));
  parser.on('text', (text) => isBroken || listener.text?.(text));
  parser.on('cdata', (text) => isBroken || listener.text?.(text));
  let decoder: TextDecoder | undefined;
  for await (const chunk of chunks) {
    decoder ??= decoderFor(chunk);
    parser.write(decoder.decode(chunk, { stream: true }));
    if (isBroken || listener.isDone?.()) return;
  }
  if (decoder) parser.write(decoder.decode());
  parser.close();
}

/** An attribute by its name without prefix. */
export function attribute(attributes: Attributes, name: string): string | undefined {
  return attributes[name] ?? relation(attributes, name);
}

/** An attribute that has a prefix, such as `r:id`, where another one of the same name has none. */
export function relation(attributes: Attributes, name: string): string | undefined {
  for (const key in attributes)
    if (key.endsWith(name) && key.at(-name.length - 1) === ':') return attributes[key];
  return undefined;
}

/** In XML of Office a mark is on when it is there, unless it says that it is off. */
export function isOn(attributes: Attributes): boolean {
  return !['0', 'false', 'off'].includes(attribute(attributes, 'val') ?? '');
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

function decoderFor(head: Buffer): TextDecoder {
  const named = /^[^>]{0,200}encoding=["']([\w.:-]+)["']/.exec(head.toString('latin1', 0, 250))?.[1];
  try {
    return new TextDecoder(wideEncoding(head) ?? named ?? 'utf-8');
  } catch {
    return new TextDecoder();
  }
}
