const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  let format = formats.get(timeZone);
  if (!format) {
    format = new Intl.DateTimeFormat('en-CA', {
      timeZone,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(timeZone, format);
  }
  return format;
}

/** What the clock on the wall shows there, as if it were UTC. */
function wallClock(moment: Date, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(moment)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

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
