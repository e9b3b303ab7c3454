import { id } from '@offshelf/server/contract/http';
import { useRouter } from '@tanstack/react-router';
import { type RefObject, useEffect } from 'react';
import { z } from 'zod';
import type { Asset, AssetVersion } from '../assets/api.ts';
import { paths } from '../lib/paths.ts';
import type { Rendition } from './api.ts';

/** Where somebody reads and what they look for, as the address says it. */
export const readingState = z.object({
  version: id('ver').optional().catch(undefined),
  page: z.coerce.number().int().min(1).max(100_000).optional().catch(undefined),
  find: z.string().max(200).catch(''),
  /** Words that a search of the library understood, to mark while there is no search in the document. */
  mark: z
    .preprocess(
      (value) => (typeof value === 'string' ? [value] : value),
      z.array(z.string().max(100)).max(20),
    )
    .catch([]),
  zoom: z.enum(['100', '150']).optional().catch(undefined),
  /** The speaker notes are open. */
  notes: z.literal('1').optional().catch(undefined),
});
export type ReadingState = z.output<typeof readingState>;
export type ChangeReading = (patch: Partial<ReadingState>) => void;

/** What every way of reading is given. */
export interface ReadingProps {
  asset: Asset;
  version: AssetVersion;
  rendition: Rendition;
  state: ReadingState;
  onChange: ChangeReading;
}

/** Back to where the reader came from; whoever opened the address itself goes to the asset. */
export function useLeave(assetId: string): () => void {
  const router = useRouter();
  return () => {
    if (router.history.canGoBack()) router.history.back();
    else void router.navigate({ to: paths.asset(assetId) });
  };
}

/** Page Down, Space and the arrows move what is read from the start, without a click into it. */
export function useScrollKeys(scroller: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { activeElement, body } = document;
    if (activeElement === null || activeElement === body)
      scroller.current?.focus({ preventScroll: true, focusVisible: false });
  }, [scroller]);
}
