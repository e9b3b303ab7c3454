import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { type RequestDraft, RequestingContext } from '../ui/requesting.tsx';

const RequestSheet = lazy(() =>
  import('./request-sheet.tsx').then((module) => ({ default: module.RequestSheet })),
);

/** Lets every page ask for what is missing with one form. */
export function RequestingProvider({ children }: { children: ReactNode }) {
  const [draft, setDraft] = useState<RequestDraft>();
  const requesting = useMemo(() => ({ open: setDraft }), []);
  return (
    <RequestingContext value={requesting}>
      {children}
      <Suspense>{draft && <RequestSheet draft={draft} onClose={() => setDraft(undefined)} />}</Suspense>
    </RequestingContext>
  );
}
