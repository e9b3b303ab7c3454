import { Checkbox } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { formatFileType } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AssetStatusBadge, RenditionFaultBadge, StatusBadge } from '../ui/badges.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { DateText } from '../ui/words.tsx';
import type { AssetCard } from './api.ts';
import classes from './library-grid.module.css';

interface LibraryGridProps {
  assets: readonly AssetCard[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  /** Asks for the next page when the end comes into sight. */
  onEnd: (() => void) | undefined;
  isStale: boolean;
}

/** The library as pictures, for whoever knows what it looks like. One stop for the Tab key per card; j, k and the arrows walk them. */
export function LibraryGrid({ assets, selected, onSelect, onEnd, isStale }: LibraryGridProps) {
  const [active, setActive] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const go = (index: number) => {
    const next = Math.max(0, Math.min(assets.length - 1, index));
    setActive(next);
    list.current?.querySelectorAll<HTMLElement>('[data-card]')[next]?.focus();
  };
  const toggle = (id: string) => {
    const next = new Set(selected);
    if (!next.delete(id)) next.add(id);
    onSelect(next);
  };
  const isInside = () => list.current?.contains(document.activeElement) ?? false;
  useShortcutList([
    { keys: 'j', label: 'Next asset', group: 'Lists', run: () => go(isInside() ? active + 1 : active) },
    { keys: 'k', label: 'Asset before', group: 'Lists', run: () => go(isInside() ? active - 1 : active) },
    {
      keys: 'x',
      label: 'Select the asset',
      group: 'Lists',
      run: () => {
        const asset = assets[active];
        if (asset && isInside()) toggle(asset.id);
      },
    },
  ]);
  const handleKey = (event: React.KeyboardEvent) => {
    if (!(event.target as Element).matches('[data-card]') || event.metaKey || event.ctrlKey || event.altKey)
      return;
    const across = columnsOf(list.current);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    go(active + step);
  };
  return (
    <>
      <ul
        ref={list}
        className={classes.grid}
        aria-label="Assets"
        data-stale={isStale || undefined}
        data-selecting={selected.size > 0 || undefined}
        onKeyDown={handleKey}
      >
        {assets.map((asset, index) => (
          <li
            key={asset.id}
            className={classes.card}
            data-selected={selected.has(asset.id) || undefined}
            onFocus={() => setActive(index)}
          >
            <Thumbnail asset={asset} size="cover" />
            <div className={classes.words}>
              <AppLink
                to={paths.asset(asset.id)}
                className={classes.title}
                data-card
                tabIndex={index === active ? 0 : -1}
                underline="never"
              >
                {asset.title}
              </AppLink>
              <p className={classes.facts}>
                {asset.status !== 'published' && <AssetStatusBadge status={asset.status} />}
                {asset.renditionState === 'failed' && (
                  <RenditionFaultBadge isWebLink={asset.kind === 'web_link'} hint={asset.renditionReason} />
                )}
                {asset.isStale && <StatusBadge tone="look">Review overdue</StatusBadge>}
                <span>{typeOf(asset)}</span>
                {asset.status === 'published' && !asset.isStale && (
                  <span>
                    changed <DateText date={asset.updatedAt} />
                  </span>
                )}
              </p>
            </div>
            <Checkbox
              size="sm"
              className={classes.check}
              aria-label={`Select ${asset.title}`}
              checked={selected.has(asset.id)}
              onChange={() => toggle(asset.id)}
            />
          </li>
        ))}
      </ul>
      {onEnd && <End key={assets.length} onEnd={onEnd} />}
    </>
  );
}

function typeOf(asset: AssetCard): string {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  return type ?? (asset.kind === 'web_link' ? 'Web link' : formatFileType(asset.mediaType, asset.fileName));
}

/** How many cards stand beside each other right now. */
function columnsOf(list: HTMLElement | null): number {
  return list ? getComputedStyle(list).gridTemplateColumns.split(' ').length : 1;
}

function End({ onEnd }: { onEnd: () => void }) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(onEnd);
  useEffect(() => {
    latest.current = onEnd;
  });
  useEffect(() => {
    if (!ref.current) return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), {
      rootMargin: '600px',
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, []);
  return <div ref={ref} aria-hidden="true" />;
}
