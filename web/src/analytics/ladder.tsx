import { formatList, formatNumber, formatPercent, plural } from '../lib/format.ts';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { Figure } from '../ui/figure.tsx';
import { RungSwatch } from '../ui/rung-swatch.tsx';
import { rungStep, rungWords } from '../ui/rungs.ts';
import { beforeWords, hasBefore, isAboutEverybody, isUntouched, mainStops } from './answer-words.ts';
import type { Reach, Rung } from './api.ts';
import classes from './ladder.module.css';
import { LadderPicture, rungName } from './ladder-picture.tsx';

interface LadderProps {
  report: Reach;
  rung: Rung;
  onRung: (rung: Rung) => void;
}

const counted = [
  'usage_ladder',
  'unused_rate',
  'eligible_assets',
  'used_assets',
  'human_opens',
  'read_pages',
] as const;

/** How far the assets got: a bar a rung, and at its end those that got no further. */
export function Ladder({ report, rung, onRung }: LadderProps) {
  const { ladder, unusedRate, window: days, before: daysBefore, asOf } = report;
  const n = unusedRate.current.n;
  const before = hasBefore(report) ? unusedRate.previous.n : 0;
  const title = finding(report);
  return (
    <section className={classes.ladder} aria-label={title}>
      <ChartFrame
        title={title}
        lead={
          <>
            The bar is how many of the {plural(n, 'eligible asset')} got that far; its pale end stops there.{' '}
            {before > 0 && (
              <>
                The notch is {beforeWords(report)}, as a share of the {formatNumber(before)} eligible then.{' '}
              </>
            )}
            {isAboutEverybody(report) && 'A download counts as use but has no rung.'}
          </>
        }
        metrics={counted}
        asOf={asOf}
        n={n}
        fileName={`usage-ladder-${days.lastDay}`}
        facts={[
          ['Window', `${days.firstDay} to ${days.lastDay}`],
          ['Compared with', `${daysBefore.firstDay} to ${daysBefore.lastDay}`],
          ['Eligible assets before', unusedRate.previous.n],
        ]}
        columns={columns}
        rows={ladder.map((step) => ({
          rung: rungName(step.rung),
          reached: step.reachedCount,
          reachedBefore: before > 0 ? step.previousReachedCount : null,
          stopped: step.count,
          stoppedBefore: before > 0 ? step.previousCount : null,
          why: step.cause,
          action: step.action,
        }))}
      >
        <LadderPicture report={report} before={before} />
        <ol className={classes.rungs}>
          {ladder.map((step) => (
            <li key={step.rung} className={classes.rung} data-chosen={step.rung === rung || undefined}>
              <button
                type="button"
                className={classes.name}
                aria-pressed={step.rung === rung}
                onClick={() => onRung(step.rung)}
              >
                <RungSwatch step={rungStep(step.rung)} />
                {rungName(step.rung)}
              </button>
              <Bar step={step} n={n} before={before} />
              <span className={classes.counts}>
                <span className={classes.reached}>
                  <Figure
                    metric="usage_ladder"
                    value={step.reachedCount}
                    n={n}
                    asOf={asOf}
                    label={`As far as “${rungWords[step.rung].short}”`}
                  />
                </span>{' '}
                <span className={classes.share}>
                  {formatPercent(step.reachedCount / n)}
                  {before > 0 && <>, was {formatPercent(step.previousReachedCount / before)}</>}
                </span>
              </span>
              <span className={classes.why}>
                <span className={step.count > 0 ? classes.stop : undefined}>
                  {stopWords(step)}
                  {step.count > 0 && before > 0 && (
                    <span className={classes.share}>
                      {' '}
                      {formatPercent(step.count / n)}, was {formatPercent(step.previousCount / before)}
                    </span>
                  )}
                </span>{' '}
                {step.count > 0 && !isUntouched(report) && (
                  <>
                    <span>{step.cause}</span> <span className={classes.action}>{step.action}</span>
                  </>
                )}
              </span>
            </li>
          ))}
        </ol>
      </ChartFrame>
    </section>
  );
}

const columns = [
  { key: 'rung', label: 'Rung' },
  { key: 'reached', label: 'Got this far' },
  { key: 'reachedBefore', label: 'Got this far before' },
  { key: 'stopped', label: 'Stop here' },
  { key: 'stoppedBefore', label: 'Stopped here before' },
  { key: 'why', label: 'Why' },
  { key: 'action', label: 'What to do' },
];

type Step = Reach['ladder'][number];

function Bar({ step, n, before }: { step: Step; n: number; before: number }) {
  const percent = (share: number) => `${(share * 100).toFixed(2)}%`;
  const isTop = step.rung === 'moved';
  const onwards = isTop ? step.count : step.reachedCount - step.count;
  return (
    <span className={classes.track} aria-hidden="true">
      <span className={classes.onwards} style={{ width: percent(onwards / n) }} />
      {!isTop && <span className={classes.stops} style={{ width: percent(step.count / n) }} />}
      {before > 0 && (
        <span className={classes.notch} style={{ left: percent(step.previousReachedCount / before) }} />
      )}
    </span>
  );
}

function stopWords({ rung, count }: Step): string {
  if (rung === 'moved') return count === 0 ? 'None yet.' : `${formatNumber(count)} got here.`;
  if (rung === 'read' && count > 0) return `${formatNumber(count)} got here and no further.`;
  if (count === 0) return 'None stops here.';
  return `${formatNumber(count)} ${count === 1 ? 'stops' : 'stop'} here.`;
}

/** The chart's title says what it shows. */
function finding(report: Reach): string {
  const { ladder, unusedRate } = report;
  const stops = mainStops(ladder);
  const [first, second] = stops;
  if (isUntouched(report))
    return 'Nothing has come up in a search yet, so every asset stands on the first rung';
  if (!first) return 'Every eligible asset was read by a person';
  const ofAll = `${formatNumber(first.count)} of ${formatNumber(unusedRate.current.n)}`;
  if (first.count === unusedRate.current.n && first.count > 1)
    return `All ${formatNumber(first.count)} stop at the same place: they ${stopPhrases[first.rung] ?? ''}`;
  if (!second) return `The most common stop: ${ofAll} ${stopPhrases[first.rung] ?? ''}`;
  const others = stops.slice(1).map((step) => `${formatNumber(step.count)} ${stopPhrases[step.rung] ?? ''}`);
  return `The most common stops: ${formatList([`${ofAll} ${stopPhrases[first.rung] ?? ''}`, ...others])}`;
}

const stopPhrases: Partial<Record<Rung, string>> = {
  published: 'never came up in results',
  surfaced: 'came up in results and were not opened',
  opened: 'were opened by a rep and not shared',
  shared: 'were shared and not opened by a person',
  reached: 'were opened by a person and not read',
};
