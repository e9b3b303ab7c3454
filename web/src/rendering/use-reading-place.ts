import { useEffect, useRef, useState } from 'react';
import type { Jump } from './reading-pages.tsx';
import type { ChangeReading, ReadingState } from './reading-state.ts';
import { type Finding, firstMatchFrom } from './use-finding.ts';

const settledAfterMs = 300;

export interface ReadingPlace {
  page: number;
  jump: Jump;
  /** The reader has come to this page by themselves. */
  follow: (pageNumber: number) => void;
  goTo: (pageNumber: number) => void;
  goToMatch: (at: number) => void;
  /** To the next match, or to the one before. */
  step: (by: 1 | -1) => void;
}

/** Where somebody is in a document, as they scroll, jump and search; the address says it too. */
export function useReadingPlace(
  state: ReadingState,
  onChange: ChangeReading,
  finding: Finding,
  pageCount: number,
): ReadingPlace {
  const asked = state.page ?? 1;
  const [page, setPage] = useState(Math.min(asked, Math.max(1, pageCount)));
  const [jump, setJump] = useState<Jump>({ pageNumber: page, toMatch: false });

  // The address follows the reader once they stay somewhere, and they follow it when it changes by itself.
  const written = useRef(asked);
  useEffect(() => {
    const timer = setTimeout(() => {
      if (written.current === page) return;
      written.current = page;
      onChange({ page: page === 1 ? undefined : page });
    }, settledAfterMs);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    if (asked === written.current) return;
    written.current = asked;
    setPage(asked);
    setJump({ pageNumber: asked, toMatch: false });
  }, [asked]);

  const goTo = (pageNumber: number) => {
    const next = Math.max(1, Math.min(pageCount, pageNumber));
    setPage(next);
    setJump({ pageNumber: next, toMatch: false });
  };
  const goToMatch = (at: number) => {
    const match = finding.goTo(at);
    if (!match) return;
    setPage(match.pageNumber);
    setJump({ pageNumber: match.pageNumber, toMatch: true });
  };
  // The answer to a new question shows its first match from here on.
  const { found, isFinding } = finding;
  const shown = useRef<typeof found>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an answer leads to its first match once.
  useEffect(() => {
    if (!found || isFinding || shown.current === found) return;
    shown.current = found;
    if (found.pages.length > 0) goToMatch(firstMatchFrom(found, page));
  }, [found, isFinding]);

  return {
    page,
    jump,
    follow: setPage,
    goTo,
    goToMatch,
    step: (by) => goToMatch(finding.at < 0 ? firstMatchFrom(found, page) : finding.at + by),
  };
}
