import { FileRefused } from '../tasks.ts';
import { type OfficePart, type OfficeWords, refuseEndless } from './office-words.ts';
import { type Attributes, attribute, readXml } from './xml.ts';
import type { OfficePackage } from './zip.ts';

/** Left out: what was deleted under review, and the marks of footnotes. */
const passedOver = new Set(['tracked-changes', 'note-citation', 'date', 'page-number']);
const places: Record<string, 'notes' | 'comments'> = { notes: 'notes', annotation: 'comments' };

/** Reads a text, a presentation or a spreadsheet of OpenDocument; hidden slides and sheets are left out. */
export async function readOpenDocument(pack: OfficePackage): Promise<OfficeWords> {
  await refuseEncrypted(pack);
  const reader = createContentReader();
  await readXml(pack.read('content.xml'), reader);
  return reader.finish();
}

async function refuseEncrypted(pack: OfficePackage): Promise<void> {
  await readXml(pack.read('META-INF/manifest.xml'), {
    open(name) {
      if (name === 'encryption-data')
        throw new FileRefused('password', 'The file opens only with a password');
    },
  });
}

interface Gathered {
  title: string;
  isHidden: boolean;
  text: string[];
  notes: string[];
  comments: string[];
}

/** Rows and cells that are alike are written once. */
function repeated(attributes: Attributes, name: string): number {
  return Math.max(1, Number(attribute(attributes, name)) || 1);
}

function createContentReader() {
  const hiddenStyles = new Set<string>();
  const headings: OfficeWords['headings'] = [];
  const gathered: Gathered[] = [];
  let styleName = '';
  let skipped = 0;
  let length = 0;
  let isTitle = false;
  let cells: string[] | undefined;
  let cell: string[] | undefined;
  const paragraphs: { text: string; level: number }[] = [];
  const place: ('notes' | 'comments')[] = [];

  const start = (title: string, isHidden: boolean): Gathered => {
    const part: Gathered = { title, isHidden, text: [], notes: [], comments: [] };
    gathered.push(part);
    return part;
  };
  const startSheet = (title: string, isHidden: boolean) => {
    start(title, isHidden);
    row = 0;
  };
  const reach = () => {
    if (!isSpreadsheet || here().isHidden) return;
    sheetExtent = {
      rowCount: Math.max(row, sheetExtent?.rowCount ?? 0),
      columnCount: Math.max(column, sheetExtent?.columnCount ?? 0),
    };
  };
  const here = () => gathered.at(-1) ?? start('', false);
  const append = (text: string) => {
    const paragraph = paragraphs.at(-1);
    if (!paragraph || skipped > 0) return;
    paragraph.text += text;
    length += text.length;
    refuseEndless(length);
  };
  const endParagraph = () => {
    const { text = '', level = 0 } = paragraphs.pop() ?? {};
    const line = text.trim();
    if (line === '' || skipped > 0) return;
    const target = place.at(-1);
    if (cell && !target) cell.push(line);
    else here()[target ?? 'text'].push(line);
    if (level > 0) headings.push({ level: Math.min(level, 6), text: line });
    if (isTitle && !target) here().title ||= line;
  };
  const startParagraph = (level: number) => paragraphs.push({ text: '', level });

  const onOpen: Record<string, (attributes: Attributes) => void> = {
    style(attributes) {
      styleName = attribute(attributes, 'name') ?? '';
    },
    'drawing-page-properties': (attributes) => {
      if (attribute(attributes, 'visibility') === 'hidden') hiddenStyles.add(styleName);
    },
    'table-properties': (attributes) => {
      if (attribute(attributes, 'display') === 'false') hiddenStyles.add(styleName);
    },
    page: (attributes) => start('', hiddenStyles.has(attribute(attributes, 'style-name') ?? '')),
    frame(attributes) {
      isTitle = attribute(attributes, 'class') === 'title';
    },
    p: () => startParagraph(0),
    h: (attributes) => startParagraph(Number(attribute(attributes, 'outline-level') ?? 1)),
    s: (attributes) => append(' '.repeat(Math.min(Number(attribute(attributes, 'c') ?? 1) || 1, 100))),
    tab: () => append('\t'),
    'line-break': () => append('\n'),
    'table-row': (attributes) => {
      cells = [];
      row += repeated(attributes, 'number-rows-repeated');
      column = 0;
    },
    'covered-table-cell': (attributes) => {
      column += repeated(attributes, 'number-columns-repeated');
    },
    'table-cell': (attributes) => {
      cell = [];
      column += repeated(attributes, 'number-columns-repeated');
    },
  };
  const onClose: Record<string, () => void> = {
    p: endParagraph,
    h: endParagraph,
    frame() {
      isTitle = false;
    },
    'table-cell': () => {
      if (cell && cell.length > 0) {
        cells?.push(cell.join(' '));
        reach();
      }
      cell = undefined;
    },
    'table-row': () => {
      if (cells && cells.length > 0) here().text.push(cells.join('\t'));
      cells = undefined;
    },
  };
  let isSpreadsheet = false;
  let isDivided = false;
  let sheetExtent: OfficeWords['sheetExtent'] = null;
  let [row, column] = [0, 0];

  return {
    open(name: string, attributes: Attributes) {
      if (passedOver.has(name)) skipped += 1;
      if (places[name]) place.push(places[name]);
      if (name === 'spreadsheet') isSpreadsheet = true;
      if (name === 'spreadsheet' || name === 'presentation' || name === 'drawing') isDivided = true;
      if (name === 'table' && isSpreadsheet)
        startSheet(
          attribute(attributes, 'name') ?? '',
          hiddenStyles.has(attribute(attributes, 'style-name') ?? ''),
        );
      if (Object.hasOwn(onOpen, name)) onOpen[name]?.(attributes);
    },
    close(name: string) {
      if (Object.hasOwn(onClose, name)) onClose[name]?.();
      if (places[name]) place.pop();
      if (passedOver.has(name)) skipped -= 1;
    },
    text: append,
    finish(): OfficeWords {
      // Only a text has no slides or sheets that were begun; it is called after what it says first.
      if (!isDivided) here().title = headings[0]?.text ?? '';
      const shown = gathered.filter((part) => !part.isHidden);
      const parts = shown.map(
        (part, index): OfficePart => ({
          number: index + 1,
          title: part.title,
          text: part.text.join('\n'),
          notes: part.notes.join('\n'),
          comments: part.comments.join('\n'),
        }),
      );
      const titles = shown.flatMap(({ title }) => (title ? [{ level: 1, text: title }] : []));
      return { parts, headings: isDivided ? titles : headings, sheetExtent };
    },
  };
}
