import { describe, expect, it } from 'vitest';
import { afterQuiet, nextMoment } from './quiet-hours.ts';

const at = (text: string) => new Date(text);
const night = { from: 22 * 60, until: 7 * 60 };

describe('quiet hours', () => {
  it('hold back until their end, where they begin on one day and end on the next', () => {
    expect(afterQuiet(at('2026-11-22T22:30:00Z'), night, 'Europe/Berlin')).toEqual(
      at('2026-11-23T06:00:00Z'),
    );
    expect(afterQuiet(at('2026-11-23T05:59:59Z'), night, 'Europe/Berlin')).toEqual(
      at('2026-11-23T06:00:00Z'),
    );
    expect(afterQuiet(at('2026-11-23T06:00:00Z'), night, 'Europe/Berlin')).toEqual(
      at('2026-11-23T06:00:00Z'),
    );
    expect(afterQuiet(at('2026-11-22T20:59:00Z'), night, 'Europe/Berlin')).toEqual(
      at('2026-11-22T20:59:00Z'),
    );
  });

  it('hold back within a day, and never where they have no length or there are none', () => {
    const noon = { from: 12 * 60, until: 13 * 60 };
    expect(afterQuiet(at('2026-11-22T12:15:00Z'), noon, 'UTC')).toEqual(at('2026-11-22T13:00:00Z'));
    expect(afterQuiet(at('2026-11-22T13:00:00Z'), noon, 'UTC')).toEqual(at('2026-11-22T13:00:00Z'));
    for (const none of [null, { from: 60, until: 60 }])
      expect(afterQuiet(at('2026-11-22T01:00:00Z'), none, 'UTC')).toEqual(at('2026-11-22T01:00:00Z'));
  });

  it('end at the hour of the clock also in the night in which it jumps', () => {
    expect(afterQuiet(at('2026-03-28T22:30:00Z'), night, 'Europe/Berlin')).toEqual(
      at('2026-03-29T05:00:00Z'),
    );
    expect(afterQuiet(at('2026-10-24T22:30:00Z'), night, 'Europe/Berlin')).toEqual(
      at('2026-10-25T06:00:00Z'),
    );
  });
});

describe('the hour of a digest', () => {
  it('is the next one, and a day later once it has come', () => {
    expect(nextMoment(at('2026-11-22T06:10:20Z'), 8 * 60, 'Europe/Berlin')).toEqual(
      at('2026-11-22T07:00:00Z'),
    );
    expect(nextMoment(at('2026-11-22T07:00:00Z'), 8 * 60, 'Europe/Berlin')).toEqual(
      at('2026-11-23T07:00:00Z'),
    );
    expect(nextMoment(at('2026-11-22T07:10:00Z'), 8 * 60, 'Asia/Kolkata')).toEqual(
      at('2026-11-23T02:30:00Z'),
    );
  });
});
