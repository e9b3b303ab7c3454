/** The words of the app are British English, and so are the days and lists among them. */
const locale = 'en-GB';
/** Numbers stand as their reader writes them. Outside a browser there is no reader. */
const numberLocale = typeof document === 'undefined' ? locale : readerLocale();

const whole = new Intl.NumberFormat(numberLocale);
const rough = new Intl.NumberFormat(numberLocale, { maximumSignificantDigits: 3 });
const tenths = new Intl.NumberFormat(numberLocale, { maximumFractionDigits: 1 });
const percent = new Intl.NumberFormat(numberLocale, { style: 'percent', maximumFractionDigits: 0 });
const dayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const shortDayFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const minuteFormat = new Intl.DateTimeFormat(locale, {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

/** The first language of the browser that is known, with the digits that the words around them have. */
function readerLocale(): string {
  const [known = locale] = navigator.languages.flatMap((language) => {
    try {
      return Intl.NumberFormat.supportedLocalesOf(language);
    } catch {
      return [];
    }
  });
  return new Intl.Locale(known, { numberingSystem: 'latn' }).toString();
}

/** 12,040 */
export function formatNumber(value: number): string {
  return whole.format(value);
}

/** 0.12345 → 0.123: as many digits as a reader takes in. */
export function formatRough(value: number): string {
  return Number.isInteger(value) ? whole.format(value) : rough.format(value);
}

/** 240,000 EUR → €240,000. What is no currency stands before the number as it is. */
export function formatMoney(amount: number, currency: string): string {
  try {
    const style = { style: 'currency', currency, maximumFractionDigits: 0 } as const;
    return new Intl.NumberFormat(numberLocale, style).format(amount);
  } catch {
    return `${currency} ${whole.format(Math.round(amount))}`;
  }
}

/** 0.724 → 72%. A share that is not quite none or all never reads as if it were. */
export function formatPercent(share: number): string {
  if (share > 0 && share < 0.005) return `under ${percent.format(0.01)}`;
  if (share < 1 && share > 0.995) return `over ${percent.format(0.99)}`;
  return percent.format(share);
}

/** 0.124 → +12, −0.03 → −3: a difference of shares in whole points of a hundred. */
export function formatPoints(difference: number): string {
  const points = Math.round(difference * 100);
  if (points === 0) return '0';
  return `${points > 0 ? '+' : '−'}${formatNumber(Math.abs(points))}`;
}

/** 1 asset, 2 assets; the plural is given where it is not the singular with an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

/** 22 Nov 2026 */
export function formatDay(date: Date): string {
  return dayFormat.format(date);
}

/** A calendar day without a time zone, `2026-11-22`, as 22 Nov 2026 everywhere on earth. */
export function formatCalendarDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return dayFormat.format(new Date(year ?? 0, (month ?? 1) - 1, date ?? 1));
}

/** `2026-11-22` as 22 Nov, for the axis of a chart. */
export function formatShortDay(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  return shortDayFormat.format(new Date(year ?? 0, (month ?? 1) - 1, date ?? 1));
}

/** 22 Nov 2026, 09:15 */
export function formatMinute(date: Date): string {
  return minuteFormat.format(date);
}

const steps = [
  { unit: 'minute', ms: 60_000, until: 60 },
  { unit: 'hour', ms: 3_600_000, until: 24 },
  { unit: 'day', ms: 86_400_000, until: 14 },
  { unit: 'week', ms: 604_800_000, until: 9 },
  { unit: 'month', ms: 2_629_800_000, until: 18 },
  { unit: 'year', ms: 31_557_600_000, until: Number.POSITIVE_INFINITY },
] as const;

/** "just now", "3 hours ago", "yesterday", "in 2 weeks". */
export function formatRelative(date: Date, now: Date): string {
  const difference = date.getTime() - now.getTime();
  const distance = Math.abs(difference);
  if (distance < 45_000) return 'just now';
  for (const { unit, ms, until } of steps) {
    const count = Math.round(distance / ms);
    if (count < until) return relative.format(Math.sign(difference) * Math.max(count, 1), unit);
  }
  return formatDay(date);
}

/** Active time: 8 s, 1 min 20 s, 1 h 5 min. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
}

/** The length of a video: 0:08, 2:31, 1:02:05. */
export function formatClock(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => value.toString().padStart(2, '0');
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

const languageNames = new Intl.DisplayNames([locale], { type: 'language', fallback: 'none' });

/** `de` → German; undefined for a code that names no language. */
export function formatLanguage(code: string | null): string | undefined {
  try {
    return code === null ? undefined : languageNames.of(code);
  } catch {
    return undefined;
  }
}

/** 1,536 → 1.5 kB in units of 1,024, as file managers show it. */
export function formatBytes(bytes: number): string {
  if (bytes < 1024) return plural(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let size = bytes / 1024;
  let step = 0;
  while (size >= 1023.95 && step < units.length - 1) {
    size /= 1024;
    step += 1;
  }
  return `${size < 10 ? tenths.format(size) : whole.format(Math.round(size))} ${units[step]}`;
}

const extensionOfMediaType: Record<string, string> = {
  'application/pdf': 'PDF',
  'text/markdown': 'MD',
  'text/plain': 'TXT',
  'text/html': 'HTML',
  'text/csv': 'CSV',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
  'application/msword': 'DOC',
  'application/vnd.ms-powerpoint': 'PPT',
  'application/vnd.ms-excel': 'XLS',
  'image/jpeg': 'JPG',
  'image/svg+xml': 'SVG',
  'video/quicktime': 'MOV',
  'audio/mpeg': 'MP3',
  'application/x-msdownload': 'EXE',
};

/** What a file is called in one short word: its extension, else its media type where that is one. */
export function formatFileType(mediaType: string, fileName: string | null): string {
  const extension = fileName?.match(/\.([A-Za-z0-9]{1,5})$/)?.[1];
  if (extension) return extension.toUpperCase();
  const word = mediaType.match(/\/(?:x-)?([a-z0-9]{1,5})$/)?.[1];
  return extensionOfMediaType[mediaType] ?? word?.toUpperCase() ?? 'FILE';
}

/** "Anna Maria Ross" → AR */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map(
    (word) => [...(word ?? '')][0] ?? '',
  );
  return letters.join('').toUpperCase() || '?';
}

/** "a, b and c" */
export function formatList(items: readonly string[]): string {
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(items);
}
