import { formatBytes, formatNumber, formatPercent } from '../lib/format.ts';
import { describeProblem } from '../ui/problem-note.tsx';
import classes from './import-page.module.css';
import type { ImportFile } from './import-upload.ts';

const mostFailed = 200;
const nextUp = 5;

/** What could not be sent, what is on its way and what comes next; thousands of others are a number. */
export function ImportFiles({ files }: { files: readonly ImportFile[] }) {
  const of = (state: ImportFile['state']) => files.filter((file) => file.state === state);
  const waiting = of('waiting');
  const shown = [...of('failed').slice(0, mostFailed), ...of('sending'), ...waiting.slice(0, nextUp)];
  const rest = waiting.length - Math.min(waiting.length, nextUp);
  if (shown.length === 0) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard.
    <section className={classes.files} tabIndex={0} aria-label="Files">
      <ul>
        {shown.map((file) => (
          <li key={file.path} className={classes.file}>
            <span className={classes.filePath}>{file.path}</span>
            <FileState file={file} />
          </li>
        ))}
      </ul>
      {rest > 0 && <p className={classes.fileRest}>and {formatNumber(rest)} more</p>}
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
  return <span className={classes.fileState}>{formatBytes(file.size)}</span>;
}
