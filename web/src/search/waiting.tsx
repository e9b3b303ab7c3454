import { Skeleton } from '@mantine/core';

/** Lines of a list while it loads. */
export function Waiting({ rows, height }: { rows: number; height: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row.toString()}`} style={{ height, paddingTop: height / 2 - 5 }}>
          <Skeleton height={10} width={`${(78 - ((row * 17) % 40)).toString()}%`} radius={5} />
        </div>
      ))}
    </div>
  );
}
