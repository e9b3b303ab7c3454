/** The mark of the product: three spines, one pulled forward. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect x="4" y="9" width="6" height="21" rx="1.5" fill="var(--ink)" />
      <rect x="13" y="2" width="6" height="21" rx="1.5" fill="var(--accent)" />
      <rect x="22" y="9" width="6" height="21" rx="1.5" fill="var(--ink)" />
    </svg>
  );
}
