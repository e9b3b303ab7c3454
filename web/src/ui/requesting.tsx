import { createContext, useContext } from 'react';

/** What a request is filled in with; all of it can be changed. */
export interface RequestDraft {
  title: string;
  details: string;
  termIds: readonly string[];
  /** The search that found nothing fitting. */
  searchId: string | null;
}

interface Requesting {
  /** Opens the form that asks marketing for an asset. */
  open: (draft: RequestDraft) => void;
}

/** Assets are asked for from many features and one does it; the app puts the one in here. */
export const RequestingContext = createContext<Requesting>({ open: () => undefined });

export function useRequesting(): Requesting {
  return useContext(RequestingContext);
}
