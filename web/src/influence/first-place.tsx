import { useQuery } from '@tanstack/react-query';
import { Figure } from '../ui/figure.tsx';
import { tieExperimentQuery } from './api.ts';
import classes from './influence-page.module.css';
import { experimentSentence } from './influence-words.ts';

/** What placing an asset first makes, where chance chose. */
export function FirstPlace() {
  const { data } = useQuery(tieExperimentQuery);
  if (!data) return null;
  const { first, second, difference, asOf } = data;
  const figure = { metric: 'first_place', n: first.searchCount, asOf } as const;
  return (
    <section className={classes.section} aria-labelledby="first-place" data-metric="first_place">
      <h2 id="first-place" className={classes.title}>
        What the first place makes
      </h2>
      <p className={classes.kind}>An experiment: chance decided, so nothing but the place differs.</p>
      <p className={classes.lead}>{experimentSentence(data)}</p>
      {difference ? (
        <p className={classes.numbers}>
          Used when first:{' '}
          <Figure {...figure} format="percent" value={first.share} label="Used when placed first" />, when
          second: <Figure {...figure} format="percent" value={second.share} label="Used when placed second" />
          , difference:{' '}
          <Figure
            {...figure}
            format="points"
            value={difference.estimate}
            low={difference.low}
            high={difference.high}
          />
          .
        </p>
      ) : (
        <p className={classes.numbers}>
          Searches so far:{' '}
          <Figure {...figure} value={first.searchCount} label="Searches in which chance chose" />.
        </p>
      )}
    </section>
  );
}
