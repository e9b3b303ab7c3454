import { useNavigate, useSearch } from '@tanstack/react-router';
import type { z } from 'zod';

/** Plain query strings: `?q=security&term=trm_1&term=trm_2`. Repeated names become lists. */
export function parseSearch(text: string): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(text)) {
    const before = result[name];
    result[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return result;
}

export function stringifySearch(search: Record<string, unknown>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === '') continue;
    for (const item of Array.isArray(value) ? value : [value]) params.append(name, String(item));
  }
  const text = params.toString();
  return text && `?${text}`;
}

/**
 * The page's state that lives in its address. The schema needs `.catch(…)` or `.default(…)` for every
 * field, so that a hand-edited address still opens the page; a field set to `undefined`, `''` or `[]` leaves it.
 */
export function useUrlState<S extends z.ZodObject>(
  schema: S,
): [state: z.output<S>, change: (patch: Partial<z.output<S>>, options?: { keepsHistory?: boolean }) => void] {
  const search: Record<string, unknown> = useSearch({ strict: false });
  const navigate = useNavigate();
  const state = schema.parse(search);
  const change = (patch: Partial<z.output<S>>, { keepsHistory = false } = {}) => {
    void navigate({
      to: '.',
      search: (before: Record<string, unknown>) => ({ ...before, ...patch }),
      replace: !keepsHistory,
      resetScroll: false,
    } as never);
  };
  return [state, change];
}
