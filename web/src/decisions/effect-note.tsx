import { plural } from '../lib/format.ts';
import { Figure } from '../ui/figure.tsx';
import type { Decision } from './api.ts';
import { aimOf, effectWords } from './decision-words.ts';
import classes from './decisions-page.module.css';

const dayMs = 86_400_000;
const firstShownAfterDays = 7;

/** What became of the assets, as two bars and a sentence; before a week is over, when it will be said. */
export function EffectNote({ decision }: { decision: Decision }) {
  const { effect, effectAsOf, kind, assetCount, decidedAt } = decision;
  if (!effect || !effectAsOf) {
    const due = new Date(decidedAt.getTime() + firstShownAfterDays * dayMs);
    const days = Math.max(1, Math.ceil((due.getTime() - Date.now()) / dayMs));
    return (
      <p className={classes.early} data-no-metric="when it will be said">
        Too early to say what came of it: first in {plural(days, 'day')}.
      </p>
    );
  }
  const { before, after } = effect.assets[aimOf[kind]];
  const most = Math.max(before, after, 1);
  return (
    <div className={classes.effect}>
      <dl className={classes.bars}>
        {[
          { name: 'Before', value: before },
          { name: 'Since', value: after },
        ].map(({ name, value }) => (
          <div key={name} className={classes.bar}>
            <dt>{name}</dt>
            <dd>
              <span
                className={classes.fill}
                data-since={name === 'Since' || undefined}
                style={{ inlineSize: `${((value / most) * 100).toString()}%` }}
              />
              <Figure
                metric="decision_effect"
                value={value}
                format="number"
                n={assetCount}
                asOf={effectAsOf}
                label={name === 'Before' ? 'Before the decision' : 'Since the decision'}
              />
            </dd>
          </div>
        ))}
      </dl>
      <p className={classes.sentence} data-metric="decision_effect">
        {effectWords(kind, effect)}
        {effect.doneCount !== null && (
          <>
            {' '}
            Their owner has edited {effect.doneCount.toString()} of {plural(assetCount, 'asset')} since.
          </>
        )}{' '}
        <span className="quiet">This compares; it proves nothing.</span>
      </p>
    </div>
  );
}
