import type { Token } from 'markdown-it';
import { parseMarkdown } from './markdown.ts';

/** The words of a Markdown text without its marks. */
export function markdownWords(text: string): string {
  const { tokens, rest } = parseMarkdown(text);
  return [...listLines(tokens), rest].filter((line) => line !== '').join('\n');
}

/** What leads through a text; more would be an index of words. */
const mostHeadings = 500;

export function markdownHeadings(text: string): { level: number; text: string }[] {
  const { tokens } = parseMarkdown(text);
  const headings: { level: number; text: string }[] = [];
  tokens.forEach(({ type, tag }, index) => {
    if (type !== 'heading_open' || headings.length === mostHeadings) return;
    const words = wordsOf(tokens[index + 1]?.children ?? []);
    if (words !== '')
      headings.push({ level: Number(tag.slice(1)), text: words.slice(0, 200).toWellFormed() });
  });
  return headings;
}

/** One line per heading, paragraph, list item, row of a table and block of code. */
function listLines(tokens: Token[]): string[] {
  const lines: string[] = [];
  let cells: string[] | undefined;
  for (const token of tokens) {
    if (token.type === 'tr_open') cells = [];
    else if (token.type === 'tr_close') {
      lines.push((cells ?? []).filter((cell) => cell !== '').join(' · '));
      cells = undefined;
    } else if (token.type === 'inline') (cells ?? lines).push(wordsOf(token.children ?? []));
    else if (token.type === 'fence' || token.type === 'code_block') lines.push(token.content.trimEnd());
  }
  return lines;
}

/** A paragraph is one line, wherever its author wrapped it; a picture is its description. */
function wordsOf(tokens: Token[]): string {
  return tokens
    .map(({ type, content }) => (type === 'softbreak' || type === 'hardbreak' ? ' ' : content))
    .join('')
    .trim();
}
