import type { Dimension } from '@offshelf/server/contract/taxonomy';
import { describe, expect, test } from 'vitest';
import { complete, findTyping, suggestValues } from './completion.ts';

const term = (name: string, synonyms: string[] = []) => ({
  id: `trm_${name}`,
  dimensionKey: 'persona' as const,
  name,
  description: '',
  synonyms,
  position: 0,
  isRetired: name === 'Gone',
  assetCount: name.length,
});
const dimensions: Dimension[] = [
  {
    key: 'persona',
    name: 'Persona',
    description: '',
    isMultiple: true,
    terms: [
      term('Engineering leader'),
      term('Procurement & finance', ['CFO']),
      term('Développeur'),
      term('Gone'),
    ],
  },
];
const known = {
  dimensions,
  people: [{ name: 'Anna Berg', email: 'ab@x.example' }],
  now: new Date(2026, 10, 22),
};
const labelsFor = (text: string) => {
  const typing = findTyping(text, text.length);
  return typing && suggestValues(typing, known).map(({ label }) => label);
};

describe('an operator that is being typed', () => {
  test('is seen at the caret, and only there', () => {
    expect(findTyping('price persona:eng', 17)).toMatchObject({ part: 'eng', start: 14, end: 17 });
    expect(findTyping('persona:eng price', 17)).toBeUndefined();
    expect(findTyping('persona:eng price', 9)).toMatchObject({ part: 'e', start: 8, end: 11 });
    expect(findTyping('https://eng', 11)).toBeUndefined();
    expect(findTyping('prepersona:eng', 14)).toBeUndefined();
  });

  test('may hold quotation marks and more than one value', () => {
    expect(findTyping('persona:"Engin le', 17)).toMatchObject({ part: 'Engin le', start: 8 });
    expect(findTyping('persona:CFO,eng', 15)).toMatchObject({ part: 'eng', start: 12 });
    expect(findTyping('persona:"a b" next', 18)).toBeUndefined();
  });
});

describe('what is offered', () => {
  test('are the terms that begin like it, by name before synonym, without accents', () => {
    expect(labelsFor('persona:')).toEqual(['Engineering leader', 'Procurement & finance', 'Développeur']);
    expect(labelsFor('persona:devel')).toEqual(['Développeur']);
    expect(labelsFor('persona:cfo')).toEqual(['Procurement & finance']);
    expect(labelsFor('persona:xyz')).toEqual([]);
  });

  test('are people after owner, and examples of dates after before', () => {
    expect(labelsFor('owner:')).toEqual(['me', 'Anna Berg']);
    expect(labelsFor('owner:berg')).toEqual(['Anna Berg']);
    expect(labelsFor('before:')).toContain('2026-11');
  });
});

test('a value is put in with quotation marks where it needs them, and typing goes on after it', () => {
  const typed = 'persona:engin price';
  const typing = findTyping(typed, 13);
  const value = typing && suggestValues(typing, known)[0]?.value;
  expect(typing && complete(typed, typing, value ?? '')).toEqual({
    text: 'persona:"Engineering leader" price',
    caret: 29,
  });
});
