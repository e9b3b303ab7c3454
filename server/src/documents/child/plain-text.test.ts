import { expect, test } from 'vitest';
import { markdownWords } from './plain-text.ts';

test.each([
  ['headings', '### Monitoring\n\nSetext\n===', 'Monitoring\nSetext'],
  ['emphasis and code', 'It is **very** *fast*, see `npm start`.', 'It is very fast, see npm start.'],
  [
    'wrapped paragraphs',
    'One sentence\nover two lines.\n\nAnother.',
    'One sentence over two lines.\nAnother.',
  ],
  ['lists', '- one\n- two\n  1. three\n\n> quoted', 'one\ntwo\nthree\nquoted'],
  ['tables', '| Plan | Price |\n|---|--:|\n| Team | **40** |\n| Free | |', 'Plan · Price\nTeam · 40\nFree'],
  [
    'links',
    '[the plan](https://a.example/plan) and [here][1]\n\n[1]: https://b.example',
    'the plan and here',
  ],
  ['pictures', '![Our logo](logo.png)', 'Our logo'],
  [
    'blocks of code',
    '```sh\nnpm install\nnpm start\n```\n\n    indented',
    'npm install\nnpm start\nindented',
  ],
  ['front matter and rules', '---\ntitle: x\n---\nText\n\n---\n\nmore', 'Text\nmore'],
  ['escapes and entities', '\\*not emphasis\\* &amp; more', '*not emphasis* & more'],
])('%s become words', (_name, markdown, words) => {
  expect(markdownWords(markdown)).toBe(words);
});

test('nothing of a very long text is lost', () => {
  const words = markdownWords(`${'# Title\n\n'.repeat(50_000)}the last words`);
  expect(words.startsWith('Title\nTitle\n')).toBe(true);
  expect(words.endsWith('the last words')).toBe(true);
});
