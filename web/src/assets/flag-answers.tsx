import { useQuery } from '@tanstack/react-query';
import { flagAnswersQuery } from '../aging/api.ts';
import { formatDay } from '../lib/format.ts';
import classes from './asset-page.module.css';

const kinds = { fixed: 'It is fixed', still_right: 'It is still right', answered: 'The answer' } as const;

/** To whoever said that it is wrong or outdated: what became of it. Those who keep the asset see what others were told, too. */
export function FlagAnswers({ assetId, seesAll }: { assetId: string; seesAll: boolean }) {
  const { data } = useQuery(flagAnswersQuery(assetId));
  const shown = data?.items.filter(({ isForMe }) => isForMe || seesAll) ?? [];
  if (shown.length === 0) return null;
  return (
    <section aria-label="Answers" className={classes.answers}>
      {shown.map(({ id, kind, sentence, answeredByName, answeredAt, isForMe }) => (
        <div key={id}>
          <p>
            <strong>{kinds[kind]}:</strong> {sentence}
          </p>
          <p className="quiet">
            {answeredByName}, {formatDay(answeredAt)}, to{' '}
            {isForMe ? 'what you said was not right' : 'those who called it wrong or outdated'}
          </p>
        </div>
      ))}
    </section>
  );
}
