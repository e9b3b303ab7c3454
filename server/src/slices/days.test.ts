import { expect, test } from 'vitest';
import { addDays, countDays, dayOf, startOfDay } from './days.ts';

const hoursOf = (day: string, timeZone: string) =>
  (startOfDay(addDays(day, 1), timeZone).getTime() - startOfDay(day, timeZone).getTime()) / 3_600_000;

test('a day begins at midnight there, summer and winter', () => {
  expect(startOfDay('2026-07-01', 'Europe/Berlin').toISOString()).toBe('2026-06-30T22:00:00.000Z');
  expect(startOfDay('2026-12-01', 'Europe/Berlin').toISOString()).toBe('2026-11-30T23:00:00.000Z');
  expect(startOfDay('2026-12-01', 'Asia/Kathmandu').toISOString()).toBe('2026-11-30T18:15:00.000Z');
  expect(startOfDay('2026-12-01', 'UTC').toISOString()).toBe('2026-12-01T00:00:00.000Z');
});

test('the days on which clocks change are an hour shorter and an hour longer', () => {
  expect(hoursOf('2026-03-29', 'Europe/Berlin')).toBe(23);
  expect(hoursOf('2026-10-25', 'Europe/Berlin')).toBe(25);
  expect(hoursOf('2026-03-08', 'America/New_York')).toBe(23);
  expect(hoursOf('2026-11-01', 'America/New_York')).toBe(25);
  expect(hoursOf('2026-10-04', 'Australia/Lord_Howe')).toBe(23.5);
});

test('where midnight is jumped over or comes twice, the day begins once', () => {
  // Cairo goes from 00:00 to 01:00; the day before is whole.
  expect(startOfDay('2026-04-24', 'Africa/Cairo').toISOString()).toBe('2026-04-23T22:00:00.000Z');
  expect(dayOf(new Date('2026-04-23T21:59:59Z'), 'Africa/Cairo')).toBe('2026-04-23');
  // The Azores go from 01:00 back to 00:00.
  expect(startOfDay('2026-10-25', 'Atlantic/Azores').toISOString()).toBe('2026-10-25T00:00:00.000Z');
});

test('every instant lies in the day that began last', () => {
  for (const timeZone of [
    'Europe/Berlin',
    'America/New_York',
    'Pacific/Apia',
    'Africa/Cairo',
    'Asia/Kolkata',
  ])
    for (let at = Date.parse('2026-01-01T00:30:00Z'); at < Date.parse('2027-01-01'); at += 7_200_000) {
      const day = dayOf(new Date(at), timeZone);
      expect(startOfDay(day, timeZone).getTime()).toBeLessThanOrEqual(at);
      expect(startOfDay(addDays(day, 1), timeZone).getTime()).toBeGreaterThan(at);
    }
});

test('days are counted with both ends', () => {
  expect(countDays('2026-11-22', '2026-11-22')).toBe(1);
  expect(countDays('2024-02-01', '2024-03-01')).toBe(30);
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
});
