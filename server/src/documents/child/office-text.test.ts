import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  drawnParagraph,
  officeFile,
  paragraph,
  relations,
  shape,
  sheetsFile,
  slidesFile,
  wordFile,
} from '../../../../test/support/office.ts';
import { readOffice } from './office-text.ts';

async function read(bytes: Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-office-'));
  try {
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    return await readOffice({ mediaType: '' }, { inputPath, folder, emit: async () => {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a text document gives its paragraphs, tables and headings, by the meaning of its styles', async () => {
  const styles =
    '<w:styles xmlns:w="w"><w:style w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>' +
    '<w:style w:styleId="Mine"><w:name w:val="Mine"/><w:basedOn w:val="berschrift1"/></w:style>' +
    '<w:style w:styleId="Loop"><w:name w:val="L"/><w:basedOn w:val="Loop"/></w:style></w:styles>';
  const cell = (text: string) => `<w:tc>${paragraph(text)}</w:tc>`;
  const body =
    paragraph('Pricing', 'Mine') +
    paragraph('A price is a promise.', 'Loop') +
    `<w:tbl><w:tr>${cell('Plan')}${cell('Price')}</w:tr><w:tr>${cell('Team')}${cell('49')}</w:tr></w:tbl>`;
  const text = await read(wordFile(body, [['styles', 'styles.xml']], { 'word/styles.xml': styles }));
  expect(text).toMatchObject({
    parts: [
      {
        number: 1,
        title: 'Pricing',
        text: 'Pricing\nA price is a promise.\nPlan\tPrice\nTeam\t49',
        wordCount: 10,
      },
    ],
    headings: [{ level: 1, text: 'Pricing' }],
    hasMacros: false,
  });
});

test('what a reviewer deleted, what is hidden and what is said twice is left out; comments stand apart', async () => {
  const run = (text: string) => `<w:r><w:t>${text}</w:t></w:r>`;
  const body =
    `<w:p>${run('We')}<w:del><w:r><w:delText> never</w:delText></w:r></w:del><w:ins>${run(' always')}</w:ins></w:p>` +
    `<w:p><w:moveFrom>${run('moved away')}</w:moveFrom>${run('stays')}</w:p>` +
    `<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r>${run('shown')}</w:p>` +
    `<w:p><mc:AlternateContent><mc:Choice><wps:txbx>${paragraph('In a box')}</wps:txbx></mc:Choice>` +
    `<mc:Fallback>${paragraph('In a box')}</mc:Fallback></mc:AlternateContent></w:p>`;
  const text = await read(
    wordFile(
      body,
      [
        ['comments', 'comments.xml'],
        ['footnotes', 'footnotes.xml'],
        ['header', 'header1.xml'],
        ['header', 'header2.xml'],
      ],
      {
        'word/comments.xml': `<w:comments xmlns:w="w"><w:comment w:id="1">${paragraph('Really?')}</w:comment></w:comments>`,
        'word/footnotes.xml': `<w:footnotes xmlns:w="w">${paragraph('As of May.')}</w:footnotes>`,
        'word/header1.xml': `<w:hdr xmlns:w="w">${paragraph('Confidential')}</w:hdr>`,
        'word/header2.xml': `<w:hdr xmlns:w="w">${paragraph('Confidential')}</w:hdr>`,
      },
    ),
  );
  expect(text.parts[0]).toMatchObject({
    text: 'We always\nstays\nshown\nIn a box\nAs of May.\nConfidential',
    comments: 'Really?',
  });
});

test('slides come in the order in which they are shown, with notes and comments apart and hidden ones left out', async () => {
  const table = `<p:graphicFrame><a:tbl><a:tr><a:tc>${drawnParagraph('Q1')}</a:tc><a:tc>${drawnParagraph('12')}</a:tc></a:tr></a:tbl></p:graphicFrame>`;
  const file = slidesFile(
    [
      { shapes: shape('12', 'sldNum') + shape('Body first', 'body') + shape('Title', 'title') + table },
      { shapes: shape('Hidden'), attributes: 'show="0"' },
      {
        shapes: shape('Plain'),
        relations: [
          ['notesSlide', '../notesSlides/notesSlide1.xml'],
          ['comments', '../comments/comment1.xml'],
          ['chart', '/ppt/charts/chart1.xml'],
          ['diagramData', '../diagrams/data1.xml'],
        ],
      },
    ],
    {
      'ppt/notesSlides/notesSlide1.xml': `<p:notes xmlns:p="p" xmlns:a="a">${shape('3', 'sldNum')}${shape('Say it slowly', 'body')}</p:notes>`,
      'ppt/comments/comment1.xml':
        '<p:cmLst xmlns:p="p"><p:cm><p:text>Check the number</p:text></p:cm></p:cmLst>',
      'ppt/charts/chart1.xml': `<c:chartSpace xmlns:c="c" xmlns:a="a">${drawnParagraph('Win rate')}<c:strCache><c:pt><c:v>North</c:v></c:pt></c:strCache><c:numCache><c:pt><c:v>0.3</c:v></c:pt></c:numCache></c:chartSpace>`,
      'ppt/diagrams/data1.xml': `<dgm:dataModel xmlns:dgm="dgm" xmlns:a="a"><dgm:pt><dgm:t>${drawnParagraph('Step one')}</dgm:t></dgm:pt></dgm:dataModel>`,
    },
  );
  const text = await read(file);
  expect(text.parts).toEqual([
    { number: 1, title: 'Title', text: 'Title\nBody first\nQ1\t12', wordCount: 5, notes: '', comments: '' },
    {
      number: 2,
      title: '',
      text: 'Plain\nWin rate\nNorth\nStep one',
      wordCount: 6,
      notes: 'Say it slowly',
      comments: 'Check the number',
    },
  ]);
});

test('a workbook gives its visible sheets as rows, with numbers nearly as they are shown', async () => {
  const styles =
    '<numFmts><numFmt numFmtId="164" formatCode="&quot;$&quot;#,##0.00"/><numFmt numFmtId="165" formatCode="d\\. mmm yy"/></numFmts>' +
    '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>' +
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="10"/></cellXfs>';
  const rows =
    '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Price</t></is></c></row>' +
    '<row r="2"><c r="A2" s="2"><v>46112</v></c><c r="B2" s="1"><v>1234.5</v></c><c r="D2" s="3"><v>0.1234</v></c></row>' +
    '<row r="3"><c r="A3"><v>0.30000000000000004</v></c><c r="B3" t="b"><v>1</v></c><c r="AB3" t="str"><f>A1</f><v>Sum</v></c></row>';
  const strings = '<si><r><t>Day </t></r><r><t>one</t></r><rPh><t>デイ</t></rPh></si>';
  const text = await read(
    sheetsFile(
      [
        { name: 'Prices', rows },
        { name: 'Margins', rows, state: 'hidden' },
      ],
      { strings, styles },
    ),
  );
  expect(text.parts).toMatchObject([
    {
      number: 1,
      title: 'Prices',
      text: 'Day one\tPrice\n2026-03-31\t$1,234.50\t12.34%\n0.3\tTRUE\tSum',
      notes: '',
      comments: '',
    },
  ]);
  expect(text.sheetExtent).toEqual({ rowCount: 3, columnCount: 28 });
});

test('a long table is cut, and reading it ends there', async () => {
  const cells = Array.from({ length: 100 }, (_, column) => column);
  const row = (index: number) =>
    `<row>${cells.map((column) => `<c><v>${index * column}</v></c>`).join('')}</row>`;
  const text = await read(
    sheetsFile([{ name: 'Export', rows: Array.from({ length: 3000 }, (_, i) => row(i)).join('') }]),
  );
  const lines = text.parts[0]?.text.split('\n').length ?? 0;
  expect(lines).toBeGreaterThanOrEqual(2000);
  expect(lines).toBeLessThan(3000);
  expect(text.sheetExtent).toMatchObject({ columnCount: 100 });
});

const openDocument = (body: string, manifest = '<manifest/>') =>
  officeFile({
    mimetype: 'application/vnd.oasis.opendocument.text',
    'META-INF/manifest.xml': manifest,
    'content.xml': `<office:document-content xmlns:office="o" xmlns:text="t" xmlns:draw="d" xmlns:presentation="p" xmlns:table="b" xmlns:style="s">${body}</office:document-content>`,
  });

test('OpenDocument texts, slides and sheets are read as well', async () => {
  const words = await read(
    openDocument(
      '<office:body><office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>' +
        '<text:h text:outline-level="2">Head</text:h><text:p>Two<text:s text:c="2"/>words<office:annotation><text:p>Why?</text:p></office:annotation></text:p>' +
        '<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>' +
        '</office:text></office:body>',
    ),
  );
  expect(words).toMatchObject({
    parts: [{ number: 1, title: 'Head', text: 'Head\nTwo  words\na\tb', comments: 'Why?' }],
    headings: [{ level: 2, text: 'Head' }],
  });
  const slides = await read(
    openDocument(
      '<style:style style:name="dp2"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>' +
        '<office:body><office:presentation><draw:page draw:style-name="dp2"><text:p>Hidden</text:p></draw:page>' +
        '<draw:page><draw:frame presentation:class="title"><text:p>Title</text:p></draw:frame><text:p>Body</text:p>' +
        '<presentation:notes><text:p>Note</text:p></presentation:notes></draw:page></office:presentation></office:body>',
    ),
  );
  expect(slides.parts).toEqual([
    { number: 1, title: 'Title', text: 'Title\nBody', wordCount: 2, notes: 'Note', comments: '' },
  ]);
  const sheets = await read(
    openDocument(
      '<office:body><office:spreadsheet><table:table table:name="Plan"><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>' +
        '<table:table-row><table:table-cell table:number-columns-repeated="2"/><table:table-cell><text:p>49</text:p></table:table-cell></table:table-row>' +
        '</table:table></office:spreadsheet></office:body>',
    ),
  );
  expect(sheets.parts).toMatchObject([{ number: 1, title: 'Plan', text: '49' }]);
  expect(sheets.sheetExtent).toEqual({ rowCount: 4, columnCount: 3 });
});

test('macros are told, and do not keep a file from being read', async () => {
  const file = wordFile(paragraph('Hello'), [['vbaProject', 'vbaProject.bin']], {
    'word/vbaProject.bin': 'x',
  });
  expect(await read(file)).toMatchObject({ hasMacros: true, parts: [{ wordCount: 1 }] });
});

test('text survives faults in the XML around it, and other encodings', async () => {
  const broken = officeFile({
    '_rels/.rels': relations([['officeDocument', 'word/document.xml']]),
    'word/document.xml': `<w:document xmlns:w="w"><w:body>${paragraph('Before')}<w:p></w:x>`,
  });
  expect((await read(broken)).parts[0]?.text).toBe('Before');
  const wide = officeFile({
    '_rels/.rels': relations([['officeDocument', 'word/document.xml']]),
    'word/document.xml': Buffer.from(
      `\ufeff<?xml version="1.0" encoding="UTF-16"?><w:document xmlns:w="w"><w:body>${paragraph('Größe')}</w:body></w:document>`,
      'utf16le',
    ),
  });
  expect((await read(wide)).parts[0]?.text).toBe('Größe');
});

test('files without a package have limits only, and old ones tell of locks and macros', async () => {
  expect(await read(Buffer.from('{\\rtf1 Hello}'))).toMatchObject({ parts: [] });
  const signature = Buffer.from('d0cf11e0a1b11ae1', 'hex');
  const stream = (name: string) =>
    Buffer.concat([signature, Buffer.alloc(2000), Buffer.from(`${name}\0`, 'utf16le')]);
  expect(await read(stream('_VBA_PROJECT'))).toMatchObject({ hasMacros: true });
  await expect(read(stream('EncryptedPackage'))).rejects.toMatchObject({ reason: 'password' });
  await expect(read(Buffer.from('noise'))).rejects.toMatchObject({ reason: 'damaged' });
  await expect(read(Buffer.alloc(0))).rejects.toMatchObject({ reason: 'empty' });
});

test('a zip file that is no Office file, and an encrypted one, are refused with the reason', async () => {
  await expect(read(officeFile({ 'readme.txt': 'x' }))).rejects.toMatchObject({ reason: 'damaged' });
  await expect(
    read(
      openDocument(
        '',
        '<m:manifest xmlns:m="m"><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>',
      ),
    ),
  ).rejects.toMatchObject({ reason: 'password' });
});
