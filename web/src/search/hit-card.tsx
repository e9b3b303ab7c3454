import { Checkbox } from '@mantine/core';
import { memo, type ReactNode, useEffect, useRef } from 'react';
import { formatCalendarDay, formatFileType, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { onPlainClick } from '../lib/plain-click.ts';
import { CautionBadges, StatusBadge } from '../ui/badges.tsx';
import { Hint } from '../ui/hint.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { Snippet } from '../ui/words.tsx';
import type { Entry } from './answer-parts.ts';
import type { SearchHit } from './api.ts';
import type { AssetEvidence } from './find-api.ts';
import { HitActions, type HitHandlers, messageFor } from './hit-actions.tsx';
import classes from './hit-card.module.css';
import { HitInfluence, HitSent } from './hit-past.tsx';
import { Aside } from './not-right.tsx';

const pictureSizes = { best: 'cover', side: 'small', line: 'small', row: 'card' } as const;

interface HitCardProps extends Omit<Entry, 'key'> {
  hitKey: string;
  accountName: string | undefined;
  evidence: AssetEvidence | undefined;
  isActive: boolean;
  isOpen: boolean;
  isNotRightOpen: boolean;
  /** Undefined where the reader decides nothing. */
  isChosen: boolean | undefined;
  on: HitHandlers;
  children?: ReactNode;
}

/** One asset as an answer: what it is, when to use it, why it is here, and what became of it so far. */
export const HitCard = memo(function HitCard({
  hitKey,
  hit,
  shape,
  part,
  accountName,
  evidence,
  isActive,
  isOpen,
  isNotRightOpen,
  isChosen,
  on,
  children,
}: HitCardProps) {
  const { asset, pageNumber } = hit;
  const tabIndex = isActive ? 0 : -1;
  const isWhole = shape === 'best' || shape === 'row';
  const link = useFocusOnceBack(hit.notRight !== null);
  const onFocus = () => on.focus(hitKey);
  if (hit.notRight)
    return (
      <Aside
        asset={asset}
        reason={hit.notRight}
        tabIndex={tabIndex}
        hitKey={hitKey}
        onFocus={onFocus}
        onTakeBack={() => on.takeBack(hitKey)}
      />
    );
  return (
    <li className={classes.card} data-shape={shape} data-open={isOpen || undefined} onFocus={onFocus}>
      <div className={classes.picture}>
        <Picture asset={asset} size={pictureSizes[shape]} pageNumber={pageNumber} />
        {isChosen !== undefined && (
          <Checkbox
            size="xs"
            className={classes.choose}
            data-chosen={isChosen || undefined}
            tabIndex={tabIndex}
            aria-label={`Choose ${asset.title}`}
            checked={isChosen}
            onChange={() => on.choose(hitKey)}
          />
        )}
      </div>
      <div className={classes.words}>
        {part && <p className={classes.part}>{part}</p>}
        <h3 className={classes.title}>
          <a
            href={paths.asset(asset.id)}
            className={classes.link}
            data-hit={hitKey}
            ref={link}
            tabIndex={tabIndex}
            aria-current={isOpen || undefined}
            onClick={onPlainClick(() => on.enter(hitKey))}
          >
            <Snippet parts={hit.title} />
          </a>
          <Badges hit={hit} />
        </h3>
        <UseWhen hit={hit} />
        {isWhole && <Excerpt hit={hit} />}
        <WhyHere hit={hit} isWhole={shape !== 'row'} />
        <HitSent hit={hit} accountName={accountName} />
        {isWhole && <HitInfluence influence={hit.influence} />}
        <Facts
          asset={asset}
          sharedByCount={hit.sharedByCount}
          humanOpenCount={hit.humanOpenCount}
          evidence={evidence}
          isShort={!isWhole}
        />
      </div>
      <HitActions
        hitKey={hitKey}
        asset={asset}
        pageNumber={pageNumber}
        hasMessage={messageFor(hit) !== undefined}
        shape={shape}
        isActive={isActive}
        isNotRightOpen={isNotRightOpen}
        on={on}
      />
      {children}
    </li>
  );
});

/** Drawn anew only for another picture, however the words of the card change. */
const Picture = memo(Thumbnail);

/** The button that took a result back goes with its line, so the card that is there again takes the focus. */
function useFocusOnceBack(isAside: boolean) {
  const link = useRef<HTMLAnchorElement>(null);
  const wasAside = useRef(isAside);
  useEffect(() => {
    const isBack = wasAside.current && !isAside;
    wasAside.current = isAside;
    if (isBack && document.activeElement === document.body) link.current?.focus({ preventScroll: true });
  }, [isAside]);
  return link;
}

function Badges({ hit: { asset, isReservedForNew, sentToAccount } }: { hit: SearchHit }) {
  return (
    <>
      <CautionBadges asset={asset} />
      {isReservedForNew && (
        <StatusBadge tone="good" hint="It stands here because it is new and nobody could use it yet.">
          New
        </StatusBadge>
      )}
      {sentToAccount?.isOlderVersion && (
        <StatusBadge tone="look" hint="What they were given has been replaced since.">
          Older version sent
        </StatusBadge>
      )}
    </>
  );
}

function textOf(parts: SearchHit['excerpt']): string {
  return parts?.map((part) => part.text).join('') ?? '';
}

/** When to use it; where this very line matched, it carries the marks. */
function UseWhen({ hit: { asset, excerpt } }: { hit: SearchHit }) {
  if (!asset.useWhen) return null;
  return (
    <p className={classes.useWhen}>
      <span className={classes.label}>Use when</span>{' '}
      {excerpt && textOf(excerpt) === asset.useWhen ? <Snippet parts={excerpt} /> : asset.useWhen}
    </p>
  );
}

function Excerpt({ hit: { asset, excerpt, pageNumber } }: { hit: SearchHit }) {
  const body = textOf(excerpt) === asset.useWhen ? null : excerpt;
  if (!body && !asset.description) return null;
  return (
    <p className={classes.excerpt}>
      {body && pageNumber !== null && asset.pageCount > 1 && (
        <>
          <span className={classes.where}>Page {pageNumber}</span>{' '}
        </>
      )}
      {body ? <Snippet parts={body} /> : asset.description}
    </p>
  );
}

const mostReasons = 3;

/** Only the first begins with a capital; a situation begins with the name of a term. */
function inSentence({ kind, text }: SearchHit['why'][number], index: number): string {
  return index === 0 || kind === 'situation' ? text : text.charAt(0).toLowerCase() + text.slice(1);
}

/** How often it was shared stands among the facts of a row already. */
function WhyHere({ hit, isWhole }: { hit: SearchHit; isWhole: boolean }) {
  const reasons = hit.why
    .filter(({ kind }) => isWhole || (kind !== 'evidence' && kind !== 'new'))
    .slice(0, mostReasons);
  if (reasons.length === 0) return null;
  return (
    <p className={classes.why}>
      <span className={classes.label}>Why this</span> {reasons.map(inSentence).join('; ')}
    </p>
  );
}

interface FactsProps extends Pick<SearchHit, 'asset' | 'sharedByCount' | 'humanOpenCount'> {
  evidence: AssetEvidence | undefined;
  isShort: boolean;
}

const Facts = memo(function Facts({ asset, sharedByCount, humanOpenCount, evidence, isShort }: FactsProps) {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  const fileType = asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName);
  const facts = [
    type ? `${type}, ${fileType}` : fileType,
    ...(asset.versionNumber > 1 ? [`version ${asset.versionNumber.toString()}`] : []),
    ...(asset.ownerName ? [asset.ownerName] : []),
    ...(asset.reviewOn && !isShort ? [`review by ${formatCalendarDay(asset.reviewOn)}`] : []),
  ];
  return (
    <p className={classes.facts}>
      {facts.map((fact) => (
        <span key={fact}>{fact}</span>
      ))}
      {!isShort && (
        <span className={classes.evidence} data-none={sharedByCount === 0 || undefined}>
          {sharedByCount === 0
            ? 'not shared in 90 days'
            : `shared by ${plural(sharedByCount, 'rep')} in 90 days`}
        </span>
      )}
      {!isShort && <HumanOpens count={humanOpenCount} evidence={evidence} />}
    </p>
  );
});

/** The number is there at once; how sure it is follows. */
function HumanOpens({ count, evidence }: { count: number; evidence: AssetEvidence | undefined }) {
  const { value, low, high, hiddenCount } = evidence?.humanOpens ?? {
    value: count,
    low: count,
    high: count,
    hiddenCount: 0,
  };
  if (value === 0 && high === 0) return null;
  const words = (
    <span className={classes.evidence}>
      {plural(value, 'human open')}
      {low !== high && `, ${low.toString()} to ${high.toString()}`}
    </span>
  );
  if (hiddenCount === 0) return words;
  return <Hint label={`${plural(hiddenCount, 'automated visit')} left out`}>{words}</Hint>;
}
