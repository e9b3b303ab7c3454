import { lazy, type ReactNode, Suspense, useState } from 'react';
import { type ExplainedVisit, ExplainingContext } from '../ui/explaining.tsx';

const ReasonsSheet = lazy(() =>
  import('./reasons-sheet.tsx').then((module) => ({ default: module.ReasonsSheet })),
);

/** Lets every page explain a visit with one sheet. */
export function ExplainingProvider({ children }: { children: ReactNode }) {
  const [visit, setVisit] = useState<ExplainedVisit>();
  // The sheet keeps its visit while it slides out.
  const [isOpen, setIsOpen] = useState(false);
  const [explain] = useState(() => (next: ExplainedVisit) => {
    setVisit(next);
    setIsOpen(true);
  });
  return (
    <ExplainingContext value={explain}>
      {children}
      <Suspense>
        {visit && <ReasonsSheet visit={visit} isOpen={isOpen} onClose={() => setIsOpen(false)} />}
      </Suspense>
    </ExplainingContext>
  );
}
