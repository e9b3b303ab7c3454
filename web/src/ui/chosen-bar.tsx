import { CloseButton } from '@mantine/core';
import type { ReactNode } from 'react';
import { formatNumber } from '../lib/format.ts';
import { useShortcut } from '../lib/shortcuts.ts';
import classes from './chosen-bar.module.css';
import { PopoverButton } from './popover-button.tsx';

const mostAtOnce = 500;

interface ChosenBarProps {
  /** What it is for, as assistive technology says it. */
  label: string;
  /** How many are chosen, and the same in words. */
  count: number;
  counted: string;
  isBusy?: boolean;
  onClear: () => void;
  children: ReactNode;
}

/** What can be done with the chosen rows of a list at once; it floats above the list until nothing is chosen. */
export function ChosenBar({ label, count, counted, isBusy = false, onClear, children }: ChosenBarProps) {
  useShortcut(
    'Escape',
    'Clear the selection',
    // In a field or a form that is open, Escape is meant for that.
    ({ target }) => {
      if (!(target instanceof Element) || !target.closest('[role="dialog"], [role="menu"], input')) onClear();
    },
    { group: 'Lists' },
  );
  const isTooMany = count > mostAtOnce;
  return (
    <section className={classes.bar} aria-label={label}>
      <span className={classes.count}>
        {counted} chosen
        {isTooMany && (
          <span className="quiet"> · choose at most {formatNumber(mostAtOnce)} for one change</span>
        )}
      </span>
      <fieldset className={classes.actions} disabled={isTooMany || isBusy}>
        <legend className="only-heard">Changes</legend>
        {children}
      </fieldset>
      <CloseButton aria-label="Clear the selection" className={classes.close} onClick={onClear} />
    </section>
  );
}

/** A button of the bar that opens a small form above it. */
export function ChosenBarStep({
  label,
  children,
}: {
  label: string;
  children: (close: () => void) => ReactNode;
}) {
  return (
    <PopoverButton label={label} size="xs" position="top" width={280} dropdownClassName={classes.step}>
      {children}
    </PopoverButton>
  );
}
