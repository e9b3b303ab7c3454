/** The days of one month that a window holds, a bit a day as in the table `asset_month`. */
export interface MonthMask {
  /** Its first day, `2026-11-01`. */
  month: string;
  mask: number;
}

/** The months that a window of whole days touches, each with its days. */
export function listMonthMasks(firstDay: string, lastDay: string): MonthMask[] {
  const masks: MonthMask[] = [];
  let [year = 0, month = 0] = firstDay.split('-').map(Number);
  const [lastYear = 0, lastMonth = 0] = lastDay.split('-').map(Number);
  while (year < lastYear || (year === lastYear && month <= lastMonth)) {
    const first = `${year}-${String(month).padStart(2, '0')}-01`;
    const from = first > firstDay ? 1 : Number(firstDay.slice(8));
    const lengthOfMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
    const to = year === lastYear && month === lastMonth ? Number(lastDay.slice(8)) : lengthOfMonth;
    let mask = 0;
    for (let day = from; day <= to; day++) mask |= 1 << (day - 1);
    masks.push({ month: first, mask });
    if (month === 12) [year, month] = [year + 1, 1];
    else month += 1;
  }
  return masks;
}
