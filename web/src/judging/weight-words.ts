/** How much a sign weighs, in words; the log-odds behind them are for those who look closer. */
export function weightWords(weight: number): string {
  if (weight === 0) return 'decides alone';
  const size = Math.abs(weight);
  const how = size >= 2 ? 'strongly ' : size >= 1 ? '' : 'a little ';
  return `speaks ${how}${weight > 0 ? 'for a person' : 'for a machine'}`;
}
