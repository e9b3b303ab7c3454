import { refuseEndless } from './office-words.ts';
import { type Attributes, attribute, isOn, type XmlListener } from './xml.ts';

interface FlowOptions {
  /** Told of each paragraph that has text, with what `style` named for it. */
  onParagraph?: (text: string, style: string | undefined, outlineLevel: number | undefined) => void;
}

interface Flow extends Required<Pick<XmlListener, 'open' | 'close' | 'text'>> {
  /** The lines read since it was last called; a row of a table is one line with tabs. */
  takeLines(): string[];
}

/** Left out: what a reviewer deleted or moved away, codes of fields, and the second of two ways to say the same. */
const passedOver = new Set(['del', 'moveFrom', 'Fallback', 'instrText', 'delText']);

/** Collects paragraphs and tables of word processing and of drawings, whose elements share their names. */
export function createFlow(options: FlowOptions = {}): Flow {
  let lines: string[] = [];
  let length = 0;
  let skipped = 0;
  let isRunHidden = false;
  let isText = false;
  const paragraphs: { text: string; style?: string; outlineLevel?: number }[] = [];
  const rows: { cells: string[] }[] = [];
  const outer: string[][] = [];

  const append = (text: string) => {
    const paragraph = paragraphs.at(-1);
    if (skipped > 0 || isRunHidden || !paragraph) return;
    paragraph.text += text;
    length += text.length;
    refuseEndless(length);
  };
  const endParagraph = () => {
    const paragraph = paragraphs.pop();
    const text = paragraph?.text.trim();
    if (!paragraph || !text) return;
    lines.push(text);
    options.onParagraph?.(text, paragraph.style, paragraph.outlineLevel);
  };
  const endCell = () => {
    rows.at(-1)?.cells.push(lines.join(' '));
    lines = outer.pop() ?? [];
  };
  const endRow = () => {
    const line = rows.pop()?.cells.join('\t').trimEnd();
    if (line) lines.push(line);
  };

  const onOpen: Record<string, (attributes: Attributes) => void> = {
    p: () => paragraphs.push({ text: '' }),
    pStyle(attributes) {
      const paragraph = paragraphs.at(-1);
      if (paragraph) paragraph.style = attribute(attributes, 'val') ?? '';
    },
    outlineLvl(attributes) {
      const paragraph = paragraphs.at(-1);
      if (paragraph) paragraph.outlineLevel = Number(attribute(attributes, 'val'));
    },
    r() {
      isRunHidden = false;
    },
    vanish(attributes) {
      isRunHidden = isOn(attributes);
    },
    t() {
      isText = true;
    },
    tab: () => append('\t'),
    br: () => append('\n'),
    cr: () => append('\n'),
    noBreakHyphen: () => append('-'),
    tr: () => rows.push({ cells: [] }),
    tc() {
      outer.push(lines);
      lines = [];
    },
  };
  const onClose: Record<string, () => void> = {
    p: endParagraph,
    r() {
      isRunHidden = false;
    },
    t() {
      isText = false;
    },
    tc: endCell,
    tr: endRow,
  };

  return {
    open(name, attributes) {
      if (passedOver.has(name)) skipped += 1;
      else if (Object.hasOwn(onOpen, name)) onOpen[name]?.(attributes);
    },
    close(name) {
      if (passedOver.has(name)) skipped -= 1;
      else if (Object.hasOwn(onClose, name)) onClose[name]?.();
    },
    text(text) {
      if (isText) append(text);
    },
    takeLines() {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}
