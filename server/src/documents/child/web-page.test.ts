import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readWebPage, webPageOf } from './web-page.ts';

const url = 'https://a.example/blog/post';
const prose = 'A sentence that says something about the product and its use. '.repeat(5).trim();

test('a page is read without what stands on every page', () => {
  const found = webPageOf(
    `<!doctype html><html lang="de-AT"><head>
      <title>Post – Example</title>
      <meta property="og:title" content="The &amp; post">
      <meta name="description" content="  What it
        is about.">
      <meta property="og:image" content="/img/card.png?x=1&amp;y=2">
      <style>p { color: red }</style><script>var a = '<p>no</p>';</script>
    </head><body>
      <header><a href="/">Home</a><h2>Menu of the site</h2></header>
      <nav>Products Prices</nav>
      <div class="cookie-banner"><p>We use cookies.</p></div>
      <main><article><header><h1>The post</h1></header>
        <p>${prose}</p><p hidden>Hidden words</p><p style="display: none">Hidden too</p>
        <h2>Why <em>it</em> works</h2><ul><li>One</li><li>Two <b>bold</b></li></ul>
        <table><tr><th>Plan</th><td>Price</td></tr></table>
        line one<br>line two<svg><title>Icon</title><text>drawn</text></svg>
        <aside>Read more</aside>
      </article></main>
      <p>Outside of it.</p>
      <footer>Imprint</footer>
    </body></html>`,
    url,
  );
  expect(found).toEqual({
    title: 'The & post',
    description: 'What it is about.',
    text: `The post\n${prose}\nWhy it works\nOne\nTwo bold\nPlan Price\nline one\nline two`,
    wordCount: 11 * 5 + 14,
    headings: [
      { level: 1, text: 'The post' },
      { level: 2, text: 'Why it works' },
    ],
    imageUrl: 'https://a.example/img/card.png?x=1&y=2',
    language: 'de',
  });
});

test('a page without a main part is read as a whole, without its lists of links', () => {
  const found = webPageOf(
    `<title>Plain</title><body><p><a href="/a">One</a> <a href="/b">Two</a></p><h1>Hello</h1><p>${prose} <a href="/c">more</a></p>`,
    url,
  );
  expect(found.title).toBe('Plain');
  expect(found.text).toBe(`Hello\n${prose} more`);
});

test('an article about cookies is no notice about cookies', () => {
  const html = `<article class="post tag-cookies"><p>${prose}</p></article><div id="cookie-notice">We use some.</div>`;
  expect(webPageOf(html, url).text).toBe(prose);
});

test('a page that says nothing of itself has its first heading for a title', () => {
  expect(webPageOf(`<h1>Only this</h1>${prose}`, url)).toMatchObject({
    title: 'Only this',
    description: '',
    imageUrl: null,
    language: null,
  });
});

test.each([
  ['javascript:alert(1)', null],
  ['data:image/png;base64,AAAA', null],
  ['file:///etc/passwd', null],
  ['//cdn.example/a.png', 'https://cdn.example/a.png'],
  ['a.png', 'https://a.example/blog/a.png'],
])('a picture at %s is %s', (content, expected) => {
  expect(webPageOf(`<meta property="og:image" content="${content}">`, url).imageUrl).toBe(expected);
});

test('a picture at an endless address is none', () => {
  const html = `<meta property="og:image" content="https://a.example/${'x'.repeat(5000)}">`;
  expect(webPageOf(html, url).imageUrl).toBeNull();
});

test('a base of the page counts for its picture', () => {
  const html = '<base href="https://cdn.example/x/"><meta name="twitter:image" content="a.png">';
  expect(webPageOf(html, url).imageUrl).toBe('https://cdn.example/x/a.png');
});

async function readBytes(bytes: Uint8Array, contentType: string) {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-page-'));
  try {
    const inputPath = join(folder, 'input');
    await writeFile(inputPath, bytes);
    return await readWebPage({ url, contentType }, { inputPath, folder, emit: async () => {} });
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  ['the site', Buffer.from('<p>Gr\xfc\xdfe', 'latin1'), 'text/html; charset=ISO-8859-1', 'Grüße'],
  [
    'the page',
    Buffer.from('<meta charset="windows-1251"><p>\xcf\xf0\xe8\xe2\xe5\xf2', 'latin1'),
    'text/html',
    'Привет',
  ],
  [
    'an old page',
    Buffer.from(
      '<meta http-equiv="Content-Type" content="text/html; charset=shift_jis"><p>\x93\xfa\x96\x7b',
      'latin1',
    ),
    'text/html',
    '日本',
  ],
  ['its mark', Buffer.from('\ufeff<p>Grüße', 'utf16le'), 'text/html; charset=utf-8', 'Grüße'],
  ['nobody', Buffer.from('<p>Grüße'), 'text/html', 'Grüße'],
  ['nobody, in the old code page', Buffer.from('<p>Gr\xfc\xdfe', 'latin1'), 'text/html', 'Grüße'],
  ['a site that errs', Buffer.from('<p>Grüße'), 'text/html; charset=nonsense', 'Grüße'],
  ['a page that errs', Buffer.from('<meta charset="utf-16"><p>Grüße'), 'text/html', 'Grüße'],
])('letters are read as %s says', async (_who, bytes, contentType, text) => {
  expect((await readBytes(bytes, contentType)).text).toBe(text);
});

test.each([
  ['open tags', '<div>'.repeat(400_000)],
  ['open tags and foreign ends', `${'<b>'.repeat(200_000)}${'</i></p>'.repeat(150_000)}`],
  ['list items', '<li>'.repeat(500_000)],
  ['attributes', `<p ${'a=b '.repeat(500_000)}>`],
  ['one attribute', `<p class="${'cookie '.repeat(280_000)}">`],
  ['one tag', `<${'a'.repeat(2_000_000)}`],
  ['comments', '<!--'.repeat(500_000)],
  ['references', '&amp;'.repeat(400_000)],
  ['broken references', '&#x'.repeat(600_000)],
  ['titles', '<title>'.repeat(280_000)],
  ['metas', '<meta name=a content=b>'.repeat(90_000)],
  ['headings', '<h1>x</h1>'.repeat(200_000)],
  ['spaces', ' '.repeat(2_000_000)],
  ['words', 'word '.repeat(400_000)],
  ['zeros', '\0'.repeat(2_000_000)],
  ['CDATA', '<svg><![CDATA['.repeat(140_000)],
])('a page of %s without end is read in bounded time', (_name, html) => {
  const started = performance.now();
  const found = webPageOf(html, url);
  expect(found.text.length).toBeLessThan(500_000);
  expect(found.title.length).toBeLessThanOrEqual(300);
  expect(performance.now() - started).toBeLessThan(3000);
});
