import { writeZip } from './zip.ts';

type Parts = Record<string, Buffer | string>;
/** Type and target of each, numbered from rId1. */
type Relations = [type: string, target: string][];

const namespaces =
  'xmlns:w="w" xmlns:a="a" xmlns:p="p" xmlns:r="r" xmlns:c="c" xmlns:dgm="dgm" xmlns:mc="mc" xmlns:wps="wps"';

export function officeFile(parts: Parts): Buffer {
  return writeZip(Object.entries(parts).map(([name, data]) => ({ name, data })));
}

export function relations(list: Relations): string {
  const items = list.map(
    ([type, target], index) =>
      `<Relationship Id="rId${index + 1}" Type="http://x/${type}" Target="${target}"/>`,
  );
  return `<Relationships>${items.join('')}</Relationships>`;
}

/** A text document with this body, and parts beside it. */
export function wordFile(body: string, besides: Relations = [], parts: Parts = {}): Buffer {
  return officeFile({
    '_rels/.rels': relations([['officeDocument', 'word/document.xml']]),
    'word/_rels/document.xml.rels': relations(besides),
    'word/document.xml': `<?xml version="1.0"?><w:document ${namespaces}><w:body>${body}</w:body></w:document>`,
    ...parts,
  });
}

export function paragraph(text: string, style?: string): string {
  const properties = style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : '';
  return `<w:p>${properties}<w:r><w:t>${text}</w:t></w:r></w:p>`;
}

/** A presentation of these slides, each the inside of its shape tree, with parts that slides lead to. */
export function slidesFile(
  slides: { shapes: string; attributes?: string; relations?: Relations }[],
  parts: Parts = {},
): Buffer {
  const all: Parts = {
    '_rels/.rels': relations([['officeDocument', 'ppt/presentation.xml']]),
    'ppt/_rels/presentation.xml.rels': relations(
      slides.map((_, index) => ['slide', `slides/slide${index + 1}.xml`]),
    ),
    'ppt/presentation.xml': `<p:presentation ${namespaces}><p:sldIdLst>${slides
      .map((_, index) => `<p:sldId id="${256 + index}" r:id="rId${index + 1}"/>`)
      .join('')}</p:sldIdLst></p:presentation>`,
  };
  for (const [index, slide] of slides.entries()) {
    all[`ppt/slides/slide${index + 1}.xml`] =
      `<p:sld ${namespaces} ${slide.attributes ?? ''}><p:cSld><p:spTree>${slide.shapes}</p:spTree></p:cSld></p:sld>`;
    all[`ppt/slides/_rels/slide${index + 1}.xml.rels`] = relations(slide.relations ?? []);
  }
  return officeFile({ ...all, ...parts });
}

export function shape(text: string, placeholder?: string): string {
  const kind =
    placeholder === undefined ? '' : `<p:nvSpPr><p:nvPr><p:ph type="${placeholder}"/></p:nvPr></p:nvSpPr>`;
  return `<p:sp>${kind}<p:txBody>${drawnParagraph(text)}</p:txBody></p:sp>`;
}

export function drawnParagraph(text: string): string {
  return `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`;
}

/** A workbook of these sheets, each the inside of its data. */
export function sheetsFile(
  sheets: { name: string; rows: string; state?: string }[],
  parts: { strings?: string; styles?: string; others?: Parts } = {},
): Buffer {
  const all: Parts = {
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, index): Relations[number] => ['worksheet', `worksheets/sheet${index + 1}.xml`]),
      ['sharedStrings', 'sharedStrings.xml'],
      ['styles', 'styles.xml'],
    ]),
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${sheets
      .map(
        ({ name, state = 'visible' }, index) =>
          `<sheet name="${name}" sheetId="${index + 1}" state="${state}" r:id="rId${index + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/sharedStrings.xml': `<sst>${parts.strings ?? ''}</sst>`,
    'xl/styles.xml': `<styleSheet>${parts.styles ?? ''}</styleSheet>`,
  };
  for (const [index, sheet] of sheets.entries())
    all[`xl/worksheets/sheet${index + 1}.xml`] =
      `<worksheet><sheetData>${sheet.rows}</sheetData></worksheet>`;
  return officeFile({ ...all, ...parts.others });
}
