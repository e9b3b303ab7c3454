import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react';
import { type CollectedAsset, CollectingContext } from '../ui/collecting.tsx';

const CollectSheet = lazy(() =>
  import('./collect-sheet.tsx').then((module) => ({ default: module.CollectSheet })),
);

/** Lets every page put an asset into a collection with one sheet. */
export function CollectingProvider({ children }: { children: ReactNode }) {
  const [asset, setAsset] = useState<CollectedAsset>();
  // The sheet keeps its asset while it slides out.
  const [isOpen, setIsOpen] = useState(false);
  const collecting = useMemo(
    () => ({
      open: (next: CollectedAsset) => {
        setAsset(next);
        setIsOpen(true);
      },
    }),
    [],
  );
  return (
    <CollectingContext value={collecting}>
      {children}
      <Suspense>
        {asset && (
          <CollectSheet key={asset.id} asset={asset} isOpen={isOpen} onClose={() => setIsOpen(false)} />
        )}
      </Suspense>
    </CollectingContext>
  );
}
