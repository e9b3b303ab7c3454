import type { Line } from './pdf-text.ts';

export function lineText({ runs }: Pick<Line, 'runs'>): string {
  return runs.map(({ text, isApart }, index) => (isApart && index > 0 ? ` ${text}` : text)).join('');
}

/** The lines as text, with words that were parted at the end of a line whole again. */
export function joinLines(lines: Line[]): string {
  const texts = lines.map(lineText);
  const known = lines.some(({ isHyphenated }) => isHyphenated)
    ? wordsOf(texts.join('\n'))
    : new Set<string>();
  let text = '';
  let isOpen = false;
  for (const [index, next] of texts.entries()) {
    if (!isOpen) text += text === '' ? next : `\n${next}`;
    else text = joinParted(text, next, known);
    isOpen = lines[index]?.isHyphenated ?? false;
  }
  return text;
}

/** First halves of words that are written with a hyphen wherever they stand. */
const compound =
  /^(self|well|non|third|open|real|high|low|long|short|end|full|cross|half|best|on|in|off|up|by|e)$/i;

/**
 * Whether a hyphen at the end of a line belongs to the word nobody can see. Words of the same page tell most often;
 * programs for offices part no words, so where both halves are words of their own, the hyphen stays.
 */
function joinParted(before: string, next: string, known: Set<string>): string {
  const first = /(?<![\p{L}-])\p{L}*\p{Ll}(?=-$)/u.exec(before)?.[0].toLowerCase();
  const second = /^\p{Ll}\p{L}*/u.exec(next)?.[0];
  if (first === undefined || second === undefined) return before + next;
  const isWhole = known.has(first + second);
  const isCompound =
    compound.test(first) || known.has(`${first}-${second}`) || (known.has(first) && known.has(second));
  return isCompound && !isWhole ? before + next : before.slice(0, -1) + next;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/(?<![\p{L}-])\p{L}+(-\p{L}+)?(?![\p{L}-])/gu));
}
