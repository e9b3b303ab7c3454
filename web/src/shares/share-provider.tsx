import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { type Shared, SharingContext } from '../ui/sharing.tsx';

const loadSheet = () => import('./share-sheet.tsx').then((module) => ({ default: module.ShareSheet }));
const ShareSheet = lazy(loadSheet);
const readyAfterMs = 1000;

/** Lets every page share an asset or a room with one sheet. */
export function ShareProvider({ children }: { children: ReactNode }) {
  const [subject, setSubject] = useState<Shared>();
  // The sheet keeps what it shares while it slides out.
  const [isOpen, setIsOpen] = useState(false);
  // Fetched before it is wanted: whoever presses S types the name at once.
  useEffect(() => {
    const timer = setTimeout(() => void loadSheet().catch(() => undefined), readyAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const sharing = useMemo(
    () => ({
      isSharing: isOpen,
      share: (next: Shared) => {
        setSubject(next);
        setIsOpen(true);
      },
    }),
    [isOpen],
  );
  return (
    <SharingContext value={sharing}>
      {children}
      <Suspense>
        {subject && <ShareSheet subject={subject} isOpen={isOpen} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </SharingContext>
  );
}
