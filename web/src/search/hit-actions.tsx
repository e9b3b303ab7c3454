import { Button } from '@mantine/core';
import { IconCopy, IconLayoutSidebarRight, IconStack2 } from '@tabler/icons-react';
import { memo } from 'react';
import { useCollecting } from '../ui/collecting.tsx';
import { copyText } from '../ui/copy-button.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { ShareButton } from '../ui/sharing.tsx';
import type { CardShape } from './answer-parts.ts';
import { keepSearchOf, type NotRightReason, type SearchHit } from './api.ts';
import classes from './hit-card.module.css';
import { NotRightMenu } from './not-right.tsx';

/** What a card tells its list, by its key; the same functions for every card. */
export interface HitHandlers {
  focus: (key: string) => void;
  /** A click or Enter on the title. */
  enter: (key: string) => void;
  preview: (key: string) => void;
  copy: (key: string) => void;
  /** To decide about it together with others, or not any more. */
  choose: (key: string) => void;
  askWhy: (key: string, isOpen: boolean) => void;
  putAside: (key: string, reason: NotRightReason) => void;
  takeBack: (key: string) => void;
}

/** What to write to them: the talk track; where there is none, what the asset is, unless that is for colleagues only. */
export function messageFor({ talkTrack, asset }: SearchHit): string | undefined {
  const words = talkTrack.trim();
  if (words) return words;
  if (asset.audience === 'internal') return undefined;
  return asset.description ? `${asset.title}: ${asset.description}` : asset.useWhen || asset.title;
}

export async function copyMessage(hit: SearchHit): Promise<void> {
  const message = messageFor(hit);
  if (!message)
    return notifyDone('It is internal only and has no talk track, so there is no message to copy');
  try {
    await copyText(message);
    keepSearchOf(hit.asset.id);
    notifyDone('Message copied');
  } catch (error) {
    notifyProblem(error);
  }
}

interface HitActionsProps extends Pick<SearchHit, 'asset' | 'pageNumber'> {
  hitKey: string;
  hasMessage: boolean;
  shape: CardShape;
  isActive: boolean;
  isNotRightOpen: boolean;
  on: HitHandlers;
}

/** What can be done with a result. It knows nothing of the words that matched, so typing on leaves it alone. */
export const HitActions = memo(function HitActions({
  hitKey,
  asset,
  pageNumber,
  hasMessage,
  shape,
  isActive,
  isNotRightOpen,
  on,
}: HitActionsProps) {
  const { open: collect } = useCollecting();
  const tabIndex = isActive ? 0 : -1;
  const isLeading = shape === 'best' || (shape !== 'side' && isActive);
  return (
    <div className={classes.actions}>
      <ShareButton asset={asset} size="xs" variant={isLeading ? 'filled' : 'default'} tabIndex={tabIndex} />
      {hasMessage && (
        <Button
          size="xs"
          variant={shape === 'best' ? 'default' : 'subtle'}
          color="gray"
          className={classes.copy}
          leftSection={<IconCopy size={16} stroke={1.5} aria-hidden />}
          aria-label={`Copy message for ${asset.title}`}
          tabIndex={tabIndex}
          onClick={() => on.copy(hitKey)}
        >
          Copy message
        </Button>
      )}
      <span className={classes.small}>
        <button
          type="button"
          className={`${classes.icon ?? ''} ${classes.preview ?? ''}`}
          title={pageNumber ? `Preview at page ${pageNumber.toString()}` : 'Preview'}
          aria-label={`Preview ${asset.title}`}
          tabIndex={tabIndex}
          onClick={() => on.preview(hitKey)}
        >
          <IconLayoutSidebarRight size={18} stroke={1.5} aria-hidden />
        </button>
        <button
          type="button"
          className={classes.icon}
          title="Add to a collection (a)"
          aria-label={`Add ${asset.title} to a collection`}
          tabIndex={tabIndex}
          onClick={() => collect(asset)}
        >
          <IconStack2 size={18} stroke={1.5} aria-hidden />
        </button>
        <NotRightMenu
          title={asset.title}
          isOpen={isNotRightOpen}
          onOpen={(isOpen) => on.askWhy(hitKey, isOpen)}
          onChoose={(reason) => on.putAside(hitKey, reason)}
          tabIndex={tabIndex}
        />
      </span>
    </div>
  );
});
