const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const unitDays: Record<string, number> = { d: 1, w: 7, m: 30.4375, y: 365.25 };
const dayMs = 86_400_000;

/** The first moment of a day, month or year, or so long ago: 2026, 2026-05, 2026-05-01, "may 2026", may, 3m, today. */
export function readPeriod(typed: string, now: Date): Date | null {
  const text = typed.trim().toLowerCase().replace(/[./]/g, '-').replace(/\s+/g, ' ');
  if (text === 'today' || text === 'yesterday')
    return startOfDay(new Date(now.getTime() - (text === 'today' ? 0 : dayMs)));
  const ago = /^(\d{1,3})\s?(d|w|m|y)(?:ays?|eeks?|onths?|ears?)?$/.exec(text);
  if (ago?.[1] && ago[2])
    return startOfDay(new Date(now.getTime() - Number(ago[1]) * (unitDays[ago[2]] ?? 1) * dayMs));
  const iso = /^(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?$/.exec(text);
  if (iso) return dateOf(Number(iso[1]), Number(iso[2] ?? 1), Number(iso[3] ?? 1));
  const named = /^(?:(\d{1,2}) )?([a-z]{3,9})(?:[ -]?(\d{4}))?$/.exec(text);
  const month = named ? months.findIndex((name) => name.startsWith(named[2] ?? '')) + 1 : 0;
  if (!named || month === 0) return null;
  const year = named[3] ? Number(named[3]) : yearOfLast(month, now);
  return dateOf(year, month, Number(named[1] ?? 1));
}

/** A month without a year is the last one of that name. */
function yearOfLast(month: number, now: Date): number {
  return now.getUTCFullYear() - (month > now.getUTCMonth() + 1 ? 1 : 0);
}

/** Null for a day that no calendar has. */
function dateOf(year: number, month: number, day: number): Date | null {
  const date = new Date(Date.UTC(year, month - 1, day));
  const isThere = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isThere && year >= 1900 && year <= 2200 ? date : null;
}

function startOfDay(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
}
