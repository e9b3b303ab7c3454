import type { ButtonProps } from '@mantine/core';
import type { AssetCard } from '@offshelf/server/contract/assets';
import { IconSend } from '@tabler/icons-react';
import { createContext, useContext } from 'react';
import { ReasonedButton } from './reasoned-button.tsx';
import type { Pictured } from './thumbnail.tsx';

/** What sharing needs to know of an asset; cards and whole assets both have it. */
export type SharedAsset = Pick<
  AssetCard,
  'id' | 'title' | 'description' | 'sizeBytes' | 'audience' | 'status'
> &
  Pictured;

/** A room as the sheet needs to know it. */
export interface SharedRoom {
  roomId: string;
  title: string;
  itemCount: number;
}

export type Shared = SharedAsset | SharedRoom;

interface Sharing {
  /** Opens the share sheet for this asset or room. */
  share: (subject: Shared) => void;
  /** The sheet is open, so whatever else floats makes room. */
  isSharing: boolean;
}

/** Sharing starts from many features and is done by one; the app puts the one in here. */
export const SharingContext = createContext<Sharing>({ share: () => undefined, isSharing: false });

export function useSharing(): Sharing {
  return useContext(SharingContext);
}

/** Why an asset can't be shared, with the way out; undefined when it can. */
export function whyNotShared(asset: Pick<AssetCard, 'audience' | 'status'>): string | undefined {
  if (asset.status === 'draft') return 'This is a draft. Marketing can publish it, then it can be shared.';
  if (asset.status === 'archived') return 'This is archived. Marketing can publish it again.';
  if (asset.audience === 'internal')
    return 'Internal only: for you, not for buyers. Marketing can change its audience.';
  return undefined;
}

interface ShareButtonProps extends Omit<ButtonProps, 'disabled'> {
  asset: SharedAsset;
  tabIndex?: number;
}

/** Share, or a button that says why not. */
export function ShareButton({ asset, ...props }: ShareButtonProps) {
  const { share } = useSharing();
  return (
    <ReasonedButton
      leftSection={<IconSend size={16} stroke={1.5} aria-hidden />}
      {...props}
      aria-label={`Share ${asset.title}`}
      reason={whyNotShared(asset)}
      onClick={() => share(asset)}
    >
      Share
    </ReasonedButton>
  );
}
