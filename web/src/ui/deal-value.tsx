import { formatList, formatMoney, plural } from '../lib/format.ts';

interface DealValueProps {
  openDealCount: number;
  openValue: readonly { currency: string; amount: number }[];
}

/** "€240,000 in 4 open deals"; nothing where there are none. */
export function DealValue({ openDealCount, openValue }: DealValueProps) {
  if (openDealCount === 0) return null;
  const sums = openValue.map(({ amount, currency }) => formatMoney(amount, currency));
  return (
    <span className="tabular">
      <strong>{formatList(sums)}</strong> in {plural(openDealCount, 'open deal')}
    </span>
  );
}
