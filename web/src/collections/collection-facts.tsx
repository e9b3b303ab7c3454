import { IconPinned } from '@tabler/icons-react';
import { plural } from '../lib/format.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { DateText } from '../ui/words.tsx';
import type { CollectionCard } from './api.ts';

type Facts = Pick<CollectionCard, 'isPinned' | 'itemCount' | 'isOwn' | 'createdByName' | 'updatedAt'>;

export function CollectionFacts({
  collection,
  className,
}: {
  collection: Facts;
  className: string | undefined;
}) {
  const { isPinned, itemCount, isOwn, createdByName, updatedAt } = collection;
  return (
    <p className={className}>
      {isPinned && (
        <StatusBadge tone="good" hint="Stands on everybody’s Find page.">
          <IconPinned size={13} stroke={1.75} aria-hidden /> Pinned
        </StatusBadge>
      )}
      <span>{plural(itemCount, 'asset')}</span>
      <span>{isOwn ? 'by you' : `by ${createdByName}`}</span>
      <span>
        changed <DateText date={updatedAt} />
      </span>
    </p>
  );
}
