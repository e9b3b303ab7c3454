/** When mail and Slack wait, in minutes after midnight; it may end on the next day. */
export interface QuietHours {
  from: number;
  until: number;
}

const minuteMs = 60_000;
const dayMinutes = 1_440;

function minuteOfDay(moment: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(moment);
  const partOf = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return partOf('hour') * 60 + partOf('minute');
}

/** The next moment after this one at which the clock of the time zone shows that minute, also where it jumps. */
export function nextMoment(now: Date, minute: number, timeZone: string): Date {
  const wait = (minute - minuteOfDay(now, timeZone) + dayMinutes) % dayMinutes || dayMinutes;
  const found = new Date(Math.floor(now.getTime() / minuteMs + wait) * minuteMs);
  const jump = minuteOfDay(found, timeZone) - minute;
  const shift = jump > dayMinutes / 2 ? jump - dayMinutes : jump < -dayMinutes / 2 ? jump + dayMinutes : jump;
  const mended = new Date(found.getTime() - shift * minuteMs);
  return mended > now ? mended : found;
}

/** The moment itself, or the end of the quiet hours that it lies in. */
export function afterQuiet(moment: Date, quiet: QuietHours | null, timeZone: string): Date {
  if (!quiet || quiet.from === quiet.until) return moment;
  const minute = minuteOfDay(moment, timeZone);
  const isQuiet =
    quiet.from < quiet.until
      ? minute >= quiet.from && minute < quiet.until
      : minute >= quiet.from || minute < quiet.until;
  return isQuiet ? nextMoment(moment, quiet.until, timeZone) : moment;
}
