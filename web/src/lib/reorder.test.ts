import { expect, test } from 'vitest';
import { inOrder, moveItem, placeAt, scrollStep } from './reorder.ts';

test('an item moves down and up', () => {
  expect(moveItem(['a', 'b', 'c', 'd'], 0, 2)).toEqual(['b', 'c', 'a', 'd']);
  expect(moveItem(['a', 'b', 'c', 'd'], 3, 1)).toEqual(['a', 'd', 'b', 'c']);
});

test('an item moved beyond the end stays at the end', () => {
  expect(moveItem(['a', 'b', 'c'], 1, 9)).toEqual(['a', 'c', 'b']);
  expect(moveItem(['a', 'b', 'c'], 1, -4)).toEqual(['b', 'a', 'c']);
});

test('an item that is not there moves nothing', () => {
  expect(moveItem(['a', 'b'], 7, 0)).toEqual(['a', 'b']);
});

test('items take the order of their keys, and those without a place come last', () => {
  expect(inOrder(['a', 'new', 'b', 'c'], (item) => item, ['c', 'a', 'gone', 'b'])).toEqual([
    'c',
    'a',
    'b',
    'new',
  ]);
});

test('a dragged row takes the place between the rows around it', () => {
  expect(placeAt([20, 60, 100], 10)).toBe(0);
  expect(placeAt([20, 60, 100], 70)).toBe(2);
  expect(placeAt([20, 60, 100], 400)).toBe(3);
});

test('the window scrolls towards the edge that something is dragged to, the nearer the faster', () => {
  expect(scrollStep(400, 800, 16)).toBe(0);
  expect(scrollStep(750, 800, 16)).toBeGreaterThan(0);
  expect(scrollStep(795, 800, 16)).toBeGreaterThan(scrollStep(750, 800, 16));
  expect(scrollStep(30, 800, 16)).toBeLessThan(0);
  expect(scrollStep(-500, 800, 16)).toBe(scrollStep(0, 800, 16));
  expect(scrollStep(100, 200, 16)).toBe(0);
});

test('the window scrolls as fast on a slow computer as on a fast one', () => {
  expect(scrollStep(800, 800, 200)).toBe(25 * scrollStep(800, 800, 8));
});
