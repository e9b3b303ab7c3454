import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FileRefused } from '../tasks.ts';
import { flowTextOf, readText } from './flow-text.ts';

test('Markdown keeps its headings, its words and a safe form', () => {
  const read = flowTextOf(
    '# The *plan*\n\nIt is **short**.\n\n## Costs\n\n<script>x</script>',
    'text/markdown',
  );
  expect(read.headings).toEqual([
    { level: 1, text: 'The plan' },
    { level: 2, text: 'Costs' },
  ]);
  expect(read.text).toBe('The plan\nIt is short.\nCosts\n<script>x</script>');
  expect(read.wordCount).toBe(9);
  expect(read.html).not.toContain('<script');
});

test.each([
  ['commas', 'text/csv', 'Plan,Price\nTeam,"1,200"\n"Free ""for ever""",0\n'],
  ['semicolons', 'text/csv', 'Plan;Price\nTeam;1,200\nFree "for ever";0\n'],
  ['tabs', 'text/tab-separated-values', 'Plan\tPrice\nTeam\t1,200\nFree "for ever"\t0\n'],
])('a table with %s is a table', (_name, mediaType, text) => {
  const read = flowTextOf(text, mediaType);
  expect(read.html).toContain('<thead><tr><th>Plan</th><th>Price</th></tr>\n</thead>');
  expect(read.html).toContain('<tr><td>Team</td><td>1,200</td></tr>');
  expect(read.html).toContain('<td>Free &quot;for ever&quot;</td>');
  expect(read.text).toBe('Plan · Price\nTeam · 1,200\nFree "for ever" · 0');
});

test('a table of numbers has no header, and short rows are filled up', () => {
  const { html } = flowTextOf('1,2,3\n4,5\n', 'text/csv');
  expect(html).not.toContain('<th');
  expect(html).toContain('<tr><td>4</td><td>5</td><td></td></tr>');
});

test('a cell can hold no HTML', () => {
  const { html } = flowTextOf('name,note\nx,"<img src=x onerror=alert(1)>"\n', 'text/csv');
  expect(html).not.toContain('<img');
});

test.each([
  ['rows', 'a,b,c\n'.repeat(400_000)],
  ['columns', `${'a,'.repeat(400_000)}\n1,2\n`],
  ['short rows under a wide one', `${'x,'.repeat(60)}\n${'1\n'.repeat(500_000)}`],
  ['one cell', `a,b\n1,"${'long '.repeat(30_000)}"\n`],
  ['an open quote', `a,b\n"${'x,y\n'.repeat(300_000)}`],
  ['quotes', '"'.repeat(1_500_000)],
  ['empty cells', ','.repeat(2_000_000)],
  ['empty rows', `x${'\n'.repeat(2_000_000)}`],
])('a table with %s without end is shown in part, in bounded time', (_name, text) => {
  const started = performance.now();
  const { html } = flowTextOf(text, 'text/csv');
  expect(html.length).toBeLessThan(1_000_000);
  expect(performance.now() - started).toBeLessThan(4000);
});

test('JSON for machines gets lines, and its values stay as they are written', () => {
  const { html } = flowTextOf(
    `{"id":12345678901234567890,"list":[1,{"a":"}, ["}],"e":{},"x":"${'x'.repeat(400)}"}`,
    'application/json',
  );
  expect(html.replaceAll('&quot;', '"')).toContain(
    '{\n  "id": 12345678901234567890,\n  "list": [\n    1,\n    {\n      "a": "}, ["\n    }\n  ],\n  "e": {},\n',
  );
});

test('a log of JSON texts stays one of several', () => {
  const line = `{"a":"${'x'.repeat(400)}"}`;
  const { html } = flowTextOf(`${line}\n${line}\n`, 'application/json');
  expect(html.match(/^\{$/gm)).toHaveLength(1);
  expect(html.match(/^\}$/gm)).toHaveLength(1);
  expect(flowTextOf('1 2', 'application/json').html).toContain('1 2');
});

test('JSON that a person laid out stays so', () => {
  expect(flowTextOf('{ "a": [1, 2] }\n', 'application/json').html).toContain('{ &quot;a&quot;: [1, 2] }');
});

test.each([
  ['nesting', '['.repeat(3_000_000)],
  ['closing', ']'.repeat(3_000_000)],
  ['an open string', `"${'\\"'.repeat(1_500_000)}`],
  ['numbers', '1,'.repeat(1_500_000)],
])('JSON with %s without end is shown in part', (_name, text) => {
  const started = performance.now();
  expect(flowTextOf(text, 'application/json').html.length).toBeLessThan(1_000_000);
  expect(performance.now() - started).toBeLessThan(4000);
});

async function readFileWith(bytes: Uint8Array | string) {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-text-'));
  try {
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    return await readText({ mediaType: 'text/plain' }, { inputPath, folder, emit: async () => {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test('a text file is read in its own encoding', async () => {
  const read = await readFileWith(Buffer.from('\ufeffGrüße an alle', 'utf16le'));
  expect(read).toEqual({
    html: '<pre class="plain-text">Grüße an alle</pre>\n',
    text: 'Grüße an alle',
    wordCount: 3,
    headings: [],
  });
});

test('an empty and an immoderate text are refused', async () => {
  await expect(readFileWith(' \n\0\n')).rejects.toEqual(new FileRefused('empty', 'The file holds no text.'));
  await expect(readFileWith(Buffer.alloc(6_000_000, 'a '))).rejects.toMatchObject({ reason: 'too_large' });
});
