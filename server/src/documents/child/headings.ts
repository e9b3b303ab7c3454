import type { RenderedPage } from '../tasks.ts';
import { round1 } from './pdf-page.ts';
import { joinLines, type Line, lineText } from './pdf-text.ts';

type Heading = RenderedPage['headings'][number];

const headingLimit = 30;
const lengthLimit = 160;
/** A landscape page with fewer letters than this is read as a slide. */
const slideLetters = 1500;

/** Lines that are set larger than the page's body; on a slide only its title. */
export function guessHeadings(
  lines: Line[],
  { width, height }: { width: number; height: number },
): Heading[] {
  const blocks = joinBlocks(lines);
  const letters = blocks.reduce((total, { text }) => total + text.length, 0);
  if (width > height * 1.2 && letters < slideLetters) return guessTitle(blocks, height);
  const body = bodySize(lines);
  return blocks
    .flatMap(({ text, size, y }) => {
      const level = levelOf(size / body);
      return level && isTitleLike(text) ? [{ level, text, y: round1(y) }] : [];
    })
    .slice(0, headingLimit);
}

function levelOf(ratio: number): number | undefined {
  if (ratio >= 1.75) return 1;
  if (ratio >= 1.35) return 2;
  return ratio >= 1.12 ? 3 : undefined;
}

function isTitleLike(text: string): boolean {
  return text.length <= lengthLimit && /\p{L}{2}|\p{Lo}/u.test(text);
}

/** The largest text of the upper half, or of the whole slide where the upper half has none. */
function guessTitle(blocks: Block[], height: number): Heading[] {
  const candidates = blocks.filter(({ text }) => isTitleLike(text));
  const upper = candidates.filter(({ y }) => y < height * 0.5);
  const from = upper.length > 0 ? upper : candidates;
  const title = from.toSorted((a, b) => b.size - a.size || a.y - b.y)[0];
  return title ? [{ level: 1, text: title.text, y: round1(title.y) }] : [];
}

interface Block {
  text: string;
  size: number;
  y: number;
}

/** Lines that follow each other in the same size, as a heading over two lines does. */
function joinBlocks(lines: Line[]): Block[] {
  const blocks: (Block & { lines: Line[]; bottom: number })[] = [];
  for (const line of lines) {
    const size = lineSize(line);
    const top = Math.min(...line.runs.map((run) => run.top));
    const bottom = Math.max(...line.runs.map((run) => run.bottom));
    const last = blocks.at(-1);
    const isSame = last && Math.abs(last.size - size) < size * 0.05;
    if (isSame && top > last.bottom - size && top - last.bottom < size * 0.6) {
      last.lines.push(line);
      last.bottom = bottom;
    } else blocks.push({ text: '', size, y: top, lines: [line], bottom });
  }
  return blocks.map(({ lines: own, size, y }) => ({ text: joinLines(own).replaceAll('\n', ' '), size, y }));
}

/** Of most of its letters. */
function lineSize(line: Line): number {
  return commonest(line.runs.map(({ size, text }) => [size, text.length]));
}

function bodySize(lines: Line[]): number {
  return commonest(lines.map((line) => [Math.round(lineSize(line) * 2) / 2, lineText(line).length])) || 1;
}

function commonest(weighted: [value: number, weight: number][]): number {
  const weights = new Map<number, number>();
  for (const [value, weight] of weighted) weights.set(value, (weights.get(value) ?? 0) + weight);
  return [...weights].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
