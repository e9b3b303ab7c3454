/** Formats that spreadsheets know by number; all others are written out in the file. */
const builtIn: Record<number, string> = {
  1: '0',
  2: '0.00',
  3: '#,##0',
  4: '#,##0.00',
  9: '0%',
  10: '0.00%',
  11: '0.00E+00',
  14: 'yyyy-mm-dd',
  15: 'yyyy-mm-dd',
  16: 'mm-dd',
  17: 'yyyy-mm',
  18: 'hh:mm',
  19: 'hh:mm:ss',
  20: 'hh:mm',
  21: 'hh:mm:ss',
  22: 'yyyy-mm-dd hh:mm',
  37: '#,##0',
  38: '#,##0',
  39: '#,##0.00',
  40: '#,##0.00',
  45: 'mm:ss',
  46: 'hh:mm:ss',
  47: 'mm:ss',
};

export interface NumberStyle {
  formatId: number;
  code: string | undefined;
}

/**
 * A number nearly as its sheet shows it. Dates are written the same way everywhere, because nobody searches for them in
 * the way of one country.
 */
export function showNumber(raw: string, style: NumberStyle | undefined, countsFrom1904: boolean): string {
  const value = Number(raw);
  if (raw.trim() === '' || !Number.isFinite(value)) return raw;
  const code = style?.code ?? builtIn[style?.formatId ?? 0];
  if (!code || /^general$/i.test(code)) return showPlain(value);
  const section = chooseSection(code, value);
  const marks = section.replace(/"[^"]*"|\\.|\[[^\]]*\]|[_*]./g, '');
  if (/[ymdhs]/i.test(marks)) return showDate(value, section, countsFrom1904);
  if (!/[0#?]/.test(marks)) return showPlain(value);
  return showDecimal(value, section, marks);
}

/** Spreadsheets show at most eleven digits of a number that has no format. */
function showPlain(value: number): string {
  return String(Number(value.toPrecision(11)));
}

/** A format can have one section for each of positive, negative and zero. */
function chooseSection(code: string, value: number): string {
  const [positive = '', negative, zero] = code.split(';');
  if (value < 0 && negative) return negative;
  if (value === 0 && zero) return zero;
  return positive;
}

function showDecimal(value: number, section: string, marks: string): string {
  const isPercent = marks.includes('%');
  const decimals = /\.([0#?]*)/.exec(marks)?.[1]?.length ?? 0;
  const isNegativeSection = value < 0 && /[-(]/.test(marks);
  const shown = isPercent ? value * 100 : value;
  if (/e[+-]/i.test(marks)) return shown.toExponential(decimals);
  const digits = new Intl.NumberFormat('en-US', {
    minimumFractionDigits: Math.min(decimals, 20),
    maximumFractionDigits: Math.min(decimals, 20),
    useGrouping: marks.includes(','),
  }).format(isNegativeSection ? Math.abs(shown) : shown);
  const [before = '', after = ''] = section.split(/[0#?][0#?,.]*/, 2).map(literalsOf);
  return `${before}${isNegativeSection && !before.includes('(') ? '-' : ''}${digits}${after}`.trim();
}

/** What a format shows besides the digits: a currency, a unit, a bracket. */
function literalsOf(pattern: string): string {
  return pattern
    .replace(/\[\$([^\]-]*)[^\]]*\]/g, '$1')
    .replace(/\[[^\]]*\]|[_*]./g, '')
    .replace(/"([^"]*)"|\\(.)/g, '$1$2')
    .replace(/^-/, '');
}

const dayMs = 86_400_000;

function showDate(value: number, section: string, countsFrom1904: boolean): string {
  const marks = section.replace(/"[^"]*"|\\.|\[\$[^\]]*\]|[_*]./g, '').toLowerCase();
  // Day 60 of 1900 is a leap day that never was; every day from March on is one off.
  const start = countsFrom1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, value < 60 ? 31 : 30);
  const date = new Date(start + Math.round(value * dayMs));
  if (Number.isNaN(date.getTime())) return showPlain(value);
  const iso = date.toISOString();
  const hasTime = /[hs]/.test(marks);
  const time = iso.slice(11, marks.includes('s') ? 19 : 16);
  if (!/[yd]/.test(marks) && hasTime) return time;
  return hasTime ? `${iso.slice(0, 10)} ${time}` : iso.slice(0, 10);
}
