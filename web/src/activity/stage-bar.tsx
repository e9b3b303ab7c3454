import type { DealListItem } from '../deals/api.ts';
import { formatDay, plural } from '../lib/format.ts';
import classes from './stage-bar.module.css';

interface Entry {
  stage: string;
  enteredAt: Date;
}

interface StageBarProps {
  deal: Pick<DealListItem, 'stage' | 'outcome' | 'closedAt'>;
  /** The first one first. */
  history: readonly Entry[];
  /** What stages are called here, in the order in which deals go through them. */
  known: readonly string[];
  asOf: Date;
}

const dayMs = 86_400_000;

/** The way of a deal through the stages: which it went through, when and for how long, and which lie ahead. */
export function StageBar({ deal, history, known, asOf }: StageBarProps) {
  const stages = stagesOf(history, known, deal.stage);
  if (stages.length < 2) return null;
  const spent = spentIn(history, endOf(history, deal.closedAt) ?? asOf);
  const here = deal.outcome === 'open' ? stages.findIndex((stage) => isSame(stage, deal.stage)) : -1;
  return (
    <ol className={classes.bar} aria-label="Stages">
      {stages.map((stage, index) => {
        const entered = history.find((entry) => isSame(entry.stage, stage))?.enteredAt;
        const days = Math.floor((spent.get(stage.toLowerCase()) ?? 0) / dayMs);
        const state = index === here ? 'here' : entered ? 'passed' : 'not';
        return (
          <li
            key={stage}
            className={classes.stage}
            data-state={state}
            aria-current={state === 'here' ? 'step' : undefined}
          >
            <span className={classes.name}>{stage}</span>
            <span className={classes.under}>
              {entered
                ? `${formatDay(entered)}, ${days === 0 ? 'less than a day' : plural(days, 'day')}`
                : index < here
                  ? 'Left out'
                  : deal.outcome === 'open'
                    ? 'Ahead'
                    : 'Not reached'}
            </span>
          </li>
        );
      })}
    </ol>
  );
}

/** When the last stage ended: a customer goes on through stages after the deal was won. */
function endOf(history: readonly Entry[], closedAt: Date | null): Date | undefined {
  const last = history.at(-1)?.enteredAt;
  return closedAt && (!last || last <= closedAt) ? closedAt : undefined;
}

/** The known stages in their order; where the CRM has others, those that the deal went through. */
function stagesOf(history: readonly Entry[], known: readonly string[], now: string): string[] {
  const seen = [...history.map(({ stage }) => stage), now];
  if (seen.every((stage) => known.some((name) => isSame(name, stage)))) return [...known];
  return seen.filter((stage, index) => seen.findIndex((other) => isSame(other, stage)) === index);
}

/** How long the deal was in each stage, however often it came back to it. */
function spentIn(history: readonly Entry[], end: Date): Map<string, number> {
  const spent = new Map<string, number>();
  for (const [index, { stage, enteredAt }] of history.entries()) {
    const until = history[index + 1]?.enteredAt ?? end;
    const key = stage.toLowerCase();
    spent.set(key, (spent.get(key) ?? 0) + Math.max(0, until.getTime() - enteredAt.getTime()));
  }
  return spent;
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
