import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { assetQuery } from '../assets/api.ts';
import { paths } from '../lib/paths.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { notifyDone } from '../ui/notify.tsx';
import { useSharing, whyNotShared } from '../ui/sharing.tsx';
import type { SearchHit } from './api.ts';
import type { FocusTargets } from './find-box.tsx';
import classes from './find-page.module.css';
import { HitCard } from './hit-card.tsx';

interface HitListProps {
  hits: SearchHit[];
  focus: FocusTargets;
  openId: string | undefined;
  onOpen: (assetId: string | undefined) => void;
}

/** Result cards with one stop for the Tab key; j, k and the arrows walk them. An open preview follows. */
export function HitList({ hits, focus, openId, onOpen }: HitListProps) {
  const [activeId, setActiveId] = useState<string>();
  const { share } = useSharing();
  const navigate = useNavigate();
  const client = useQueryClient();
  const found = hits.findIndex((hit) => hit.asset.id === (activeId ?? openId));
  const active = Math.max(0, found);
  const activeHit = hits[active];

  const go = (index: number) => {
    if (index < 0) {
      focus.box.current?.focus();
      focus.box.current?.select();
      return;
    }
    const next = hits[Math.min(index, hits.length - 1)];
    if (!next) return;
    setActiveId(next.asset.id);
    requestAnimationFrame(() =>
      focus.results.current?.querySelector<HTMLElement>(`[data-hit="${next.asset.id}"]`)?.focus(),
    );
    if (openId) onOpen(next.asset.id);
  };
  const wasOpen = useRef(openId);
  useEffect(() => {
    const closedId = openId ? undefined : wasOpen.current;
    wasOpen.current = openId;
    if (!closedId) return;
    // A preview over the page took the focus; where it could not give it back, the list does.
    const timer = setTimeout(() => {
      if (document.activeElement === document.body)
        focus.results.current?.querySelector<HTMLElement>(`[data-hit="${closedId}"]`)?.focus();
    }, 300);
    return () => clearTimeout(timer);
  }, [openId, focus.results]);
  const isInList = () => focus.results.current?.contains(document.activeElement) ?? false;
  const shareOrSayWhyNot = ({ asset }: SearchHit) => {
    const reason = whyNotShared(asset);
    if (reason) notifyDone(reason);
    else share(asset);
  };
  const openPage = (hit: SearchHit) => void navigate({ to: paths.asset(hit.asset.id) });
  /** The first Enter shows the preview, the second opens the page. */
  const enter = (hit: SearchHit) => (openId === hit.asset.id ? openPage(hit) : onOpen(hit.asset.id));

  useShortcutList([
    { keys: 'j', label: 'Next result', group: 'Results', run: () => go(isInList() ? active + 1 : active) },
    { keys: 'k', label: 'Result before', group: 'Results', run: () => go(isInList() ? active - 1 : active) },
    {
      keys: 'o',
      label: 'Open the asset’s page',
      group: 'Results',
      run: () => activeHit && openPage(activeHit),
    },
    {
      keys: 's',
      label: 'Share the result',
      group: 'Results',
      run: () => activeHit && shareOrSayWhyNot(activeHit),
    },
    ...(openId
      ? []
      : [{ keys: 'Escape', label: 'Back to the question', group: 'Results', run: () => go(-1) }]),
  ]);

  return (
    <ul
      ref={focus.results}
      className={classes.hits}
      aria-label="Results"
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        if (!step || event.metaKey || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        go(active + step);
      }}
    >
      {hits.map((hit, index) => (
        <HitCard
          key={hit.asset.id}
          hit={hit}
          isActive={index === active}
          isOpen={hit.asset.id === openId}
          onFocus={() => {
            setActiveId(hit.asset.id);
            void client.prefetchQuery(assetQuery(hit.asset.id));
          }}
          onEnter={() => enter(hit)}
          onPreview={() => onOpen(hit.asset.id)}
        />
      ))}
    </ul>
  );
}
