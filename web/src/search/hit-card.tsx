import { Button } from '@mantine/core';
import { IconAlertTriangle, IconLayoutSidebarRight } from '@tabler/icons-react';
import { formatDay, formatFileType, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { ShareButton } from '../ui/sharing.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { Snippet } from '../ui/words.tsx';
import type { SearchHit } from './api.ts';
import classes from './hit-card.module.css';

interface HitCardProps {
  hit: SearchHit;
  isActive: boolean;
  isOpen: boolean;
  onFocus: () => void;
  /** A click or Enter on the title. */
  onEnter: () => void;
  onPreview: () => void;
}

/** One asset as an answer: what it is, when to use it, why it is here, and what became of it so far. */
export function HitCard({ hit, isActive, isOpen, onFocus, onEnter, onPreview }: HitCardProps) {
  const { asset } = hit;
  const tabIndex = isActive ? 0 : -1;
  return (
    <li className={classes.card} data-open={isOpen || undefined} onFocus={onFocus}>
      <Thumbnail asset={asset} size="card" />
      <div className={classes.words}>
        <h2 className={classes.title}>
          <a
            href={paths.asset(asset.id)}
            className={classes.link}
            data-hit={asset.id}
            tabIndex={tabIndex}
            aria-current={isOpen || undefined}
            onClick={(event) => {
              // With a modifier it is a link like any other, to a tab of its own.
              if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
              event.preventDefault();
              onEnter();
            }}
          >
            <Snippet parts={hit.title} />
          </a>
          <Badges hit={hit} />
        </h2>
        <Why hit={hit} />
        <Facts hit={hit} />
      </div>
      <div className={classes.actions}>
        <ShareButton asset={asset} size="xs" variant={isActive ? 'filled' : 'default'} tabIndex={tabIndex} />
        <Button
          size="xs"
          variant="subtle"
          color="gray"
          className={classes.preview}
          leftSection={<IconLayoutSidebarRight size={16} stroke={1.5} aria-hidden />}
          aria-label={`Preview ${asset.title}`}
          tabIndex={tabIndex}
          onClick={onPreview}
        >
          Preview
        </Button>
      </div>
    </li>
  );
}

function Badges({ hit: { asset } }: { hit: SearchHit }) {
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
          <IconAlertTriangle size={13} stroke={1.75} aria-hidden /> Stale
        </StatusBadge>
      )}
    </>
  );
}

/** When to use it and why it is here; where the use-when line itself matched, it carries the marks. */
function Why({ hit: { asset, excerpt, pageNumber } }: { hit: SearchHit }) {
  const words = excerpt?.map((part) => part.text).join('') ?? '';
  const isUseWhen = excerpt !== null && words === asset.useWhen;
  const body = isUseWhen ? null : excerpt;
  return (
    <>
      {asset.useWhen && (
        <p className={classes.useWhen}>
          <span className={classes.label}>Use when</span>{' '}
          {isUseWhen ? <Snippet parts={excerpt} /> : asset.useWhen}
        </p>
      )}
      {(body || asset.description) && (
        <p className={classes.excerpt}>
          {body && pageNumber !== null && asset.pageCount > 1 && (
            <span className={classes.where}>Page {pageNumber}</span>
          )}
          {body ? <Snippet parts={body} /> : asset.description}
        </p>
      )}
    </>
  );
}

function Facts({ hit: { asset, sharedByCount, humanOpenCount } }: { hit: SearchHit }) {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  const fileType = asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName);
  const facts = [
    type ? `${type}, ${fileType}` : fileType,
    ...(asset.versionNumber > 1 ? [`version ${asset.versionNumber.toString()}`] : []),
    ...(asset.ownerName ? [asset.ownerName] : []),
    ...(asset.publishedAt ? [`published ${formatDay(asset.publishedAt)}`] : []),
  ];
  return (
    <p className={classes.facts}>
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      <span className={classes.evidence} data-none={sharedByCount === 0 || undefined}>
        {sharedByCount === 0
          ? 'not shared in 90 days'
          : `shared by ${plural(sharedByCount, 'rep')}, ${plural(humanOpenCount, 'human open')} in 90 days`}
      </span>
    </p>
  );
}
