import { useMemo } from 'react';
import { markHtml, nothingWanted, type Wanted } from '../lib/marks.ts';
import classes from './prose.module.css';

/** Text that flows, as the server rendered it, with what was looked for marked. */
export function Prose({ html, wanted = nothingWanted }: { html: string; wanted?: Wanted | undefined }) {
  const marked = useMemo(() => markHtml(html, wanted), [html, wanted]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: the server makes this HTML itself and lets nothing through that runs.
  return <div className={classes.prose} dangerouslySetInnerHTML={{ __html: marked }} />;
}
