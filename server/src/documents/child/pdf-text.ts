import { type Box, clip, type PdfPage, shownBox, withMemory } from './pdf-page.ts';
import type { Pdfium } from './pdfium.ts';

/** Text in one line of sight: between its neighbours is a gap, a break or another size of letters. */
export interface Run extends Box {
  text: string;
  /** Of its letters, in points. */
  size: number;
  isBold: boolean;
  /** Whether there is a space between it and the run before it in the line. */
  isApart: boolean;
}

type Style = Pick<Run, 'size' | 'isBold'>;

export interface Line {
  runs: Run[];
  /** The last word goes on in the next line; its hyphen stands in the text. */
  isHyphenated: boolean;
}

const letterLimit = 200_000;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
/** What PDFium gives for the hyphen of a word that goes on in the next line. */
const lineEndHyphen = 0x02;
const softHyphen = 0xad;

/** Lines in the order of reading that PDFium finds, with what lies outside of the page left out. */
export function readLines(page: PdfPage, textPage: number): Line[] {
  const { pdfium } = page;
  const count = Math.min(pdfium.FPDFText_CountChars(textPage), letterLimit);
  const lines = collectLines(page);
  let styleOf = 0;
  let style: Style = { size: 0, isBold: false };
  withMemory(pdfium, scratchSize, (address) => {
    for (let index = 0; index < count; index += 1) {
      const code = pdfium.FPDFText_GetUnicode(textPage, index);
      if (code === lineFeed) lines.end(false);
      if (code === 0 || code === lineFeed || code === carriageReturn) continue;
      const letter = letterOf(code);
      if (isSpace(letter)) {
        lines.addSpace();
        continue;
      }
      const object = pdfium.FPDFText_GetTextObject(textPage, index);
      if (object !== styleOf) style = styleOfLetters(page, textPage, index, address);
      styleOf = object;
      lines.addLetter(letter, style, letterBox(page, textPage, index, address));
      if (code === lineEndHyphen) lines.end(true);
    }
  });
  lines.end(false);
  return lines.taken;
}

function collectLines(page: PdfPage) {
  const taken: Line[] = [];
  let runs: Run[] = [];
  let run: Run | undefined;
  let isApart = false;
  const endRun = () => {
    if (run?.text.endsWith(' ')) isApart = true;
    const shown = run && shownRun(run, page);
    if (shown) runs.push(shown);
    run = undefined;
  };
  return {
    taken,
    addSpace() {
      isApart = true;
      if (run && !run.text.endsWith(' ')) run.text += ' ';
    },
    addLetter(letter: string, style: Style, box: Box | undefined) {
      if (run && box && !isNear(run, box, style.size)) {
        endRun();
        isApart = true;
      } else if (run && !isAlike(run, style)) endRun();
      if (!run) run = { text: '', isApart, ...style, ...(box ?? { left: 0, top: 0, right: 0, bottom: 0 }) };
      else if (box) widen(run, box);
      isApart = false;
      run.text += letter;
    },
    end(isHyphenated: boolean) {
      endRun();
      if (runs.length > 0) taken.push({ runs, isHyphenated });
      runs = [];
      isApart = false;
    },
  };
}

function letterOf(code: number): string {
  if (code === lineEndHyphen) return '-';
  if (code === softHyphen) return '';
  if (code < 0x20 || (code >= 0x7f && code < 0xa0)) return ' ';
  // PDFium hands out halves of letters beyond 16 bits one by one, and marks of byte order as letters.
  if (code === 0xfeff || code === 0xfffe || code === 0xffff) return '';
  return code > 0x10ffff ? '' : String.fromCodePoint(code);
}

function isSpace(letter: string): boolean {
  return letter !== '' && letter.trim() === '';
}

const scratchSize = 256;

/** The size that the letters have on the page is that of the font times what their matrix does to it. */
function styleOfLetters({ pdfium }: PdfPage, textPage: number, index: number, address: number): Style {
  const fontSize = pdfium.FPDFText_GetFontSize(textPage, index);
  const hasMatrix = pdfium.FPDFText_GetMatrix(textPage, index, address);
  const [c = 0, d = 1] = pdfium.pdfium.HEAPF32.subarray(address / 4 + 2, address / 4 + 4);
  return {
    size: hasMatrix ? fontSize * Math.hypot(c, d) : fontSize,
    isBold:
      pdfium.FPDFText_GetFontWeight(textPage, index) >= 600 || hasBoldName(pdfium, textPage, index, address),
  };
}

/** Many fonts say that they are bold in their name only. */
function hasBoldName(pdfium: Pdfium, textPage: number, index: number, address: number): boolean {
  const length = pdfium.FPDFText_GetFontInfo(
    textPage,
    index,
    address,
    scratchSize - 4,
    address + scratchSize - 4,
  );
  if (length < 2 || length > scratchSize - 4) return false;
  const name = Buffer.from(pdfium.pdfium.HEAPU8.subarray(address, address + length - 1)).toString('latin1');
  return /bold|black|heavy/i.test(name);
}

function letterBox(page: PdfPage, textPage: number, index: number, address: number): Box | undefined {
  const { pdfium } = page;
  if (!pdfium.FPDFText_GetLooseCharBox(textPage, index, address)) return undefined;
  const [left = 0, top = 0, right = 0, bottom = 0] = pdfium.pdfium.HEAPF32.subarray(
    address / 4,
    address / 4 + 4,
  );
  return left === right && top === bottom ? undefined : shownBox(page, left, top, right, bottom);
}

function isAlike(run: Run, { size, isBold }: Style): boolean {
  return Math.abs(run.size - size) <= run.size * 0.1 && run.isBold === isBold;
}

/** Whether a letter at `box` continues the run rather than the next column or cell. */
function isNear(run: Run, box: Box, size: number): boolean {
  const apart = Math.max(
    box.left - run.right,
    run.left - box.right,
    box.top - run.bottom,
    run.top - box.bottom,
  );
  return apart < Math.max(size, 1) * 1.2;
}

function widen(run: Run, box: Box): void {
  run.left = Math.min(run.left, box.left);
  run.top = Math.min(run.top, box.top);
  run.right = Math.max(run.right, box.right);
  run.bottom = Math.max(run.bottom, box.bottom);
}

/** The run as it is seen, with the part of its box that lies on the page; undefined when none does. */
function shownRun(run: Run, page: PdfPage): Run | undefined {
  const text = tidy(run.text).trim();
  const [x, y] = [(run.left + run.right) / 2, (run.top + run.bottom) / 2];
  const isShown = text !== '' && x >= 0 && y >= 0 && x <= page.width && y <= page.height;
  return isShown ? { ...run, ...clip(run, page), text } : undefined;
}

/** Letters that stand for several are spelt out, so that a search for “office” finds “oﬃce”. */
export function tidy(text: string): string {
  return text
    .replace(/[\ufb00-\ufdff\ufe70-\ufefc]+/g, (letters) => letters.normalize('NFKC'))
    .replaceAll('\0', '')
    .toWellFormed();
}
