import { useDebouncedValue } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { memo, type ReactNode, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import { assetQuery } from '../assets/api.ts';
import { isCurator, useUser } from '../auth/api.ts';
import { paths } from '../lib/paths.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { useCollecting } from '../ui/collecting.tsx';
import { CopyButton } from '../ui/copy-button.tsx';
import { DecideBar } from '../ui/deciding.tsx';
import { notifyDone } from '../ui/notify.tsx';
import { useSharing, whyNotShared } from '../ui/sharing.tsx';
import type { AnswerParts, Entry } from './answer-parts.ts';
import type { SearchAnswer, SearchHit } from './api.ts';
import { assetEvidenceQuery } from './find-api.ts';
import type { FocusTargets } from './find-box.tsx';
import { copyMessage, type HitHandlers } from './hit-actions.tsx';
import { HitCard } from './hit-card.tsx';
import classes from './hit-list.module.css';
import { putAside, takeBack } from './not-right.tsx';

interface HitListProps {
  first: SearchAnswer;
  parts: AnswerParts;
  focus: FocusTargets;
  openId: string | undefined;
  onOpen: (assetId: string | undefined) => void;
}

/** Result cards with one stop for the Tab key; j, k and the arrows walk them. An open preview follows. */
export const HitList = memo(function HitList({ first, parts, focus, openId, onOpen }: HitListProps) {
  const { all, list, objections } = parts;
  const [activeKey, setActiveKey] = useState<string>();
  const [notRightKey, setNotRightKey] = useState<string>();
  const { picked, pickedIds, pick, clear } = useChoice(all);
  const client = useQueryClient();
  const evidence = useEvidence(all);
  const chosen = all.findIndex(({ key }) => key === activeKey);
  const active = Math.max(0, chosen >= 0 ? chosen : all.findIndex(({ hit }) => hit.asset.id === openId));
  const focusOn = (key: string) =>
    focus.results.current?.querySelector<HTMLElement>(`[data-hit="${key}"]`)?.focus();

  const go = (index: number) => {
    if (index < 0) {
      focus.box.current?.focus();
      focus.box.current?.select();
      return;
    }
    const next = all[Math.min(index, all.length - 1)];
    if (!next) return;
    setActiveKey(next.key);
    requestAnimationFrame(() => focusOn(next.key));
    if (openId) onOpen(next.hit.asset.id);
  };
  useFocusAfterPreview(openId, (closedId) =>
    focusOn(all.find(({ hit }) => hit.asset.id === closedId)?.key ?? ''),
  );
  const { enter } = useHitKeys({
    active,
    entry: all[active],
    go,
    isInList: () => focus.results.current?.contains(document.activeElement) ?? false,
    openId,
    onOpen,
    onNotRight: setNotRightKey,
    onChoose: pick,
  });
  /** A card that is drawn is in the list, unless the next list is on its way already. */
  const withHit = (key: string, act: (hit: SearchHit) => void) => {
    const hit = all.find((entry) => entry.key === key)?.hit;
    if (hit) act(hit);
  };
  const on = useHandlers({
    focus: (key) => {
      setActiveKey(key);
      withHit(key, ({ asset }) => void client.prefetchQuery(assetQuery(asset.id)));
    },
    enter: (key) => withHit(key, enter),
    preview: (key) => withHit(key, ({ asset }) => onOpen(asset.id)),
    copy: (key) => withHit(key, (hit) => void copyMessage(hit)),
    choose: (key) => withHit(key, pick),
    askWhy: (key, isAsked) => setNotRightKey(isAsked ? key : undefined),
    putAside: (key, reason) => withHit(key, (hit) => void putAside(first.searchId, hit, reason)),
    takeBack: (key) => withHit(key, ({ asset }) => void takeBack(first.searchId, asset.id)),
  });

  const card = ({ key, ...entry }: Entry, below?: ReactNode) => (
    <HitCard
      key={key}
      {...entry}
      hitKey={key}
      accountName={first.understanding.account?.name}
      evidence={evidence.get(entry.hit.asset.id)}
      isActive={key === all[active]?.key}
      isOpen={entry.hit.asset.id === openId}
      isNotRightOpen={key === notRightKey}
      isChosen={picked?.has(entry.hit.asset.id)}
      on={on}
    >
      {below}
    </HitCard>
  );

  const hasAnswer = list[0]?.shape === 'best';
  const shown = useFirstInSight(list);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows walk the links within.
    <div
      ref={focus.results}
      onKeyDown={(event) => {
        const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
        const isElsewhere = !(event.target as HTMLElement).closest('[data-hit]');
        if (!step || isElsewhere || event.metaKey || event.ctrlKey || event.altKey) return;
        event.preventDefault();
        go(active + step);
      }}
    >
      {objections.map(({ objection, entries }) => (
        <section key={objection.term.id} className={classes.objection} aria-label={objection.term.name}>
          <h2 className={classes.quote}>{objection.quote}</h2>
          <p className={classes.reading}>
            {objection.term.name}
            {entries.length === 0 && ', and nothing on the shelf answers it yet'}
          </p>
          {entries.length > 0 && (
            <ul className={classes.answers} aria-label={`Answers to ${objection.term.name}`}>
              {entries.map((entry) => card(entry))}
            </ul>
          )}
        </section>
      ))}
      {list.length > 0 && (
        <>
          <h2 className={objections.length > 0 ? classes.rest : 'only-heard'}>
            {objections.length > 0 ? 'Everything that fits' : hasAnswer ? 'For this situation' : 'Results'}
          </h2>
          <ul
            className={classes.hits}
            aria-label="Results"
            aria-busy={shown !== list || undefined}
            data-answer={hasAnswer || undefined}
          >
            {shown.map((entry) =>
              card(
                entry,
                entry.shape === 'best' ? <WhatToSay answer={first.answer} best={entry.hit} /> : undefined,
              ),
            )}
          </ul>
        </>
      )}
      <DecideBar assetIds={pickedIds} onClear={clear} />
    </div>
  );
});

const nobody: ReadonlySet<string> = new Set();

/** The assets that were chosen to decide about, of those that are found; undefined for those who decide nothing. */
function useChoice(entries: readonly Entry[]) {
  const isDeciding = isCurator(useUser());
  const [picked, setPicked] = useState(nobody);
  const pickedIds = [...new Set(entries.map(({ hit }) => hit.asset.id))].filter((id) => picked.has(id));
  return {
    picked: isDeciding ? picked : undefined,
    pickedIds,
    pick: ({ asset }: SearchHit) => {
      if (isDeciding) setPicked(new Set(pickedIds).symmetricDifference(new Set([asset.id])));
    },
    clear: () => setPicked(nobody),
  };
}

const inSight = 5;

const none: readonly Entry[] = [];

/**
 * What stands in sight is drawn before the rest, which follows within the same blink. Until then the rest is that of
 * the list before, because most of it stays and would only be taken away to be put back.
 */
function useFirstInSight(list: readonly Entry[]): readonly Entry[] {
  const drawn = useDeferredValue(list, none);
  if (drawn === list || list.length <= inSight) return list;
  const first = list.slice(0, inSight);
  const leading = new Set(first.map(({ key }) => key));
  return [...first, ...drawn.slice(inSight).filter(({ key }) => !leading.has(key))];
}

/** The sentence to say, from the talk track of an answer or from a page of it. */
function WhatToSay({ answer, best }: Pick<SearchAnswer, 'answer'> & { best: SearchHit }) {
  const say = answer?.talkTrack;
  // What was put aside is not quoted, either.
  if (!say || (answer.best.notRight && say.assetId === answer.best.asset.id)) return null;
  const isOfBest = say.assetId === best.asset.id;
  const source = [
    ...(isOfBest ? [] : [`from “${say.assetTitle}”`]),
    ...(say.pageNumber === null ? [] : [`page ${say.pageNumber.toString()}`]),
  ].join(', ');
  return (
    <section className={classes.say} aria-label="What to say">
      <div className={classes.sayHead}>
        <h4 className={classes.sayTitle}>What to say</h4>
        {source && <span className={classes.sayFrom}>{source}</span>}
        <CopyButton value={say.text} label="Copy" size="compact-xs" className={classes.sayCopy} />
      </div>
      <p className={classes.sayText}>{say.text}</p>
    </section>
  );
}

/** The same functions for as long as the list is there, so that a card is drawn anew only when it changes. */
function useHandlers(handlers: HitHandlers): HitHandlers {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  return useMemo(
    () => ({
      focus: (key) => latest.current.focus(key),
      enter: (key) => latest.current.enter(key),
      preview: (key) => latest.current.preview(key),
      copy: (key) => latest.current.copy(key),
      choose: (key) => latest.current.choose(key),
      askWhy: (key, isOpen) => latest.current.askWhy(key, isOpen),
      putAside: (key, reason) => latest.current.putAside(key, reason),
      takeBack: (key) => latest.current.takeBack(key),
    }),
    [],
  );
}

interface HitKeysInput {
  active: number;
  entry: Entry | undefined;
  go: (index: number) => void;
  isInList: () => boolean;
  openId: string | undefined;
  onOpen: (assetId: string | undefined) => void;
  onNotRight: (key: string) => void;
  onChoose: (hit: SearchHit) => void;
}

function useHitKeys({ active, entry, go, isInList, openId, onOpen, onNotRight, onChoose }: HitKeysInput) {
  const isDeciding = isCurator(useUser());
  const { share } = useSharing();
  const { open: collect } = useCollecting();
  const navigate = useNavigate();
  const shareOrSayWhyNot = ({ asset }: SearchHit) => {
    const reason = whyNotShared(asset);
    if (reason) notifyDone(reason);
    else share(asset);
  };
  const openPage = (hit: SearchHit) => void navigate({ to: paths.asset(hit.asset.id) });
  const group = 'Results';
  useShortcutList([
    { keys: 'j', label: 'Next result', group, run: () => go(isInList() ? active + 1 : active) },
    { keys: 'k', label: 'Result before', group, run: () => go(isInList() ? active - 1 : active) },
    { keys: 'o', label: 'Open the asset’s page', group, run: () => entry && openPage(entry.hit) },
    { keys: 's', label: 'Share the result', group, run: () => entry && shareOrSayWhyNot(entry.hit) },
    { keys: 'c', label: 'Copy a message', group, run: () => entry && void copyMessage(entry.hit) },
    { keys: 'a', label: 'Add to a collection', group, run: () => entry && collect(entry.hit.asset) },
    { keys: 'n', label: 'Not right', group, run: () => entry && onNotRight(entry.key) },
    ...(isDeciding
      ? [{ keys: 'x', label: 'Choose the result', group, run: () => entry && onChoose(entry.hit) }]
      : []),
    ...(openId ? [] : [{ keys: 'Escape', label: 'Back to the question', group, run: () => go(-1) }]),
  ]);
  return {
    /** The first Enter shows the preview, the second opens the page. */
    enter: (hit: SearchHit) => (openId === hit.asset.id ? openPage(hit) : onOpen(hit.asset.id)),
  };
}

/** A preview over the page took the focus; where it could not give it back, the list does. */
function useFocusAfterPreview(openId: string | undefined, focusOn: (assetId: string) => void): void {
  const wasOpen = useRef(openId);
  const latest = useRef(focusOn);
  useEffect(() => {
    latest.current = focusOn;
  });
  useEffect(() => {
    const closedId = openId ? undefined : wasOpen.current;
    wasOpen.current = openId;
    if (!closedId) return;
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) latest.current(closedId);
    }, 300);
    return () => clearTimeout(timer);
  }, [openId]);
}

const restMs = 400;
const mostAsked = 60;

/** How the shown assets are received; asked for when the results rest, so that typing is not slowed. */
function useEvidence(entries: readonly Entry[]) {
  const ids = [...new Set(entries.map(({ hit }) => hit.asset.id))].slice(0, mostAsked).join(' ');
  const [resting] = useDebouncedValue(ids, restMs);
  const { data } = useQuery({
    ...assetEvidenceQuery(resting.split(' ').filter(Boolean)),
    enabled: resting !== '',
    placeholderData: (before) => before,
  });
  return new Map(data?.items.map((item) => [item.assetId, item]));
}
