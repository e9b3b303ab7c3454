import { expect, test } from 'vitest';
import { languageOf } from './language.ts';

const german =
  'Unsere Lösung hilft dem Vertrieb, die richtigen Unterlagen im richtigen Augenblick zu finden. ';
const english = 'Our product helps sales people to find the right material at the right moment. ';

test.each([
  ['de', german],
  ['en', english],
  ['fr', 'Notre solution aide les commerciaux à trouver le bon document au bon moment, sans chercher.'],
  ['es', 'Nuestra solución ayuda a los vendedores a encontrar el documento correcto en el momento justo.'],
  ['ja', '営業担当者が適切な資料をすぐに見つけられるように支援します。'],
  ['zh', '我们的解决方案帮助销售人员在正确的时间找到正确的资料。'],
  ['ar', 'يساعد منتجنا فرق المبيعات على العثور على المحتوى المناسب في الوقت المناسب.'],
  ['he', 'המוצר שלנו עוזר לאנשי המכירות למצוא את החומר הנכון ברגע הנכון.'],
  ['ru', 'Наше решение помогает отделу продаж находить нужные материалы в нужный момент.'],
])('%s is told', (language, text) => {
  expect(languageOf(text)).toBe(language);
});

test.each([
  '',
  'Q3 2026',
  'Offshelf',
  '4.5 38% 12,000 $ 7 — 2025 / 2026 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20',
  'https://example.com/the/right/place/for/all/of/the/words/of/this/address',
])('%j is too little to tell', (text) => {
  expect(languageOf(text)).toBeNull();
});

test('the middle of a long text counts, not its cover', () => {
  expect(languageOf(english.repeat(3) + german.repeat(2000))).toBe('de');
  expect(languageOf(`${german.repeat(200)}${'12,4 '.repeat(300)}`)).toBe('de');
});

test('nothing that is no language takes long', () => {
  const started = performance.now();
  for (const text of [
    'a'.repeat(5_000_000),
    '@'.repeat(5_000_000),
    ' '.repeat(5_000_000),
    '\ud800'.repeat(100_000),
  ])
    expect(languageOf(text)).toBeNull();
  expect(performance.now() - started).toBeLessThan(4000);
});
