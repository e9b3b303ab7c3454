/** A stretch of one text that belongs to a match; a match may go over several texts. */
export interface Stretch {
  start: number;
  end: number;
  /** Which match of all of them, from 0. */
  match: number;
}

/** What to mark. Words that a search understood are whole words or forms of them: "rest" is not meant in "restricted". */
export interface Wanted {
  words: readonly string[];
  /** As somebody typed it, found anywhere, or as words that a search understood. */
  as: 'typed' | 'words';
}

export const nothingWanted: Wanted = { words: [], as: 'typed' };

/** What other forms of a word end with. */
const endings = "(?:['’]?s|es|ed|ing)?";

/**
 * Where the wanted words are in texts that follow each other, such as the runs of a page. Capitals and accents do not
 * matter, nor how the words are spaced or on which runs they fell.
 */
export function findStretches(texts: readonly string[], wanted: Wanted): Stretch[][] {
  const found: Stretch[][] = texts.map(() => []);
  const pattern = patternOf(wanted);
  if (!pattern) return found;
  const folded: string[] = [];
  /** For every letter of the folded text, the text and the place that it comes from. */
  const sources: [text: number, at: number][] = [];
  for (const [index, text] of texts.entries()) {
    let at = 0;
    for (const letter of text) {
      for (const part of fold(letter)) {
        folded.push(part);
        for (let unit = 0; unit < part.length; unit += 1) sources.push([index, at]);
      }
      at += letter.length;
    }
    folded.push(' ');
    sources.push([index, text.length]);
  }
  let match = 0;
  for (const { index: from, 0: words } of folded.join('').matchAll(pattern)) {
    for (const [index, [start, end]] of spans(sources, from, from + words.length, texts))
      found[index]?.push({ start, end, match });
    match += 1;
  }
  return found;
}

/** Which part of each text lies between two places of the folded text. */
function spans(
  sources: readonly [number, number][],
  from: number,
  to: number,
  texts: readonly string[],
): Map<number, [number, number]> {
  const parts = new Map<number, [number, number]>();
  for (let place = from; place < to; place += 1) {
    const [index, at] = sources[place] ?? [0, 0];
    const text = texts[index] ?? '';
    if (at >= text.length) continue;
    const end = at + ((text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1);
    const before = parts.get(index);
    parts.set(index, before ? [Math.min(before[0], at), Math.max(before[1], end)] : [at, end]);
  }
  return parts;
}

function patternOf({ words, as }: Wanted): RegExp | undefined {
  const needles = [...new Set(words.map((words) => fold(words).trim()).filter(Boolean))].toSorted(
    (a, b) => b.length - a.length,
  );
  if (needles.length === 0) return undefined;
  const parts = needles.map((needle) => {
    const body = needle
      .split(/\s+/)
      .map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
      .join('\\s+');
    const isWord = as === 'words' && /^[\p{L}\p{N}].*[\p{L}\p{N}]$|^[\p{L}\p{N}]$/su.test(needle);
    return isWord && !isWithoutSpaces(needle)
      ? `(?<![\\p{L}\\p{N}])${body}${endings}(?![\\p{L}\\p{N}])`
      : body;
  });
  return new RegExp(parts.join('|'), 'gu');
}

/** Chinese, Japanese and Thai are written without spaces, so a word has no edges to look for. */
function isWithoutSpaces(text: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(text);
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

/** A text in parts, those in a stretch with the number of their match. */
export function cutAtStretches(
  text: string,
  stretches: readonly Stretch[],
): { text: string; match: number | null }[] {
  const parts: { text: string; match: number | null }[] = [];
  let at = 0;
  for (const { start, end, match } of stretches) {
    if (start > at) parts.push({ text: text.slice(at, start), match: null });
    parts.push({ text: text.slice(start, end), match });
    at = end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), match: null });
  return parts;
}

/** The HTML with every match in a `mark` that says which it is. The HTML is the server's own and stays what it was. */
export function markHtml(html: string, wanted: Wanted): string {
  if (wanted.words.length === 0) return html;
  const page = new DOMParser().parseFromString(html, 'text/html');
  const walker = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  while (walker.nextNode()) nodes.push(walker.currentNode as Text);
  const stretches = findStretches(
    nodes.map((node) => node.data),
    wanted,
  );
  for (const [index, node] of nodes.entries()) {
    const mine = stretches[index] ?? [];
    if (mine.length === 0) continue;
    node.replaceWith(
      ...cutAtStretches(node.data, mine).map(({ text, match }) => {
        if (match === null) return page.createTextNode(text);
        const mark = page.createElement('mark');
        mark.dataset.match = match.toString();
        mark.textContent = text;
        return mark;
      }),
    );
  }
  return page.body.innerHTML;
}

/** The words that a search marked in its excerpts, to mark them elsewhere too. */
export function markedWords(parts: readonly { text: string; isMatch: boolean }[] | null): Wanted {
  const words = (parts ?? []).filter((part) => part.isMatch).map((part) => part.text.trim().toLowerCase());
  return { words: [...new Set(words)].filter(Boolean), as: 'words' };
}

/** Whether a text holds the words just as they were typed, so that a plain search finds them there too. */
export function holds(text: string, typed: string): boolean {
  return findStretches([text], { words: [typed], as: 'typed' })[0]?.length !== 0;
}
