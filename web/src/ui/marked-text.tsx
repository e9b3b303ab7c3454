import { useMemo } from 'react';
import { cutAtStretches, findStretches, type Stretch, type Wanted } from '../lib/marks.ts';

/** Plain text with what was looked for marked. */
export function MarkedText({
  text,
  wanted,
  currentMatch,
}: {
  text: string;
  wanted: Wanted;
  currentMatch?: number | undefined;
}) {
  const stretches = useMemo(() => findStretches([text], wanted)[0] ?? [], [text, wanted]);
  return <MarkedRun text={text} stretches={stretches} currentMatch={currentMatch} />;
}

/** One of several texts that were searched together. */
export function MarkedRun({
  text,
  stretches,
  currentMatch,
}: {
  text: string;
  stretches: readonly Stretch[];
  currentMatch?: number | undefined;
}) {
  if (stretches.length === 0) return text;
  return cutAtStretches(text, stretches).map(({ text: part, match }, index) => {
    const key = `${index.toString()}-${part}`;
    if (match === null) return <span key={key}>{part}</span>;
    return (
      <mark key={key} data-match={match} data-current={match === currentMatch || undefined}>
        {part}
      </mark>
    );
  });
}
