import { wallClock } from '../http/time-zone.ts';

/** Which day it is there, `2026-11-22`. */
export function dayOf(moment: Date, timeZone: string): string {
  return new Date(wallClock(moment, timeZone)).toISOString().slice(0, 10);
}

/** The first instant of a day there; where the clocks jump over midnight, the one after the jump. */
export function startOfDay(day: string, timeZone: string): Date {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  const offsetAt = (moment: number) => wallClock(new Date(moment), timeZone) - moment;
  const found = [midnight - offsetAt(midnight - 86_400_000), midnight - offsetAt(midnight + 86_400_000)]
    .toSorted((a, b) => a - b)
    .map((moment) => new Date(moment));
  return found.find((moment) => dayOf(moment, timeZone) === day) ?? found[1] ?? new Date(midnight);
}

/** The day so many days later, or earlier where the number is negative. */
export function addDays(day: string, count: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + count * 86_400_000).toISOString().slice(0, 10);
}

/** How many days from the first to the last, both counted. */
export function countDays(firstDay: string, lastDay: string): number {
  return Math.round((Date.parse(lastDay) - Date.parse(firstDay)) / 86_400_000) + 1;
}
