import { expect, test } from 'vitest';
import type { ShareLayer } from '../rendering/service.ts';
import { renderLayer } from './text-layer.ts';

const box = { width: 612, height: 792 };

function layer(parts: Partial<ShareLayer>): string {
  return renderLayer(box, { pageNumber: 1, text: '', textLayer: [], links: [], ...parts }).text;
}

test('a line stands in its box, whatever the width of its letters', () => {
  expect(layer({ textLayer: [['Hello & all', 10.04, 20, 100.26, 10]] })).toContain(
    '<text x="10" y="28" textLength="100.3" font-size="10" lengthAdjust="spacingAndGlyphs">Hello &amp; all</text>',
  );
});

test('a line from right to left begins at its right', () => {
  expect(layer({ textLayer: [['שלום עולם', 100, 20, 60, 10]] })).toContain('x="160" y="28" textLength="60"');
  expect(layer({ textLayer: [['שלום עולם', 100, 20, 60, 10]] })).toContain('direction="rtl"');
});

test('a line that is turned is turned', () => {
  expect(layer({ textLayer: [['Sidenote', 10, 100, 8, 60]] })).toContain('transform="rotate(-90)"');
});

test('what has no extent or no letters is left out', () => {
  const none = layer({
    textLayer: [
      ['  ', 1, 1, 9, 9],
      ['x', 1, 1, 0, 9],
      ['x', 1, 1, 9, Number.NaN],
    ],
    links: [{ x: 1, y: 1, width: 0, height: 5, href: 'https://a.example', pageNumber: null }],
  });
  expect(none).toBe('<svg viewBox="0 0 612 792" role="presentation" data-page="1"></svg>');
});

test.each([
  ['javascript:alert(1)'],
  [' JaVaScript:alert(1)'],
  ['java\nscript:alert(1)'],
  ['data:text/html,x'],
  ['//evil.example'],
  ['file:///etc/passwd'],
  [`https://a.example/${'x'.repeat(3_000)}`],
])('the address %s is no link', (href) => {
  expect(layer({ links: [{ x: 1, y: 1, width: 9, height: 9, href, pageNumber: null }] })).not.toContain('<a');
});
