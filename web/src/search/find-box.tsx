import { ActionIcon } from '@mantine/core';
import { IconSearch, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { Keys } from '../ui/words.tsx';
import { complete } from './completion.ts';
import classes from './find-box.module.css';
import { SuggestionList, useSuggestions } from './suggestions.tsx';

/** Where the results get and lose the keyboard. */
export interface FocusTargets {
  box: React.RefObject<HTMLTextAreaElement | null>;
  results: React.RefObject<HTMLDivElement | null>;
}

interface FindBoxProps {
  text: string;
  onType: (text: string) => void;
  focus: FocusTargets;
  isSearching: boolean;
  /** Escape closes the preview before it clears the question. */
  isPreviewing: boolean;
}

/** The question: words, a sentence, operators, or the e-mail of a buyer. It is asked while it is typed. */
export function FindBox({ text, onType, focus, isSearching, isPreviewing }: FindBoxProps) {
  const [caret, setCaret] = useState(text.length);
  const [wantsResults, setWantsResults] = useState(false);
  const suggestions = useSuggestions(text, caret);
  const listId = useId();
  const optionId = (index: number) => `${listId}-${index.toString()}`;
  useHeightOfText(focus.box, text);
  useFocusAtFirst(focus.box, text);
  const movesTo = useRef<number>(undefined);

  // What is put in sets the caret behind it, once the text is there.
  useLayoutEffect(() => {
    if (movesTo.current === undefined || !focus.box.current) return;
    focus.box.current.setSelectionRange(movesTo.current, movesTo.current);
    movesTo.current = undefined;
  });
  // Whoever presses Enter before the answer is there goes to it as soon as it is.
  useEffect(() => {
    if (!wantsResults || isSearching) return;
    setWantsResults(false);
    goToResults(focus);
  }, [wantsResults, isSearching, focus]);

  const type = (next: string, at: number) => {
    setWantsResults(false);
    setCaret(at);
    onType(next);
  };
  const take = (index: number) => {
    const suggestion = suggestions.items[index];
    if (!suggestion || !suggestions.typing) return;
    const done = complete(text, suggestions.typing, suggestion.value);
    movesTo.current = done.caret;
    type(done.text, done.caret);
    focus.box.current?.focus();
  };
  const clear = () => {
    type('', 0);
    focus.box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (suggestions.isOpen ? chooseByKey(event) : leaveByKey(event)) event.preventDefault();
  };
  /** Answers whether the key was meant for the list. */
  const chooseByKey = (event: KeyboardEvent): boolean => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) suggestions.move(step);
    else if (event.key === 'Enter' || (event.key === 'Tab' && !event.shiftKey)) take(suggestions.active);
    else if (event.key === 'Escape') suggestions.close();
    else return false;
    return true;
  };
  /** Answers whether the key leads out of the box, or empties it. */
  const leaveByKey = (event: KeyboardEvent<HTMLTextAreaElement>): boolean => {
    if (event.key === 'Enter' && !event.shiftKey) setWantsResults(true);
    else if (event.key === 'ArrowDown' && isOnLastLine(event.currentTarget)) goToResults(focus);
    else if (event.key === 'Escape' && text && !isPreviewing) clear();
    else return false;
    return true;
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: the search element is not known to all assistive technology yet.
    <form
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        setWantsResults(true);
      }}
    >
      <h1 className={classes.headline}>
        <label htmlFor="find-box">What are you facing?</label>
      </h1>
      <div className={classes.field} data-searching={isSearching || undefined}>
        <IconSearch size={20} stroke={1.5} aria-hidden className={classes.lens} />
        <textarea
          id="find-box"
          ref={focus.box}
          data-search-box
          rows={1}
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          className={classes.box}
          placeholder="A situation, an objection, an e-mail"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          aria-controls={suggestions.isOpen ? listId : undefined}
          aria-activedescendant={
            suggestions.isOpen && suggestions.active >= 0 ? optionId(suggestions.active) : undefined
          }
          value={text}
          onChange={({ currentTarget }) => type(currentTarget.value, currentTarget.selectionEnd)}
          onSelect={({ currentTarget }) => setCaret(currentTarget.selectionEnd)}
          onFocus={suggestions.onFocus}
          onBlur={suggestions.onBlur}
          onKeyDown={onKeyDown}
        />
        {text ? (
          <ActionIcon aria-label="Clear the question" className={classes.clear} onClick={clear}>
            <IconX size={18} stroke={1.5} />
          </ActionIcon>
        ) : (
          <span className={classes.hint} aria-hidden="true">
            <Keys keys="/" />
          </span>
        )}
        <SuggestionList id={listId} optionId={optionId} suggestions={suggestions} onTake={take} />
      </div>
    </form>
  );
}

function goToResults(focus: FocusTargets): void {
  focus.results.current?.querySelector<HTMLElement>('[data-hit][tabindex="0"]')?.focus();
}

/** Below it there is nothing more to go to with the arrow. */
function isOnLastLine(box: HTMLTextAreaElement): boolean {
  const isOneLine = box.scrollHeight < 2 * Number.parseFloat(getComputedStyle(box).lineHeight) + 32;
  return isOneLine || (box.selectionStart === box.value.length && box.selectionEnd === box.value.length);
}

/** Grows with its text where the browser does not do that by itself. */
function useHeightOfText(box: FocusTargets['box'], text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has another height.
  useLayoutEffect(() => {
    if (!box.current || CSS.supports('field-sizing', 'content')) return;
    box.current.style.height = 'auto';
    box.current.style.height = `${box.current.scrollHeight.toString()}px`;
  }, [box, text]);
}

function useFocusAtFirst(box: FocusTargets['box'], text: string): void {
  const first = useRef(text);
  useEffect(() => {
    // On a phone the keyboard would cover what is new, and whoever comes back to results wants those.
    if (first.current === '' && window.matchMedia('(width >= 640px) and (hover: hover)').matches)
      box.current?.focus({ preventScroll: true });
  }, [box]);
}
