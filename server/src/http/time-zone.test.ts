import { expect, test } from 'vitest';
import { readWallClock } from './time-zone.ts';

test.each([
  ['UTC', '2026-07-01T10:00', '2026-07-01T10:00'],
  ['Europe/Berlin', '2026-07-01T10:00', '2026-07-01T08:00'],
  ['Europe/Berlin', '2026-12-01T10:00', '2026-12-01T09:00'],
  // Left out in spring, twice in autumn.
  ['Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:30'],
  ['Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30'],
  ['Europe/Berlin', '2026-10-25T03:30', '2026-10-25T02:30'],
  ['America/New_York', '2026-03-08T02:30', '2026-03-08T07:30'],
  ['America/New_York', '2026-11-01T01:30', '2026-11-01T05:30'],
  // A whole day was left out.
  ['Pacific/Apia', '2011-12-30T12:00', '2011-12-30T22:00'],
  ['Asia/Kathmandu', '2026-01-01T00:00', '2025-12-31T18:15'],
])('in %s the clock shows %s at %s', (timeZone, wall, moment) => {
  const read = readWallClock(timeZone);
  for (let round = 0; round < 2; round += 1)
    expect(
      read(Date.parse(`${wall}Z`))
        .toISOString()
        .slice(0, 16),
    ).toBe(moment);
});
