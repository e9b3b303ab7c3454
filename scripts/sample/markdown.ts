/**
 * The small part of Markdown that the sample content uses. One parser feeds the PDF, Word, slide and
 * spreadsheet writers, so that the same source reads alike in every format.
 */
export type Run = { text: string; bold: boolean; italic: boolean };

export type Block =
  | { kind: 'heading'; level: 1 | 2 | 3; runs: Run[] }
  | { kind: 'paragraph'; runs: Run[] }
  | { kind: 'quote'; runs: Run[] }
  | { kind: 'list'; isNumbered: boolean; items: Run[][] }
  | { kind: 'table'; head: Run[][]; rows: Run[][][] }
  | { kind: 'image'; alt: string; file: string };

export function parseMarkdown(source: string): Block[] {
  return source
    .replaceAll('\r\n', '\n')
    .split(/\n{2,}/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .flatMap(parsePart);
}

function parseRuns(text: string): Run[] {
  return text
    .split(/(\*\*[^*]+\*\*|\*[^*]+\*|(?<!\w)_[^_]+_(?!\w))/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      if (piece.startsWith('**')) return { text: piece.slice(2, -2), bold: true, italic: false };
      if (/^(\*|_).+\1$/.test(piece)) return { text: piece.slice(1, -1), bold: false, italic: true };
      return { text: piece, bold: false, italic: false };
    });
}

export function plainText(runs: Run[]): string {
  return runs.map((run) => run.text).join('');
}

function parsePart(part: string): Block[] {
  const lines = part.split('\n').map((line) => line.trim());
  const first = lines[0] ?? '';
  const heading = /^(#{1,3}) (.+)$/.exec(first);
  if (heading) {
    const block: Block = {
      kind: 'heading',
      level: (heading[1] ?? '#').length as 1 | 2 | 3,
      runs: parseRuns(heading[2] ?? ''),
    };
    const rest = lines.slice(1).join('\n');
    return rest === '' ? [block] : [block, ...parsePart(rest)];
  }
  const image = /^!\[([^\]]*)\]\(([^)]+)\)$/.exec(first);
  if (image) return [{ kind: 'image', alt: image[1] ?? '', file: image[2] ?? '' }];
  if (first.startsWith('|')) return [parseTable(lines)];
  if (first.startsWith('> ')) {
    return [{ kind: 'quote', runs: parseRuns(lines.map((line) => line.replace(/^> ?/, '')).join(' ')) }];
  }
  if (/^(- |\d+\. )/.test(first)) {
    return [
      {
        kind: 'list',
        isNumbered: !first.startsWith('- '),
        items: lines.map((line) => parseRuns(line.replace(/^(- |\d+\. )/, ''))),
      },
    ];
  }
  return [{ kind: 'paragraph', runs: parseRuns(lines.join(' ')) }];
}

/** A formula is kept as it is: its asterisks multiply. */
function parseCell(text: string): Run[] {
  return text.startsWith('=') ? [{ text, bold: false, italic: false }] : parseRuns(text);
}

function parseTable(lines: string[]): Block {
  const cells = lines.map((line) =>
    line
      .replace(/^\|/, '')
      .replace(/\|$/, '')
      .split('|')
      .map((cell) => parseCell(cell.trim())),
  );
  return { kind: 'table', head: cells[0] ?? [], rows: cells.slice(2) };
}
