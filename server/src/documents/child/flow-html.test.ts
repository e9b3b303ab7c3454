import { expect, test } from 'vitest';
import { isPlainHtml } from '../flow-html.ts';
import { flowTextOf } from './flow-text.ts';

const markdown = `---
title: x
---
# A & B <i>
## A & B

Setext
======

Hard\\
break, *em*, **strong**, ~~gone~~, \`<code>\`, <https://a.example/?a=1&b="2">, https://b.example/<x>.
[web](https://c.example "title") [mail](mailto:a@b.example) [tel](tel:+49) [in](other.md) [to](#a--b)
[bad](javascript:alert) ![picture](https://d.example/x.png "t") ![own](x.png) &lt;script&gt; <script>alert(1)</script>

7. seven
   - deep
> quote

| a | b | c | d |
|:--|:-:|--:|---|
| 1 | 2 <b> | 3 | 4 |

\`\`\`c++ {.x "y"}
a < b && c > "d"
\`\`\`

~~~
plain
~~~

    indented
* * *
`;

test('HTML of every kind that is made of texts is plain', () => {
  for (const [mediaType, text] of [
    ['text/markdown', markdown],
    ['text/markdown', `${'x '.repeat(100_000)}`],
    ['text/plain', 'a < b > c "d" \'e\' &amp; <script>'],
    ['text/csv', 'name,price\n<b>,"1 "" 2"\nx,y\n'],
    ['application/json', '{"a":"<script>\\"","b":[1,null]}'],
  ] as const)
    expect(isPlainHtml(flowTextOf(text, mediaType).html), mediaType).toBe(true);
});

test.each([
  '<script>alert(1)</script>',
  '<SCRIPT>alert(1)</SCRIPT>',
  '<p onclick="x">',
  '<p/onclick="x">',
  '<img src="https://a.example">',
  '<meta http-equiv="refresh" content="0;url=https://a.example">',
  '<form action="/api/session"><input name="password">',
  '<a href="javascript:alert(1)">x</a>',
  '<a href="&#106;avascript:alert(1)">x</a>',
  '<a href="/s/elsewhere">x</a>',
  "<a href='javascript:alert(1)'>x</a>",
  '<a href=javascript:alert(1)>x</a>',
  '<p id="root">',
  '<p class="button">',
  '<p style="position:fixed">',
  '<!-- -->',
  '<svg></svg>',
  '<p',
  '<',
  '</article><iframe src="https://a.example"></iframe>',
])('%s is not', (html) => {
  expect(isPlainHtml(html)).toBe(false);
  expect(isPlainHtml(`<p>before</p>${html}<p>after</p>`)).toBe(false);
});
