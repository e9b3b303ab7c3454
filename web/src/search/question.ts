import { id } from '@offshelf/server/contract/http';
import type { Question } from '@offshelf/server/contract/search';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef, useState } from 'react';
import { z } from 'zod';
import { paths } from '../lib/paths.ts';
import { stringifySearch, useUrlState } from '../lib/url-state.ts';
import { askedQuestionQuery, pinQuestion } from './find-api.ts';

/** Longer texts, such as a pasted e-mail, are kept by their search: addresses that long get lost on the way. */
const longestInAddress = 1500;
/** How long after the last letter the address follows. */
const restMs = 400;

const terms = (most: number) =>
  z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(id('trm')).max(most))
    .catch([]);

const pageState = z.object({
  q: z.string().max(longestInAddress).catch(''),
  /** The search whose text is asked for again. */
  from: id('srh').optional().catch(undefined),
  term: terms(500),
  audience: z.enum(['internal', 'external']).optional().catch(undefined),
  plain: terms(100),
  account: id('acc').optional().catch(undefined),
  asset: id('ast').optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(50).optional().catch(undefined),
});

type PageState = z.output<typeof pageState>;

/** What the filters of a question are called where it is changed. */
export interface QuestionChange {
  query?: string;
  termIds?: readonly string[];
  audience?: 'internal' | 'external' | null;
  plainTermIds?: readonly string[];
  accountId?: string | null;
}

export interface Asking extends Steps {
  question: Question;
  /** Nothing is asked yet. */
  isHome: boolean;
  /** The text is still being read from the search that the address names. */
  isReading: boolean;
  readError: unknown;
  openId: string | undefined;
  pageCount: number;
}

/** What can be done with the question; they stay the same, so that typing draws nothing anew but what it changes. */
interface Steps {
  /** Asks for something else and keeps the way back. */
  change: (patch: QuestionChange) => void;
  /** Typing: asked at once, while the address follows when the fingers rest. */
  type: (text: string) => void;
  /** Exchanges a stretch of the text. */
  replace: (typed: string, by: string) => void;
  open: (assetId: string | undefined) => void;
  showPages: (count: number) => void;
  /** The search of a text that is too long for the address has an id now. */
  settle: (searchId: string) => void;
}

/** The question that the address of the page holds, and a moment ahead of it while somebody types. */
export function useQuestion(): { asking: Asking; text: string } {
  const [state, change] = useUrlState(pageState);
  const kept = useQuery({ ...askedQuestionQuery(state.from ?? ''), enabled: state.from !== undefined });
  const inAddress = state.from === undefined ? state.q : (kept.data?.query ?? '');
  const address = addressKey(state.q, state.from);
  const written = useRef(address);
  const [draft, setDraft] = useState<string>();
  const text = draft ?? inAddress;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  // The address may change by itself, with the back button or a link; then it wins over what was typed.
  useEffect(() => {
    if (address === written.current) return;
    written.current = address;
    clearTimeout(timer.current);
    setDraft(undefined);
  }, [address]);

  const filters = useSame({ termIds: state.term, audience: state.audience ?? null });
  const plainTermIds = useSame(state.plain);
  const query = text.trim();
  const accountId = state.account ?? null;
  const question: Question = useMemo(
    () => ({ query, filters, plainTermIds, accountId }),
    [query, filters, plainTermIds, accountId],
  );
  const isReading = draft === undefined && state.from !== undefined && kept.isPending;

  const write = (next: string, patch: Partial<PageState>, keepsHistory: boolean) => {
    clearTimeout(timer.current);
    setDraft(next);
    const q = next.trim();
    // A text that is too long stays in hand until its search has an id for the address.
    const isLong = q.length > longestInAddress;
    if (!isLong) written.current = addressKey(q);
    change({ ...patch, page: undefined, ...(!isLong && { q, from: undefined }) }, { keepsHistory });
  };
  const steps = useSteps({
    change: (patch) =>
      write(
        patch.query ?? text,
        {
          ...(patch.termIds && { term: [...patch.termIds] }),
          ...(patch.audience !== undefined && { audience: patch.audience ?? undefined }),
          ...(patch.plainTermIds && { plain: [...patch.plainTermIds] }),
          ...(patch.accountId !== undefined && { account: patch.accountId ?? undefined }),
        },
        true,
      ),
    type: (next) => {
      clearTimeout(timer.current);
      setDraft(next);
      const wasHome = isUnasked({ ...question, query: inAddress });
      timer.current = setTimeout(() => write(next, {}, wasHome), restMs);
    },
    replace: (typed, by) => write(replaceTyped(text, typed, by), {}, true),
    open: (assetId) =>
      change({ asset: assetId }, { keepsHistory: assetId !== undefined && state.asset === undefined }),
    showPages: (count) => change({ page: count > 1 ? count : undefined }),
    settle: (searchId) => {
      const isInAddress = state.from !== undefined && draft === undefined;
      if (isInAddress || question.query.length <= longestInAddress) return;
      pinQuestion(searchId, question);
      written.current = addressKey('', searchId);
      change({ q: '', from: searchId });
    },
  });
  const asking = {
    question,
    isHome: !isReading && isUnasked(question),
    isReading,
    readError: draft === undefined ? kept.error : null,
    openId: state.asset,
    pageCount: state.page ?? 1,
    ...steps,
  };
  return { asking, text };
}

/** The same object for as long as it says the same, although the address is read anew each time. */
function useSame<T>(value: T): T {
  const key = JSON.stringify(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says when the value is another.
  return useMemo(() => value, [key]);
}

/** The same functions for as long as the page is there; each does what the latest one would. */
function useSteps(steps: Steps): Steps {
  const latest = useRef(steps);
  useEffect(() => {
    latest.current = steps;
  });
  return useMemo(
    () => ({
      change: (patch) => latest.current.change(patch),
      type: (text) => latest.current.type(text),
      replace: (typed, by) => latest.current.replace(typed, by),
      open: (assetId) => latest.current.open(assetId),
      showPages: (count) => latest.current.showPages(count),
      settle: (searchId) => latest.current.settle(searchId),
    }),
    [],
  );
}

/** What was cut out leaves no gap. */
function replaceTyped(text: string, typed: string, by: string): string {
  const at = text.toLowerCase().indexOf(typed.toLowerCase());
  if (at < 0) return text;
  const next = text.slice(0, at) + by + text.slice(at + typed.length);
  return by === '' ? next.replace(/[ \t]{2,}/g, ' ').trim() : next;
}

function addressKey(q: string, from = ''): string {
  return `${from} ${q}`;
}

function isUnasked({ query, filters }: Question): boolean {
  return query === '' && filters.termIds.length === 0 && filters.audience === null;
}

/** Where a question is asked again, for links; a long one by the search that asked it. */
export function questionPath(question: Question, searchId?: string): string {
  const isLong = question.query.length > longestInAddress;
  return `${paths.find}${stringifySearch({
    ...(isLong ? { from: searchId } : { q: question.query }),
    term: question.filters.termIds,
    audience: question.filters.audience,
    plain: question.plainTermIds,
    account: question.accountId,
  })}`;
}
