import { expect, it } from 'vitest';
import { playedSeconds } from './reading-strip.tsx';

it('counts what was played twice once', () => {
  expect(
    playedSeconds([
      [10, 30],
      [0, 20],
      [40, 45],
    ]),
  ).toBe(35);
});
