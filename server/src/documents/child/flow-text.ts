import { readFile, stat } from 'node:fs/promises';
import { FileRefused, type FlowText, type TaskHandler } from '../tasks.ts';
import { decodeText } from './decode.ts';
import { indentJson } from './json.ts';
import { longestShown, renderMarkdown, renderPlainText } from './markdown.ts';
import { markdownHeadings, markdownWords } from './plain-text.ts';
import { parseTable, renderTable, tableWords } from './table.ts';
import { countWords } from './words.ts';

/** Larger texts are exports of machines, which nobody reads and which would crowd out the others in search. */
const longestTextBytes = 5 * 1_048_576;

/** Reads a text that has no pages. */
export const readText: TaskHandler<'read-text'> = async ({ mediaType }, { inputPath }) => {
  const { size } = await stat(inputPath);
  if (size > longestTextBytes) throw new FileRefused('too_large', 'The text is longer than 5 MB.');
  return flowTextOf(decodeText(await readFile(inputPath)), mediaType);
};

export function flowTextOf(text: string, mediaType: string): FlowText {
  if (text.trim() === '') throw new FileRefused('empty', 'The file holds no text.');
  switch (mediaType) {
    case 'text/markdown':
      return withCount({
        html: renderMarkdown(text),
        text: markdownWords(text),
        headings: markdownHeadings(text),
      });
    case 'text/csv':
    case 'text/tab-separated-values':
      return readTable(text, mediaType);
    case 'application/json':
      return plain(text, indentJson(text, longestShown));
    default:
      return plain(text, text);
  }
}

function readTable(text: string, mediaType: string): FlowText {
  const rows = parseTable(text, mediaType);
  if (!rows || rows.length === 0) return plain(text, text);
  return withCount({ html: renderTable(rows), text: tableWords(rows), headings: [] });
}

function plain(text: string, shown: string): FlowText {
  return withCount({ html: renderPlainText(shown), text, headings: [] });
}

function withCount(read: Omit<FlowText, 'wordCount'>): FlowText {
  return { ...read, wordCount: countWords(read.text) };
}
