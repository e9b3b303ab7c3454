import type { RenderedPage } from '../tasks.ts';
import { joinLines, lineText } from './join-lines.ts';
import { round1 } from './pdf-page.ts';
import type { Line, Run } from './pdf-text.ts';

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
  const body = bodyStyle(lines);
  return blocks
    .flatMap((block) => {
      const level = levelOf(block, body);
      return level && isTitleLike(block.text) ? [{ level, text: block.text, y: round1(block.y) }] : [];
    })
    .slice(0, headingLimit);
}

/** Bold lines of the body's size head a paragraph, unless the body is bold itself. */
function levelOf({ size, isBold }: Block, body: Style): number | undefined {
  const ratio = size / body.size;
  if (ratio >= 1.75) return 1;
  if (ratio >= 1.35) return 2;
  const stands = isBold && !body.isBold;
  return ratio >= 1.12 || (stands && ratio > 0.97) ? 3 : undefined;
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

type Style = Pick<Run, 'size' | 'isBold'>;

interface Block extends Style {
  text: string;
  y: number;
}

/** Lines that follow each other in the same size, as a heading over two lines does. */
function joinBlocks(lines: Line[]): Block[] {
  const blocks: (Block & { lines: Line[]; bottom: number })[] = [];
  for (const line of lines) {
    const style = lineStyle(line);
    const { size, isBold } = style;
    const top = Math.min(...line.runs.map((run) => run.top));
    const bottom = Math.max(...line.runs.map((run) => run.bottom));
    const last = blocks.at(-1);
    const isSame = last && last.isBold === isBold && Math.abs(last.size - size) < size * 0.05;
    if (isSame && top > last.bottom - size && top - last.bottom < size * 0.6) {
      last.lines.push(line);
      last.bottom = bottom;
    } else blocks.push({ text: '', ...style, y: top, lines: [line], bottom });
  }
  return blocks.map(({ lines: own, size, isBold, y }) => ({
    text: joinLines(own).replaceAll('\n', ' '),
    size,
    isBold,
    y,
  }));
}

/** Size of most of its letters; bold when all of them are. */
function lineStyle({ runs }: Line): Style {
  return {
    size: commonest(runs.map(({ size, text }) => [size, text.length])),
    isBold: runs.every(({ isBold }) => isBold),
  };
}

function bodyStyle(lines: Line[]): Style {
  const styled = lines.map((line) => ({ ...lineStyle(line), length: lineText(line).length }));
  const total = styled.reduce((sum, { length }) => sum + length, 0);
  const bold = styled.reduce((sum, { isBold, length }) => sum + (isBold ? length : 0), 0);
  return {
    size: commonest(styled.map(({ size, length }) => [Math.round(size * 2) / 2, length])) || 1,
    isBold: bold > total / 2,
  };
}

function commonest(weighted: [value: number, weight: number][]): number {
  const weights = new Map<number, number>();
  for (const [value, weight] of weighted) weights.set(value, (weights.get(value) ?? 0) + weight);
  return [...weights].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? 0;
}
