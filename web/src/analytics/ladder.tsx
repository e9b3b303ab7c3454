import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { formatList, formatNumber, formatPercent, plural } from '../lib/format.ts';
import { Definition } from '../ui/definition.tsx';
import { RungSwatch } from '../ui/rung-swatch.tsx';
import { rungStep, rungWords } from '../ui/rungs.ts';
import { beforeWords, hasBefore, isAboutEverybody, isUntouched, mainStops } from './answer-words.ts';
import { definitions, metricsQuery, type Reach, type Rung } from './api.ts';
import { ladderCsv, saveCsv } from './csv.ts';
import classes from './ladder.module.css';

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
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const { ladder, unusedRate } = report;
  const n = unusedRate.current.n;
  const before = hasBefore(report) ? unusedRate.previous.n : 0;
  return (
    <section className={classes.ladder} aria-labelledby="ladder" data-metric={counted.join(' ')}>
      <div className={classes.head}>
        <h2 id="ladder" className={classes.finding}>
          {finding(report)}
        </h2>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
          aria-label="Download the ladder as CSV"
          onClick={() => saveCsv(`usage-ladder-${report.window.lastDay}.csv`, ladderCsv(report, metrics))}
        >
          CSV
        </Button>
      </div>
      <p className={classes.lead}>
        The bar is how many of the {plural(n, 'eligible asset')} got that far; its pale end stops there.{' '}
        {before > 0 && (
          <>
            The notch is {beforeWords(report)}, as a share of the {formatNumber(before)} eligible then.{' '}
          </>
        )}
        {isAboutEverybody(report) && 'A download counts as use but has no rung.'}{' '}
        <Definition metrics={definitions(metrics, counted)}>How the rungs are counted</Definition>
      </p>
      <ol className={classes.rungs}>
        {ladder.map((step) => (
          <li key={step.rung}>
            <button
              type="button"
              className={classes.rung}
              aria-pressed={step.rung === rung}
              onClick={() => onRung(step.rung)}
            >
              <span className={classes.name}>
                <RungSwatch step={rungStep(step.rung)} />
                {capitalised(rungWords[step.rung].short)}
              </span>
              <Bar step={step} n={n} before={before} />
              <span className={classes.counts}>
                <span className={classes.reached}>{formatNumber(step.reachedCount)}</span>{' '}
                <span className={classes.share}>
                  {formatPercent(step.reachedCount / n)}
                  {before > 0 && <>, was {formatPercent(step.previousReachedCount / before)}</>}
                </span>
              </span>
              <span className={classes.why}>
                <span className={step.count > 0 ? classes.stop : undefined}>{stopWords(step)}</span>{' '}
                {step.count > 0 && !isUntouched(report) && (
                  <>
                    <span>{step.cause}</span> <span className={classes.action}>{step.action}</span>
                  </>
                )}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </section>
  );
}

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

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
