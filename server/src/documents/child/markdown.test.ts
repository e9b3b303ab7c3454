import { expect, test } from 'vitest';
import { renderMarkdown, renderPlainText } from './markdown.ts';

/** A tag that a browser would run, load from, or that leads to something that runs. */
const dangerous =
  /^<(script|iframe|img|svg|object|embed|style|link|meta|base|form|input|video|audio|math)\b|\son\w+\s*=|href=(?!"(https?:|mailto:|tel:|#))|\ssrc\s*=|\sstyle\s*=/i;

function dangerousTags(html: string): string[] {
  return (html.match(/<[a-z!/][^>]*>/gi) ?? []).filter((tag) => dangerous.test(tag));
}

test.each([
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '<a href="javascript:alert(1)">x</a>',
  '[x](javascript:alert(1))',
  '[x](JaVaScRiPt:alert(1))',
  '[x](java&#115;cript:alert(1))',
  '[x](&#x6A;avascript:alert(1))',
  '[x](javascript&colon;alert(1))',
  '[x](<java\tscript:alert(1)>)',
  '[x](java%0ascript:alert(1))',
  '[x](\u0001javascript:alert(1))',
  '[x](data:text/html;base64,PHNjcmlwdD4=)',
  '[x](vbscript:msgbox(1))',
  '[x](file:///etc/passwd)',
  '<javascript:alert(1)>',
  '<data:text/html,x>',
  '[x]: javascript:alert(1)\n\n[x]',
  '![x](javascript:alert(1))',
  '![x](data:image/svg+xml;base64,PHN2Zz4=)',
  '![x](https://tracker.example/p.png)',
  '![x" onload="alert(1)](https://a.example/"onerror="alert(1))',
  '[x](https://a.example/"onmouseover="alert(1))',
  '[x](https://a.example "t\\" onmouseover=alert(1) x=\\"")',
  '```"><script>alert(1)</script>\ncode\n```',
  '``` x" onclick="alert(1)\ncode\n```',
  '# "><img src=x onerror=alert(1)>',
  '# <script>alert(1)</script>',
  '[a](#"onclick="alert(1))',
  '| a |\n|---|\n| <img src=x onerror=1> |',
  'https://a.example/"><script>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<!-- --><script>alert(1)</script>',
  '---\n<script>\n---\n<script>alert(1)</script>',
])('%j does nothing', (nasty) => {
  expect(dangerousTags(renderMarkdown(nasty))).toEqual([]);
  expect(renderPlainText(nasty)).not.toMatch(/<(?!\/?pre)/);
});

test('the check above sees what is dangerous', () => {
  expect(dangerousTags('<p><a href="javascript:x">x</a><img src=x><b onclick="x"></p>')).toHaveLength(3);
});

test('a link opens elsewhere and tells that page nothing', () => {
  const html = renderMarkdown('[site](https://a.example/x) https://b.example <m@a.example>');
  expect(html).toContain(
    '<a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow">site</a>',
  );
  expect(html).toContain('href="https://b.example"');
  expect(html).toContain('href="mailto:m@a.example"');
});

test('a link to a neighbour file keeps its words and leads nowhere', () => {
  expect(renderMarkdown('[the *plan*](../plan.md) and [that](//evil.example)')).toBe(
    '<p><span>the <em>plan</em></span> and <span>that</span></p>\n',
  );
});

test('a picture becomes a link with its words', () => {
  const html = renderMarkdown('![Our logo](https://a.example/logo.png) ![](local.png)');
  expect(html).toContain('<a class="picture" href="https://a.example/logo.png"');
  expect(html).toContain('>Our logo</a>');
  expect(html).toContain('<span class="picture">Picture</span>');
});

test('headings have ids that links within the text find', () => {
  const html = renderMarkdown('# Was kostet es?\n\n## Root\n\n## Root\n\n[go](#was-kostet-es)');
  expect(html).toContain('<h1 id="section-was-kostet-es">');
  expect(html).toContain('<h2 id="section-root">');
  expect(html).toContain('<h2 id="section-root-1">');
  expect(html).toContain('<a href="#section-was-kostet-es">go</a>');
});

test('tables, lists and code are kept, front matter is left out', () => {
  const html = renderMarkdown('---\ntitle: x\n---\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n\n`x < y`');
  expect(html).toMatch(/<table>[\s\S]*<td>1<\/td>[\s\S]*<li>one<\/li>[\s\S]*<code>x &lt; y<\/code>/);
  expect(html).not.toContain('title: x');
});

test.each([
  ['stars', '*a '.repeat(60_000)],
  ['brackets', '['.repeat(50_000)],
  ['quotes', '>'.repeat(50_000)],
  ['ticks', '`'.repeat(1000).concat(' ').repeat(50)],
  ['lists', '- '.repeat(20_000)],
])('%s without end are rendered in bounded time', (_name, text) => {
  const started = performance.now();
  renderMarkdown(text);
  expect(performance.now() - started).toBeLessThan(4000);
});

test('a very long text is cut with a note', () => {
  const html = renderPlainText('line\n'.repeat(200_000));
  expect(html.length).toBeLessThan(160_000);
  expect(html).toContain('The text goes on.');
});
