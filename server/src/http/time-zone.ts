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
export function wallClock(moment: Date, timeZone: string): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(moment)) parts[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

const dayMs = 86_400_000;

/**
 * When the clock on the wall shows this there, given as if it were UTC. A time that comes twice, as when summer ends, is
 * its first one; a time that is left out is as much later as the clock was put forward.
 */
export function readWallClock(timeZone: string): (wall: number) => Date {
  const offsets = new Map<number, [before: number, after: number]>();
  const offsetAt = (moment: number) => wallClock(new Date(moment), timeZone) - moment;
  return (wall) => {
    const day = Math.floor(wall / dayMs);
    let around = offsets.get(day);
    if (!around) {
      around = [offsetAt((day - 1) * dayMs), offsetAt((day + 2) * dayMs)];
      // A file of dates of one year needs a few hundred; one that does not end must not fill the memory.
      if (offsets.size < 50_000) offsets.set(day, around);
    }
    const [before, after] = around;
    if (before === after) return new Date(wall - before);
    const found = [wall - before, wall - after].toSorted((a, b) => a - b).map((moment) => new Date(moment));
    return found.find((moment) => wallClock(moment, timeZone) === wall) ?? new Date(wall - before);
  };
}
