import { expect, test } from 'vitest';
import { Html, html } from './html.ts';

test('values are escaped, in text and in attributes', () => {
  const name = `<img src=x onerror="alert('1')">&`;
  expect(html`<p title="${name}">${name}</p>`.text).toBe(
    '<p title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</p>',
  );
});

test('what is HTML stays, and what is missing leaves nothing', () => {
  expect(html`<ul>${[html`<li>a</li>`, html`<li>${1}</li>`]}</ul>${null}${false}${undefined}`.text).toBe(
    '<ul><li>a</li><li>1</li></ul>',
  );
  expect(html`${new Html('<b>b</b>')}`.text).toBe('<b>b</b>');
});
