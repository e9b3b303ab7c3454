import type { Snippet as SnippetParts } from '@offshelf/server/contract/indexing';
import { type ReactNode, useSyncExternalStore } from 'react';
import { formatCalendarDay, formatMinute, formatNumber, formatRelative, initials } from '../lib/format.ts';
import { keycaps, isMac as runsOnMac } from '../lib/keyboard.ts';
import classes from './bits.module.css';

/** Text with the stretches that matched marked. */
export function Snippet({ parts }: { parts: SnippetParts }) {
  return (
    <span className={classes.snippet}>
      {parts.map((part, index) => {
        const key = `${index.toString()}-${part.text}`;
        return part.isMatch ? <mark key={key}>{part.text}</mark> : <span key={key}>{part.text}</span>;
      })}
    </span>
  );
}

/** A number in running text or a table cell. */
export function Num({ value }: { value: number }) {
  return <span className={classes.number}>{formatNumber(value)}</span>;
}

let minute = new Date();
const waiting = new Set<() => void>();
let ticker: ReturnType<typeof setInterval> | undefined;

/** The current time, new every minute, from one timer for the whole page. */
export function useMinute(): Date {
  return useSyncExternalStore(
    (listener) => {
      waiting.add(listener);
      ticker ??= setInterval(() => {
        minute = new Date();
        for (const each of waiting) each();
      }, 60_000);
      return () => {
        waiting.delete(listener);
        if (waiting.size > 0) return;
        clearInterval(ticker);
        ticker = undefined;
      };
    },
    () => minute,
  );
}

/** "3 hours ago", with the exact time as its title. */
export function DateText({ date, fallback = '–' }: { date: Date | null; fallback?: ReactNode }) {
  const now = useMinute();
  if (!date) return <span className="quiet">{fallback}</span>;
  const latest = date.getTime() > now.getTime() && date.getTime() - now.getTime() < 60_000 ? date : now;
  return (
    <time dateTime={date.toISOString()} title={formatMinute(date)} className={classes.number}>
      {formatRelative(date, latest)}
    </time>
  );
}

/** A day without a time, such as a review date. */
export function DayText({ day, fallback = '–' }: { day: string | null; fallback?: ReactNode }) {
  if (!day) return <span className="quiet">{fallback}</span>;
  return (
    <time dateTime={day} className={classes.number}>
      {formatCalendarDay(day)}
    </time>
  );
}

/** A person by name, with initials for the eye. */
export function UserName({
  name,
  detail,
  size = 'small',
}: {
  name: string | null;
  detail?: ReactNode;
  size?: 'small' | 'large';
}) {
  if (!name) return <span className="quiet">Nobody</span>;
  return (
    <span className={classes.person}>
      <span className={classes.avatar} data-size={size} aria-hidden="true">
        {initials(name)}
      </span>
      <span style={{ minWidth: 0 }}>
        {name}
        {detail && (
          <span
            className="quiet"
            style={{ display: 'block', fontSize: 'var(--text-13)', overflowWrap: 'anywhere' }}
          >
            {typeof detail === 'string' ? <BreakableAddress text={detail} /> : detail}
          </span>
        )}
      </span>
    </span>
  );
}

/** Where an e-mail address must break, it breaks before the @. */
function BreakableAddress({ text }: { text: string }) {
  const at = text.indexOf('@');
  if (at < 0) return text;
  return (
    <>
      {text.slice(0, at)}
      <wbr />
      {text.slice(at)}
    </>
  );
}

/** A shortcut as keycaps. */
export function Keys({ keys }: { keys: string }) {
  const presses = keycaps(keys, runsOnMac);
  return (
    <span className={classes.keys}>
      {presses.map((caps, index) => (
        <span key={caps.join('+')} className={classes.keys}>
          {index > 0 && <span className={classes.more}>then</span>}
          {caps.map((cap) => (
            <kbd key={cap} className={classes.key}>
              {cap}
            </kbd>
          ))}
        </span>
      ))}
    </span>
  );
}
