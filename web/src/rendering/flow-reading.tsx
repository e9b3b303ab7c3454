import { useEffect, useMemo, useRef, useState } from 'react';
import { markHtml, type Wanted } from '../lib/marks.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { Prose } from '../ui/prose.tsx';
import { lengthWords } from '../ui/rendition-note.tsx';
import { FindField } from './find-field.tsx';
import { ReadingBar } from './reading-bar.tsx';
import classes from './reading-page.module.css';
import { type ReadingProps, useLeave, useScrollKeys } from './reading-state.ts';
import { useFinding } from './use-finding.ts';

/** Text that flows, such as Markdown: one column, and the same search. */
export function FlowReading({ asset, version, rendition, state, onChange }: ReadingProps) {
  const finding = useFinding(version.id, state.find, state.mark);
  const leave = useLeave(asset.id);
  const column = useRef<HTMLDivElement>(null);
  useScrollKeys(column);
  const [at, setAt] = useState(0);
  const { wanted } = finding;
  // The text is all here, so its marks are counted as they are shown.
  const matchCount = useMemo(() => countMarks(rendition.html, wanted), [rendition.html, wanted]);
  const current = matchCount === 0 ? -1 : ((at % matchCount) + matchCount) % matchCount;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another question begins at its first match.
  useEffect(() => setAt(0), [wanted]);
  useEffect(() => {
    const marks = [...(column.current?.querySelectorAll<HTMLElement>('mark[data-match]') ?? [])];
    for (const mark of marks) mark.toggleAttribute('data-current', mark.dataset.match === current.toString());
    marks.find((mark) => mark.hasAttribute('data-current'))?.scrollIntoView({ block: 'center' });
  });
  const search = () => document.querySelector<HTMLInputElement>('[data-search-box]')?.select();
  useShortcutList([
    { keys: '/', label: 'Search in this document', group: 'Reading', run: search },
    { keys: 'mod+f', label: 'Search in this document', group: 'Reading', run: search },
    {
      keys: 'Escape',
      label: finding.query ? 'End the search' : 'Back',
      group: 'Reading',
      run: () => (finding.query ? onChange({ find: '' }) : leave()),
    },
  ]);
  return (
    <div className={classes.frame}>
      <ReadingBar asset={asset} version={version} onLeave={leave}>
        <div className={classes.find}>
          <FindField
            finding={{ ...finding, matchCount, at: current }}
            onQuery={(find) => onChange({ find })}
            onStep={(step) => setAt(current + step)}
            onLeave={() => column.current?.focus()}
          />
        </div>
      </ReadingBar>
      <main className={classes.flow}>
        <h1 className="only-heard">{asset.title}</h1>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard. */}
        <div ref={column} className={classes.column} tabIndex={0} role="document" aria-label={asset.title}>
          <div className={classes.text}>
            <Prose html={rendition.html} wanted={wanted} />
            <p className={classes.length}>{lengthWords(rendition)}</p>
          </div>
        </div>
      </main>
    </div>
  );
}

function countMarks(html: string, wanted: Wanted): number {
  if (wanted.words.length === 0) return 0;
  const numbers = [...markHtml(html, wanted).matchAll(/ data-match="(\d+)"/g)].map(([, number]) =>
    Number(number),
  );
  return numbers.length === 0 ? 0 : Math.max(...numbers) + 1;
}
