import { readXml } from './xml.ts';
import type { OfficePackage } from './zip.ts';

const comments = new Set(['comment', 'cm', 'threadedComment']);

/** The comments of a text, a slide or a sheet, one line each; old formats and today's differ only in what they wrap. */
export async function readComments(pack: OfficePackage, part: string): Promise<string[]> {
  const lines: string[] = [];
  let line: string | undefined;
  let isText = false;
  await readXml(pack.read(part), {
    open(name) {
      if (comments.has(name)) line = '';
      isText = name === 't' || name === 'text';
    },
    close(name) {
      isText = false;
      if (name === 'p' && line !== undefined) line += ' ';
      if (!comments.has(name)) return;
      const text = line?.replace(/\s+/g, ' ').trim();
      if (text) lines.push(text);
      line = undefined;
    },
    text(text) {
      if (isText && line !== undefined) line += text;
    },
  });
  return lines;
}
