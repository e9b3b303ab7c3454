import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { usersQuery } from '../auth/api.ts';
import { dimensionsQuery } from './api.ts';
import { findTyping, type Suggestion, suggestValues, type Typing } from './completion.ts';
import classes from './find-box.module.css';

export interface Suggestions {
  typing: Typing | undefined;
  items: readonly Suggestion[];
  active: number;
  isOpen: boolean;
  move: (step: number) => void;
  close: () => void;
  onFocus: () => void;
  onBlur: () => void;
}

/** What may follow the operator that is being typed. Escape closes the list until something else is typed. */
export function useSuggestions(text: string, caret: number): Suggestions {
  const [isFocused, setIsFocused] = useState(false);
  const [active, setActive] = useState(0);
  const [closedAt, setClosedAt] = useState<string>();
  const typing = useMemo(() => findTyping(text, caret), [text, caret]);
  const dimensions = useQuery({ ...dimensionsQuery, enabled: typing?.operator.dimensionKey !== undefined });
  const people = useQuery({ ...usersQuery, enabled: typing?.operator.key === 'owner' });
  const items = useMemo(
    () =>
      typing
        ? suggestValues(typing, {
            dimensions: dimensions.data?.items ?? [],
            people: people.data?.items ?? [],
            now: new Date(),
          })
        : [],
    [typing, dimensions.data, people.data],
  );
  const place = `${text} ${caret.toString()}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another text has other suggestions.
  useEffect(() => setActive(0), [text]);
  const isComplete = items.length === 1 && items[0]?.value === typing?.part;
  return {
    typing,
    items,
    active: Math.min(active, items.length - 1),
    isOpen: isFocused && items.length > 0 && !isComplete && closedAt !== place,
    move: (step) => setActive((was) => (was + step + items.length) % items.length),
    close: () => setClosedAt(place),
    onFocus: () => setIsFocused(true),
    onBlur: () => setIsFocused(false),
  };
}

interface SuggestionListProps {
  id: string;
  optionId: (index: number) => string;
  suggestions: Suggestions;
  onTake: (index: number) => void;
}

export function SuggestionList({ id, optionId, suggestions, onTake }: SuggestionListProps) {
  const { isOpen, items, active, typing } = suggestions;
  return (
    <>
      <span className="only-heard" role="status">
        {isOpen && typing ? `${items.length.toString()} to choose from for ${typing.operator.key}` : ''}
      </span>
      {isOpen && (
        <div id={id} role="listbox" aria-label={typing?.operator.says} className={classes.suggestions}>
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus and names the active option.
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the box.
            <div
              key={item.label}
              id={optionId(index)}
              role="option"
              aria-selected={index === active}
              className={classes.suggestion}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onTake(index)}
            >
              <span>{item.label}</span>
              <span className={classes.suggestionHint}>{item.hint}</span>
            </div>
          ))}
        </div>
      )}
    </>
  );
}
