import { type OfficePart, type OfficeWords, refuseEndless } from './office-words.ts';
import { readComments } from './ooxml-comments.ts';
import { readDrawingText } from './ooxml-drawings.ts';
import { createFlow } from './ooxml-flow.ts';
import { type Relation, readRelations } from './ooxml-package.ts';
import { attribute, readXml, relation } from './xml.ts';
import type { OfficePackage } from './zip.ts';

/**
 * Reads the slides as they are presented. Hidden ones are left out, as they are of the PDF that programs make, so that
 * the number of a part is the number of its page.
 */
export async function readPresentation(pack: OfficePackage, main: string): Promise<OfficeWords> {
  const relations = new Map((await readRelations(pack, main)).map((found) => [found.id, found]));
  const ids: string[] = [];
  await readXml(pack.read(main), {
    open(name, attributes) {
      if (name === 'sldId') ids.push(relation(attributes, 'id') ?? '');
    },
  });
  const parts: OfficePart[] = [];
  let length = 0;
  for (const id of ids) {
    const slide = relations.get(id);
    const content = slide?.type === 'slide' ? await readShapes(pack, slide.part, isOnSlide) : undefined;
    if (!slide || !content || content.isHidden) continue;
    const around = await readRelations(pack, slide.part);
    const drawn = await readAll(pack, around, ['chart', 'chartEx', 'diagramData'], readDrawingText);
    const notes = await readAll(pack, around, ['notesSlide'], readNotes);
    const comments = await readAll(pack, around, ['comments'], readComments);
    const part = {
      number: parts.length + 1,
      title: content.title.join(' '),
      text: [...content.title, ...content.lines, ...drawn].join('\n'),
      notes: notes.join('\n'),
      comments: comments.join('\n'),
    };
    parts.push(part);
    length += part.text.length + part.notes.length + part.comments.length;
    refuseEndless(length);
  }
  const headings = parts.flatMap((part) => (part.title ? [{ level: 1, text: part.title }] : []));
  return { parts, headings, sheetExtent: null };
}

async function readAll(
  pack: OfficePackage,
  relations: Relation[],
  types: string[],
  read: (pack: OfficePackage, part: string) => Promise<string[]>,
): Promise<string[]> {
  const lines: string[] = [];
  for (const found of relations)
    if (types.includes(found.type)) lines.push(...(await read(pack, found.part)));
  return lines;
}

/** What runs along at the foot of every slide says nothing about this one. */
const isOnSlide = (placeholder: string) => !['dt', 'ftr', 'sldNum', 'hdr'].includes(placeholder);
const isNote = (placeholder: string) => placeholder === 'body';

async function readNotes(pack: OfficePackage, part: string): Promise<string[]> {
  const { title, lines } = await readShapes(pack, part, isNote);
  return [...title, ...lines];
}

/** The lines of the shapes of a slide, or of its notes, that stand for what is asked for. */
async function readShapes(pack: OfficePackage, part: string, isWanted: (placeholder: string) => boolean) {
  const flow = createFlow();
  const title: string[] = [];
  const lines: string[] = [];
  let isHidden = false;
  let placeholder = '';
  const endShape = () => {
    const found = flow.takeLines();
    const isTitle = placeholder === 'title' || placeholder === 'ctrTitle';
    if (isWanted(placeholder)) (isTitle ? title : lines).push(...found);
    placeholder = '';
  };
  await readXml(pack.read(part), {
    open(name, attributes) {
      if (name === 'sld') isHidden = ['0', 'false'].includes(attribute(attributes, 'show') ?? '');
      if (name === 'sp' || name === 'graphicFrame') endShape();
      // A placeholder that does not say what it is for holds content.
      if (name === 'ph') placeholder = attribute(attributes, 'type') ?? 'obj';
      flow.open(name, attributes);
    },
    close(name) {
      flow.close(name);
      if (name === 'sp' || name === 'graphicFrame') endShape();
    },
    text(text) {
      flow.text(text);
    },
  });
  return { title: title.map(asOneLine), lines, isHidden };
}

function asOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}
