import { formatNumber } from '../lib/format.ts';
import classes from './count-tabs.module.css';

interface CountTabsProps<Value extends string> {
  label: string;
  tabs: readonly {
    /** Undefined is the tab that leaves nothing out. */
    value: Value | undefined;
    name: string;
    /** Undefined until it is known; its place is kept. Null where there is nothing to count. */
    count: number | null | undefined;
    hint?: string;
  }[];
  value: Value | undefined;
  onChoose: (value: Value | undefined) => void;
  className?: string | undefined;
}

/** Which part of a list is shown, with how much there is of each. */
export function CountTabs<Value extends string>({
  label,
  tabs,
  value,
  onChoose,
  className = '',
}: CountTabsProps<Value>) {
  return (
    <fieldset className={`${classes.tabs} ${className}`} aria-label={label}>
      {tabs.map((tab) => (
        <button
          key={tab.name}
          type="button"
          className={classes.tab}
          aria-pressed={tab.value === value}
          title={tab.hint}
          onClick={() => onChoose(tab.value)}
        >
          {tab.name}
          {tab.count !== null && (
            <>
              {' '}
              <span className={classes.count}>
                {tab.count === undefined ? '\u2007' : formatNumber(tab.count)}
              </span>
            </>
          )}
        </button>
      ))}
    </fieldset>
  );
}
