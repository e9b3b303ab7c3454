import { describe, expect, test } from 'vitest';
import {
  isMeantForField,
  keycaps,
  noSequence,
  type Press,
  sequenceMs,
  spellPress,
  stepSequence,
} from './keyboard.ts';

function press(key: string, held: Partial<Press> = {}): Press {
  return { key, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...held };
}

describe('spelling', () => {
  test('mod is the command key on a Mac and Ctrl elsewhere', () => {
    expect(spellPress(press('k', { metaKey: true }), true)).toBe('mod+k');
    expect(spellPress(press('k', { ctrlKey: true }), false)).toBe('mod+k');
    expect(spellPress(press('k', { ctrlKey: true }), true)).toBe('other+k');
  });

  test('shift counts for letters and named keys, not for characters that need it anyway', () => {
    expect(spellPress(press('?', { shiftKey: true }), false)).toBe('?');
    expect(spellPress(press('J', { shiftKey: true }), false)).toBe('shift+j');
    expect(spellPress(press('ArrowDown', { shiftKey: true }), false)).toBe('shift+ArrowDown');
  });
});

describe('sequences', () => {
  const registered = ['g f', 'g l', 'j', 'f'];

  test('g then f is one shortcut', () => {
    const first = stepSequence(noSequence, 'g', 0, registered);
    expect(first.match).toBeUndefined();
    expect(stepSequence(first.state, 'f', 300, registered).match).toBe('g f');
  });

  test('a second key that comes too late stands for itself', () => {
    const first = stepSequence(noSequence, 'g', 0, registered);
    expect(stepSequence(first.state, 'f', sequenceMs + 1, registered).match).toBe('f');
  });

  test('a key that does not continue the sequence still does its own work', () => {
    const first = stepSequence(noSequence, 'g', 0, registered);
    expect(stepSequence(first.state, 'j', 100, registered).match).toBe('j');
  });

  test('an unknown key forgets the beginning', () => {
    const first = stepSequence(noSequence, 'g', 0, registered);
    const second = stepSequence(first.state, 'z', 100, registered);
    expect(stepSequence(second.state, 'l', 200, registered).match).toBeUndefined();
  });
});

describe('fields', () => {
  const input = { tagName: 'INPUT', isEditable: false, type: 'text' };

  test('letters typed into a field stay there', () => {
    expect(isMeantForField('j', input)).toBe(true);
    expect(isMeantForField('j', { ...input, tagName: 'DIV', isEditable: true })).toBe(true);
  });

  test('command keys, Escape and checkboxes pass', () => {
    expect(isMeantForField('mod+k', input)).toBe(false);
    expect(isMeantForField('Escape', input)).toBe(false);
    expect(isMeantForField('j', { ...input, type: 'checkbox' })).toBe(false);
  });
});

test('keycaps follow the platform', () => {
  expect(keycaps('mod+k', true)).toEqual([['⌘', 'K']]);
  expect(keycaps('mod+Enter', false)).toEqual([['Ctrl', '↵']]);
  expect(keycaps('g f', false)).toEqual([['G'], ['F']]);
  expect(keycaps('+', false)).toEqual([['+']]);
  expect(keycaps('Home', false)).toEqual([['Home']]);
});
