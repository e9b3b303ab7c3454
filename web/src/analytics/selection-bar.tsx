import { Button, CloseButton } from '@mantine/core';
import { plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { CopyButton } from '../ui/copy-button.tsx';
import type { Metric, ShelfReport, Spine } from './api.ts';
import { saveCsv, shelfCsv } from './csv.ts';
import classes from './selection-bar.module.css';

interface SelectionBarProps {
  report: ShelfReport;
  metrics: readonly Metric[];
  spines: readonly Spine[];
  onDrop: () => void;
}

/** What can be done with the spines that a drag took. */
export function SelectionBar({ report, metrics, spines, onDrop }: SelectionBarProps) {
  const { origin } = window.location;
  const list = spines.map((spine) => `${spine.title}\t${origin}${paths.asset(spine.assetId)}`).join('\n');
  const stale = spines.filter((spine) => spine.isStale).length;
  return (
    <section className={classes.bar} aria-label="Selected assets">
      <span className={classes.count} role="status">
        {plural(spines.length, 'asset')} selected
        {stale > 0 && <span className="quiet">, {stale} stale</span>}
      </span>
      <CopyButton size="xs" value={list} label="Copy titles and links" />
      <Button
        size="xs"
        variant="default"
        onClick={() =>
          saveCsv(
            `shelf-selection-${report.asOf.toISOString().slice(0, 10)}.csv`,
            shelfCsv(report, spines, metrics, origin),
          )
        }
      >
        Download as CSV
      </Button>
      <CloseButton aria-label="Drop the selection" onClick={onDrop} />
    </section>
  );
}
