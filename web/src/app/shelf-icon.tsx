/** The mark of the shelf report in the size and stroke of the other icons: three spines, one pulled forward. */
export function ShelfIcon({ size = 20, stroke = 1.5 }: { size?: number | string; stroke?: number | string }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth={stroke}
      aria-hidden="true"
      focusable="false"
    >
      <rect x="3.5" y="7.5" width="4.5" height="13" rx="1" />
      <rect x="9.75" y="3.5" width="4.5" height="13" rx="1" />
      <rect x="16" y="7.5" width="4.5" height="13" rx="1" />
    </svg>
  );
}
