import { useQuery } from '@tanstack/react-query';
import { notRightQuery } from '../analytics/api.ts';
import { plural } from '../lib/format.ts';
import { notRightWords } from '../ui/not-right-words.ts';
import classes from './asset-page.module.css';

/** What colleagues said is not right about the asset, once somebody has. */
export function NotRightLine({ assetId }: { assetId: string }) {
  const { data } = useQuery(notRightQuery(assetId));
  if (!data || data.userCount === 0) return null;
  const reasons = data.reasons.map(
    ({ reason, userCount }) =>
      `${reason === 'other' ? 'another reason' : notRightWords[reason]} (${userCount.toString()})`,
  );
  return (
    <section className={classes.notRight} aria-label="Feedback">
      <p>
        {plural(data.userCount, 'colleague')} said not right: {reasons.join(', ')}
      </p>
      {data.notes.length > 0 && <p className="quiet">{data.notes.map((note) => `“${note}”`).join(' ')}</p>}
      <p className="quiet">About this version, in the last 90 days</p>
    </section>
  );
}
