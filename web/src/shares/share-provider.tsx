import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { type SharedAsset, SharingContext } from '../ui/sharing.tsx';

const ShareSheet = lazy(() => import('./share-sheet.tsx').then((module) => ({ default: module.ShareSheet })));

/** Lets every page share an asset with one sheet. */
export function ShareProvider({ children }: { children: ReactNode }) {
  const [asset, setAsset] = useState<SharedAsset>();
  // The sheet keeps its asset while it slides out.
  const [isOpen, setIsOpen] = useState(false);
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
