import { Tooltip } from '@mantine/core';
import type { AssetCard, AssetStatus } from '@offshelf/server/contract/assets';
import type { TermTag } from '@offshelf/server/contract/taxonomy';
import type { ReactNode } from 'react';
import { formatFileType } from '../lib/format.ts';
import classes from './bits.module.css';
import { Hint } from './hint.tsx';

/** `look` asks for attention, `broken` is only for what does not work. */
export type Tone = 'plain' | 'good' | 'look' | 'broken' | 'quiet';

/** A short word with a meaning of its own. The tone adds to the word and never replaces it. */
export function StatusBadge({
  tone = 'plain',
  children,
  hint,
}: {
  tone?: Tone;
  children: ReactNode;
  hint?: string;
}) {
  const badge = (
    <span className={classes.badge} data-tone={tone}>
      {children}
    </span>
  );
  return hint ? <Hint label={hint}>{badge}</Hint> : badge;
}

const statuses: Record<AssetStatus, { word: string; tone: Tone; hint: string }> = {
  draft: { word: 'Draft', tone: 'plain', hint: 'Only marketing and admins see it.' },
  published: { word: 'Published', tone: 'good', hint: 'Everybody finds it.' },
  archived: { word: 'Archived', tone: 'quiet', hint: 'Kept, but no longer found or shared.' },
};

export function AssetStatusBadge({ status }: { status: AssetStatus }) {
  const { word, tone, hint } = statuses[status];
  return (
    <StatusBadge tone={tone} hint={hint}>
      {word}
    </StatusBadge>
  );
}

/** What to know before an asset is sent, and nothing where all is well. */
export function CautionBadges({ asset }: { asset: { audience: AssetCard['audience']; isStale: boolean } }) {
  return (
    <>
      {asset.audience === 'internal' && (
        <StatusBadge hint="For you, not for buyers. It cannot be shared.">Internal only</StatusBadge>
      )}
      {asset.isStale && (
        <StatusBadge
          tone="look"
          hint="Past its review date, or its owner is gone. Check it before you send it."
        >
          Review overdue
        </StatusBadge>
      )}
    </>
  );
}

/** What went wrong with an asset's pages, where it is one of many; its own page says it in full and offers another try. */
export function RenditionFaultBadge({ isWebLink, hint }: { isWebLink: boolean; hint?: string | null }) {
  return (
    <StatusBadge tone="look" {...(hint && { hint })}>
      {isWebLink ? 'Does not open' : 'No pages'}
    </StatusBadge>
  );
}

/** Stands where a thumbnail would: the kind of file in a word. */
export function FileTypeIcon({
  mediaType,
  fileName = null,
  isWebLink = false,
  size = 'medium',
}: {
  mediaType: string;
  fileName?: string | null;
  isWebLink?: boolean;
  size?: 'small' | 'medium' | 'large';
}) {
  const word = isWebLink ? 'WEB' : formatFileType(mediaType, fileName);
  const [width, height] = { small: [46, 22], medium: [46, 58], large: [72, 92] }[size] as [number, number];
  return (
    <span
      className={classes.tile}
      data-size={size}
      style={{ width, height }}
      role="img"
      aria-label={`${word} file`}
    >
      <span aria-hidden="true">{word}</span>
    </span>
  );
}

/** An asset's terms in the order given, cut after `limit`. */
export function TermChips({ terms, limit = 6 }: { terms: readonly TermTag[]; limit?: number }) {
  if (terms.length === 0) return null;
  const rest = terms.slice(limit);
  return (
    <ul className={classes.chips} aria-label="Terms">
      {terms.slice(0, limit).map((term) => (
        <li key={term.id} className={classes.chip}>
          {term.name}
        </li>
      ))}
      {rest.length > 0 && (
        <li className={classes.more}>
          <Tooltip label={rest.map((term) => term.name).join(', ')} multiline maw={320}>
            <span>{rest.length} more</span>
          </Tooltip>
        </li>
      )}
    </ul>
  );
}
