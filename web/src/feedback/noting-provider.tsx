import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { useCommands } from '../lib/commands.ts';
import { NotingObjectionContext, type ObjectionDraft } from '../ui/noting-objection.tsx';

const NoteSheet = lazy(() => import('./note-sheet.tsx').then((module) => ({ default: module.NoteSheet })));

/** Lets every page, and the palette, note what a buyer said with one form. */
export function NotingProvider({ children }: { children: ReactNode }) {
  const [draft, setDraft] = useState<ObjectionDraft>();
  const noting = useMemo(() => ({ open: setDraft }), []);
  useCommands([
    {
      id: 'note-objection',
      label: 'Note an objection',
      group: 'Actions',
      keywords: 'heard buyer said field feedback pushback',
      run: () => setDraft({}),
    },
  ]);
  return (
    <NotingObjectionContext value={noting}>
      {children}
      <Suspense>{draft && <NoteSheet draft={draft} onClose={() => setDraft(undefined)} />}</Suspense>
    </NotingObjectionContext>
  );
}
