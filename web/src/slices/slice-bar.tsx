import { IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { formatCalendarDay, formatNumber, plural } from '../lib/format.ts';
import { useUrlState } from '../lib/url-state.ts';
import { Figure } from '../ui/figure.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import {
  isOfSomeBuyers,
  type SliceKey,
  type SliceSummary,
  sliceKeys,
  sliceState,
  sliceSummaryQuery,
} from './api.ts';
import { FilterButton, keyNames, type SliceChoice, useChoices } from './filter-button.tsx';
import { PeriodButton, periodName } from './period-button.tsx';
import { SavedViews } from './saved-views.tsx';
import classes from './slice-bar.module.css';

interface SliceBarProps {
  /** Beside the words. */
  aside?: ReactNode;
  /** Beside the saved views. */
  actions?: ReactNode;
  /** The page is about a single asset, so that only days and buyers can be chosen. */
  isOfOneAsset?: boolean;
}

/** Which part of what happened the page speaks of: its days, its assets and its buyers, in quiet chips and in words. */
export function SliceBar({ aside, actions, isOfOneAsset = false }: SliceBarProps) {
  const [slice, change] = useUrlState(sliceState);
  const summary = useQuery(sliceSummaryQuery(slice));
  const keys = isOfOneAsset ? buyerKeys : sliceKeys;
  const choices = useChoices().filter(({ key }) => keys.includes(key));
  const chips = keys.filter((key) => slice[key].length > 0);
  const clear = () => change(Object.fromEntries(keys.map((key) => [key, []])));
  const suggestedName = [
    ...chips.map((key) => valuesInWords(choices, key, slice[key])),
    periodName(slice).toLowerCase(),
  ].join(', ');
  return (
    <section className={classes.bar} aria-label="What the report is about">
      <div className={classes.chips}>
        <PeriodButton slice={slice} onChange={change} />
        {chips.map((key) => (
          <span key={key} className={classes.chip}>
            <span className={classes.chipName}>{keyNames[key]}</span>
            <span className={classes.chipValue}>{valuesInWords(choices, key, slice[key])}</span>
            <button
              type="button"
              className={classes.drop}
              aria-label={`Any ${keyNames[key].toLowerCase()}`}
              onClick={() => change({ [key]: [] })}
            >
              <IconX size={13} stroke={1.75} aria-hidden />
            </button>
          </span>
        ))}
        <FilterButton slice={slice} onChange={change} choices={choices} />
        {chips.length > 1 && (
          <button type="button" className={classes.clear} onClick={clear}>
            Clear
          </button>
        )}
        <div className={classes.end}>
          {!isOfOneAsset && <SavedViews suggestedName={suggestedName.slice(0, 80)} />}
          {actions}
        </div>
      </div>
      {summary.error ? (
        <ProblemNote error={summary.error} />
      ) : (
        <div className={classes.line}>
          <p className={classes.words} aria-live="polite">
            {summary.data ? (
              <Words
                summary={summary.data}
                asOf={new Date(summary.dataUpdatedAt)}
                isOfOneAsset={isOfOneAsset}
              />
            ) : (
              ' '
            )}
            {!isOfOneAsset && isOfSomeBuyers(slice) && ` ${leftOut}`}
          </p>
          <p className={classes.aside}>{aside}</p>
        </div>
      )}
    </section>
  );
}

const buyerKeys: readonly SliceKey[] = ['industry', 'region', 'segment'];

const leftOut =
  'Who sees an asset in results, opens it or downloads it inside does so before there is a buyer, so that can’t be told by buyer and is left out.';

function Words({
  summary: { window, before, assetCount, accountCount, timeZone },
  asOf,
  isOfOneAsset,
}: {
  summary: SliceSummary;
  asOf: Date;
  isOfOneAsset: boolean;
}) {
  const buyers =
    accountCount === null
      ? 'all buyers'
      : accountCount === 0
        ? 'no account is like that'
        : plural(accountCount, 'account');
  return (
    <>
      {daysInWords(window)}
      {!isOfOneAsset && `, compared with ${daysInWords(before)}`}
      {' · '}
      {!isOfOneAsset && (
        <>
          <Figure metric="published_assets" value={assetCount} n={assetCount} asOf={asOf} /> published{' '}
          {assetCount === 1 ? 'asset' : 'assets'},{' '}
        </>
      )}
      <span data-no-metric="what was chosen">{buyers}</span>
      {timeZone !== 'UTC' && <span className={classes.zone}> · days of {timeZone.replaceAll('_', ' ')}</span>}
      .
    </>
  );
}

function daysInWords({ firstDay, lastDay }: { firstDay: string; lastDay: string }): string {
  if (firstDay === lastDay) return formatCalendarDay(firstDay);
  const [first, last] = [formatCalendarDay(firstDay), formatCalendarDay(lastDay)];
  const isOneYear = firstDay.slice(0, 4) === lastDay.slice(0, 4);
  return `${isOneYear ? first.replace(/ \d{4}$/, '') : first} to ${last}`;
}

/** "CFO or IT"; what is not there any more is said. */
function valuesInWords(choices: readonly SliceChoice[], key: SliceKey, values: readonly string[]): string {
  const names = values.map(
    (value) =>
      choices.find((choice) => choice.key === key && choice.value === value)?.label ??
      (value.startsWith('trm_') ? 'a term that is gone' : value),
  );
  return names.length > 3
    ? `${names.slice(0, 2).join(', ')} or ${formatNumber(names.length - 2)} more`
    : new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(names);
}
