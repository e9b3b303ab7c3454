import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef } from 'react';
import { formatBytes, formatPercent } from '../lib/format.ts';
import { describeProblem } from '../ui/problem-note.tsx';
import classes from './import-page.module.css';
import type { ImportFile } from './import-upload.ts';

const order: Record<ImportFile['state'], number> = { failed: 0, sending: 1, waiting: 2, sent: 3 };

/** How far each file is: what failed and what is on its way come first. */
export function ImportFiles({ files }: { files: readonly ImportFile[] }) {
  const scroller = useRef<HTMLDivElement>(null);
  const shown = files.toSorted((a, b) => order[a.state] - order[b.state]);
  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 32,
    overscan: 8,
  });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <section ref={scroller} className={classes.files} tabIndex={0} aria-label="Files">
      <ul style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, start }) => {
          const file = shown[index] as ImportFile;
          return (
            <li
              key={file.path}
              className={classes.file}
              style={{ transform: `translateY(${start.toString()}px)` }}
            >
              <span className={classes.filePath}>{file.path}</span>
              <FileState file={file} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}

function FileState({ file: { state, progress, file, problem } }: { file: ImportFile }) {
  if (state === 'sending')
    return (
      <span className={classes.fileState}>
        <progress value={progress} max={1} aria-label={`${file.name}, sent`} className={classes.bar} />
        {formatPercent(progress)}
      </span>
    );
  if (state === 'failed') return <span className={classes.fileFault}>{describeProblem(problem).detail}</span>;
  return <span className={classes.fileState}>{state === 'sent' ? 'Sent' : formatBytes(file.size)}</span>;
}
