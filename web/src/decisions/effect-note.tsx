import { formatNumber, plural } from '../lib/format.ts';
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
        {effect.doneCount !== null && <> {doneWords(effect.doneCount, assetCount)}</>}{' '}
        <span className="quiet">This compares; it proves nothing.</span>
      </p>
    </div>
  );
}

/** Whether those who were asked have seen to it. */
function doneWords(doneCount: number, assetCount: number): string {
  if (assetCount === 1) return `Its owner has ${doneCount === 1 ? '' : 'not '}edited it since.`;
  if (doneCount === 0) return 'None of them has been edited by its owner since.';
  return `${formatNumber(doneCount)} of ${formatNumber(assetCount)} ${doneCount === 1 ? 'has' : 'have'} been edited by their owners since.`;
}
