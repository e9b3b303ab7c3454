import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import { type SharedAsset, SharingContext } from '../ui/sharing.tsx';

const loadSheet = () => import('./share-sheet.tsx').then((module) => ({ default: module.ShareSheet }));
const ShareSheet = lazy(loadSheet);
const readyAfterMs = 1000;

/** Lets every page share an asset with one sheet. */
export function ShareProvider({ children }: { children: ReactNode }) {
  const [asset, setAsset] = useState<SharedAsset>();
  // The sheet keeps its asset while it slides out.
  const [isOpen, setIsOpen] = useState(false);
  // Fetched before it is wanted: whoever presses S types the name at once.
  useEffect(() => {
    const timer = setTimeout(() => void loadSheet().catch(() => undefined), readyAfterMs);
    return () => clearTimeout(timer);
  }, []);
  const sharing = useMemo(
    () => ({
      isSharing: isOpen,
      share: (next: SharedAsset) => {
        setAsset(next);
        setIsOpen(true);
      },
    }),
    [isOpen],
  );
  return (
    <SharingContext value={sharing}>
      {children}
      <Suspense>
        {asset && <ShareSheet asset={asset} isOpen={isOpen} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </SharingContext>
  );
}
