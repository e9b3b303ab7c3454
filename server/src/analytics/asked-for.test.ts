import { describe, expect, it } from 'vitest';
import { looksPasted } from './asked-for.ts';

describe('a text that was pasted', () => {
  it.each([
    ['has several lines', 'Your price is too high.\nWe will go elsewhere.'],
    ['is long', 'we would have to check with our board '.repeat(6)],
    ['greets', 'Dear Jonas, your price is too high for us'],
    ['says farewell', 'It is too expensive. Kind regards, Petra Vandermeulen'],
    ['holds an address', 'petra.vandermeulen@haulage.example asks for a discount'],
    ['holds a number to call', 'call Petra on +44 20 7946 0000 about the price'],
  ])('%s', (_, text) => {
    expect(looksPasted(text)).toBe(true);
  });

  it.each([
    'CFO at a bank, late stage, says we are too expensive',
    'hi-fi installers',
    'hello world example',
    'soc 2 report 2026',
    '24/7 support',
    'ISO 27001',
    'regards to price',
    '@mentions',
    '',
  ])('is not %j, which somebody typed', (text) => {
    expect(looksPasted(text)).toBe(false);
  });
});
