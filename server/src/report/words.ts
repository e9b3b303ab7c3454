/** Numbers and amounts as their reader writes them; words and days are British English, as on every screen. */
export interface Words {
  number(value: number): string;
  percent(share: number): string;
  money(amount: number, currency: string | null): string;
  day(day: string): string;
  moment(moment: Date, timeZone: string): string;
  plural(count: number, one: string, many?: string): string;
}

/** What is no language is read as British English. */
export function wordsIn(locale: string | undefined): Words {
  const known = isLocale(locale) ? locale : 'en-GB';
  const whole = new Intl.NumberFormat(known, { maximumFractionDigits: 0 });
  const share = new Intl.NumberFormat(known, { style: 'percent', maximumFractionDigits: 0 });
  const dayFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' });
  return {
    number: (value) => whole.format(value),
    percent: (value) => share.format(value),
    money: (amount, currency) =>
      currency === null
        ? whole.format(amount)
        : new Intl.NumberFormat(known, { style: 'currency', currency, maximumFractionDigits: 0 }).format(
            amount,
          ),
    day: (day) => dayFormat.format(new Date(`${day}T00:00:00Z`)),
    moment: (moment, timeZone) =>
      new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(moment),
    plural: (count, one, many = `${one}s`) => `${whole.format(count)} ${count === 1 ? one : many}`,
  };
}

function isLocale(locale: string | undefined): locale is string {
  if (locale === undefined) return false;
  try {
    return Intl.NumberFormat.supportedLocalesOf(locale).length > 0;
  } catch {
    return false;
  }
}
