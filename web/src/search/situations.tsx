import type { Dimension, Term } from '@offshelf/server/contract/taxonomy';
import { useQuery } from '@tanstack/react-query';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonLines } from '../ui/skeletons.tsx';
import { dimensionsQuery } from './api.ts';
import classes from './find-home.module.css';

/** What they say, who they are, where the deal is: a click is a question. */
export function Situations({ onAsk }: { onAsk: (termId: string) => void }) {
  const dimensions = useQuery(dimensionsQuery);
  if (dimensions.error)
    return (
      <section className={classes.column}>
        <ProblemNote error={dimensions.error} onRetry={() => void dimensions.refetch()} />
      </section>
    );
  if (!dimensions.data)
    return (
      <section className={classes.column} aria-label="Situations">
        <h2 className={classes.heading}>What they say</h2>
        <SkeletonLines rows={6} height={30} />
      </section>
    );
  const termsOf = (key: Dimension['key']) =>
    (dimensions.data.items.find((dimension) => dimension.key === key)?.terms ?? []).filter(
      (term) => !term.isRetired && term.assetCount > 0,
    );
  const objections = termsOf('objection')
    .toSorted((a, b) => b.assetCount - a.assetCount)
    .slice(0, 7);
  const ask = (term: Term) => onAsk(term.id);
  return (
    <div className={classes.column}>
      {objections.length > 0 && (
        <section aria-labelledby="what-they-say">
          <h2 id="what-they-say" className={classes.heading}>
            What they say
          </h2>
          <ul className={classes.list}>
            {objections.map((term) => (
              <li key={term.id}>
                <button type="button" className={classes.objection} onClick={() => ask(term)}>
                  <span className={classes.quote}>{term.name}</span>
                  <span className={classes.count}>
                    {term.assetCount}
                    <span className="only-heard"> assets</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Chips heading="Who you talk to" terms={termsOf('persona')} onChoose={ask} />
      <Chips heading="Where the deal is" terms={termsOf('stage')} onChoose={ask} />
    </div>
  );
}

function Chips({
  heading,
  terms,
  onChoose,
}: {
  heading: string;
  terms: readonly Term[];
  onChoose: (term: Term) => void;
}) {
  if (terms.length === 0) return null;
  return (
    <section aria-label={heading} className={classes.chipSection}>
      <h2 className={classes.heading}>{heading}</h2>
      <ul className={classes.chips}>
        {terms.map((term) => (
          <li key={term.id}>
            <button
              type="button"
              className={classes.chip}
              title={term.description || undefined}
              onClick={() => onChoose(term)}
            >
              {term.name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
