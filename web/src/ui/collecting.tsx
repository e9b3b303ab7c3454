import type { AssetCard } from '@offshelf/server/contract/assets';
import { createContext, useContext } from 'react';

/** What collecting needs to know of an asset. */
export type CollectedAsset = Pick<AssetCard, 'id' | 'title'>;

interface Collecting {
  /** Offers the user's collections for this asset. */
  open: (asset: CollectedAsset) => void;
}

/** Assets are put into collections from many features and one does it; the app puts the one in here. */
export const CollectingContext = createContext<Collecting>({ open: () => undefined });

export function useCollecting(): Collecting {
  return useContext(CollectingContext);
}
