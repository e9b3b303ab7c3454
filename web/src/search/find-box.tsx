import { ActionIcon } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { Keys } from '../ui/words.tsx';
import classes from './find-page.module.css';

const typingPauseMs = 120;

/** Where the results get and lose the keyboard. */
export interface FocusTargets {
  box: React.RefObject<HTMLInputElement | null>;
  results: React.RefObject<HTMLUListElement | null>;
}

interface FindBoxProps {
  query: string;
  onQuery: (query: string) => void;
  focus: FocusTargets;
  isSearching: boolean;
  /** Escape closes the preview before it clears the question. */
  isPreviewing: boolean;
}

/** The question. What is typed reaches the address after a short pause; Enter does not wait for it. */
export function FindBox({ query, onQuery, focus, isSearching, isPreviewing }: FindBoxProps) {
  const [text, setText] = useState(query);
  const sent = useRef(query);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latestOnQuery = useRef(onQuery);
  useEffect(() => {
    latestOnQuery.current = onQuery;
  });

  // The address may change by itself, with the back button or a recent search.
  useEffect(() => {
    if (query === sent.current) return;
    sent.current = query;
    setText(query);
  }, [query]);
  useEffect(() => () => clearTimeout(timer.current), []);
  useEffect(() => {
    // On a phone the keyboard would cover what is new, and whoever comes back to results wants those.
    if (sent.current === '' && window.matchMedia('(width >= 640px) and (hover: hover)').matches)
      focus.box.current?.focus({ preventScroll: true });
  }, [focus.box]);

  const send = (value: string) => {
    clearTimeout(timer.current);
    const next = value.trim();
    if (next === sent.current) return;
    sent.current = next;
    latestOnQuery.current(next);
  };
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    if (value.trim() === '') send('');
    else timer.current = setTimeout(() => send(value), typingPauseMs);
  };
  const clear = () => {
    type('');
    focus.box.current?.focus();
  };
  const goToResults = () =>
    focus.results.current?.querySelector<HTMLElement>('[data-hit][tabindex="0"]')?.focus();

  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is not known to all assistive technology yet.
    <form
      role="search"
      className={classes.ask}
      onSubmit={(event) => {
        event.preventDefault();
        send(text);
        goToResults();
      }}
    >
      <h1 className={classes.headline}>
        <label htmlFor="find-box">What are you facing?</label>
      </h1>
      <div className={classes.field} data-searching={isSearching || undefined}>
        <IconSearch size={20} stroke={1.5} aria-hidden className={classes.lens} />
        <input
          id="find-box"
          ref={focus.box}
          data-search-box
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={400}
          className={classes.box}
          placeholder="Their question, an objection, a competitor"
          value={text}
          onChange={(event) => type(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'ArrowDown') {
              event.preventDefault();
              goToResults();
            } else if (event.key === 'Escape' && text && !isPreviewing) {
              event.preventDefault();
              clear();
            }
          }}
        />
        {text ? (
          <ActionIcon aria-label="Clear the question" onClick={clear}>
            <IconX size={18} stroke={1.5} />
          </ActionIcon>
        ) : (
          <span className={classes.hint} aria-hidden="true">
            <Keys keys="/" />
          </span>
        )}
      </div>
    </form>
  );
}
