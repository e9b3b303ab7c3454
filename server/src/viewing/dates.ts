// For readers whose time zone nobody knows.

/** Such as "22 November". */
export function describeDay(day: Date): string {
  return new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' }).format(day);
}

/** Such as "22 November 2026". */
export function describeDate(day: Date): string {
  return new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' }).format(day);
}

/** Such as "22 November 2026 at 09:00 UTC"; with the day of the week where somebody is to come. */
export function describeMoment(at: Date, dateStyle: 'long' | 'full' = 'long'): string {
  const words = new Intl.DateTimeFormat('en-GB', { dateStyle, timeStyle: 'short', timeZone: 'UTC' });
  return `${words.format(at)} UTC`;
}
