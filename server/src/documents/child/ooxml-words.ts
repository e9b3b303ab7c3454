import type { OfficePart, OfficeWords } from './office-words.ts';
import { readComments } from './ooxml-comments.ts';
import { readDrawingText } from './ooxml-drawings.ts';
import { createFlow } from './ooxml-flow.ts';
import { readRelations } from './ooxml-package.ts';
import { attribute, readXml } from './xml.ts';
import type { OfficePackage } from './zip.ts';

/** Reads a text document: its flow first, then what stands beside it, such as footnotes and running heads. */
export async function readWordDocument(pack: OfficePackage, main: string): Promise<OfficeWords> {
  const relations = await readRelations(pack, main);
  const partsOf = (...types: string[]) =>
    relations.filter((relation) => types.includes(relation.type)).map((relation) => relation.part);
  const levels = await readHeadingLevels(pack, partsOf('styles'));
  const headings: OfficeWords['headings'] = [];
  const body = createFlow({
    onParagraph(text, style, outlineLevel) {
      const level = outlineLevel === undefined ? levels.get(style ?? '') : outlineLevel + 1;
      if (level && level <= 6) headings.push({ level, text });
    },
  });
  await readXml(pack.read(main), body);
  const beside: string[] = [];
  for (const part of partsOf('footnotes', 'endnotes', 'header', 'footer'))
    beside.push(...(await readFlow(pack, part)));
  for (const part of partsOf('chart', 'chartEx', 'diagramData'))
    beside.push(...(await readDrawingText(pack, part)));
  const comments: string[] = [];
  for (const part of partsOf('comments')) comments.push(...(await readComments(pack, part)));
  const part: OfficePart = {
    number: 1,
    title: headings[0]?.text ?? '',
    // Running heads are kept once, however many sections repeat them.
    text: [...body.takeLines(), ...new Set(beside)].join('\n'),
    notes: '',
    comments: comments.join('\n'),
  };
  return { parts: [part], headings, sheetExtent: null };
}

async function readFlow(pack: OfficePackage, part: string): Promise<string[]> {
  const flow = createFlow();
  await readXml(pack.read(part), flow);
  return flow.takeLines();
}

interface Style {
  name: string;
  basedOn: string;
  outlineLevel: number | undefined;
}

/** Which styles are headings, by what they say themselves or inherit: their ids are in the language of their author. */
async function readHeadingLevels(pack: OfficePackage, parts: string[]): Promise<Map<string, number>> {
  const styles = new Map<string, Style>();
  let style: Style | undefined;
  for (const part of parts)
    await readXml(pack.read(part), {
      open(name, attributes) {
        if (name === 'style') {
          style = { name: '', basedOn: '', outlineLevel: undefined };
          styles.set(attribute(attributes, 'styleId') ?? '', style);
        }
        if (!style) return;
        const value = attribute(attributes, 'val') ?? '';
        if (name === 'name') style.name = value.toLowerCase();
        if (name === 'basedOn') style.basedOn = value;
        if (name === 'outlineLvl') style.outlineLevel = Number(value);
      },
      close(name) {
        if (name === 'style') style = undefined;
      },
    });
  const levels = [...styles.keys()].map((id) => [id, headingLevel(styles, id)] as const);
  return new Map(levels.flatMap(([id, level]) => (level === undefined ? [] : [[id, level]])));
}

function headingLevel(styles: Map<string, Style>, id: string): number | undefined {
  const seen = new Set<string>();
  for (let here = id; !seen.has(here); here = styles.get(here)?.basedOn ?? '') {
    seen.add(here);
    const style = styles.get(here);
    if (!style) return undefined;
    const named = /^heading (\d)$/.exec(style.name)?.[1];
    if (named) return Number(named);
    if (style.name === 'title') return 1;
    if (style.outlineLevel !== undefined) return style.outlineLevel < 9 ? style.outlineLevel + 1 : undefined;
  }
  return undefined;
}
