import { ActionIcon } from '@mantine/core';
import { IconChevronDown, IconChevronUp, IconSearch, IconX } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { formatNumber } from '../lib/format.ts';
import classes from './find-field.module.css';
import type { Finding } from './use-finding.ts';

const typingPauseMs = 160;

interface FindFieldProps {
  finding: Finding;
  onQuery: (query: string) => void;
  /** Steps to the next match, or with -1 to the one before. */
  onStep: (step: 1 | -1) => void;
  /** Escape ends the search and gives the keys back to what is read. */
  onLeave: () => void;
}

/** Looks for words in the document: Enter goes to the next match, Shift and Enter to the one before. */
export function FindField({ finding, onQuery, onStep, onLeave }: FindFieldProps) {
  const [text, setText] = useState(finding.query);
  const sent = useRef(finding.query);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    if (finding.query === sent.current) return;
    sent.current = finding.query;
    setText(finding.query);
  }, [finding.query]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const send = (value: string) => {
    clearTimeout(timer.current);
    if (value === sent.current) return;
    sent.current = value;
    onQuery(value);
  };
  const type = (value: string) => {
    setText(value);
    clearTimeout(timer.current);
    if (value.trim() === '') send('');
    else timer.current = setTimeout(() => send(value), typingPauseMs);
  };
  const isAsked = finding.query.trim() !== '';
  const { matchCount, at } = finding;
  return (
    <search className={classes.field} data-asked={isAsked || undefined}>
      <IconSearch size={16} stroke={1.5} aria-hidden className={classes.lens} />
      <input
        type="text"
        inputMode="search"
        enterKeyHint="search"
        data-search-box
        aria-label="Search in this document"
        placeholder="Search in this document"
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onChange={(event) => type(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            event.preventDefault();
            if (text.trim() === sent.current.trim()) onStep(event.shiftKey ? -1 : 1);
            else send(text);
          } else if (event.key === 'Escape') {
            event.preventDefault();
            type('');
            onLeave();
          }
        }}
      />
      {isAsked && (
        <>
          <span className={classes.count} role="status">
            {finding.found
              ? matchCount === 0
                ? 'None'
                : at < 0
                  ? formatNumber(matchCount)
                  : `${formatNumber(at + 1)} of ${formatNumber(matchCount)}`
              : ''}
          </span>
          <ActionIcon
            size={26}
            aria-label="Match before"
            disabled={matchCount === 0}
            onClick={() => onStep(-1)}
          >
            <IconChevronUp size={16} stroke={1.5} />
          </ActionIcon>
          <ActionIcon size={26} aria-label="Next match" disabled={matchCount === 0} onClick={() => onStep(1)}>
            <IconChevronDown size={16} stroke={1.5} />
          </ActionIcon>
          <ActionIcon size={26} aria-label="Clear the search" onClick={() => type('')}>
            <IconX size={16} stroke={1.5} />
          </ActionIcon>
        </>
      )}
    </search>
  );
}
