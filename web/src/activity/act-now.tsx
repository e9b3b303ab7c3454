import { UnstyledButton } from '@mantine/core';
import { useLocalStorage, useMediaQuery } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useUser } from '../auth/api.ts';
import { formatNumber, plural } from '../lib/format.ts';
import { useShortcutList } from '../lib/shortcuts.ts';
import { CountTabs } from '../ui/count-tabs.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import classes from './act-now.module.css';
import { ActNowRow } from './act-now-row.tsx';
import { type ActNow as ActNowList, actNowQuery, type Whose } from './api.ts';

/** The rest of the page stays in sight; on a phone an entry takes twice the room. */
const shownAtFirst = { wide: 4, phone: 2 };

function useShownAtFirst(): number {
  const isPhone = useMediaQuery('(width < 640px)', false, { getInitialValueInEffect: false });
  return isPhone ? shownAtFirst.phone : shownAtFirst.wide;
}

/** Who read what they were sent and has no answer yet: what a rep does first in the morning. */
export function ActNow() {
  const seesTeam = useUser().role !== 'rep';
  const [whose, setWhose] = useLocalStorage<Whose>({
    key: 'offshelf-act-now-whose',
    defaultValue: 'own',
    getInitialValueInEffect: false,
  });
  const shown = seesTeam ? whose : 'own';
  const { data, error, refetch } = useQuery(actNowQuery(shown));
  const height = useExpectedHeight(data);
  if (error && !data)
    return (
      <section className={classes.section} aria-label="Act now">
        <ProblemNote error={error} onRetry={() => void refetch()} />
      </section>
    );
  if (!data) return <div className={classes.section} style={{ minHeight: height }} aria-hidden="true" />;
  return (
    <section className={classes.section} aria-labelledby="act-now">
      <header className={classes.head}>
        <h2 id="act-now" className={classes.heading}>
          Act now
        </h2>
        {data.totalCount > 0 && (
          <p className={classes.count}>
            {plural(data.totalCount, 'reader waits', 'readers wait')} for an answer
            {data.overdueCount > 0 && (
              <>
                , <strong>{formatNumber(data.overdueCount)} for more than a day</strong>
              </>
            )}
          </p>
        )}
        {seesTeam && (
          <CountTabs
            label="Whose"
            className={classes.whose}
            value={shown}
            onChoose={(value) => setWhose(value ?? 'own')}
            tabs={[
              { value: 'own', name: 'Mine', count: null },
              { value: 'team', name: 'My team', count: null },
            ]}
          />
        )}
      </header>
      <Entries data={data} isTeam={shown === 'team'} />
    </section>
  );
}

function Entries({ data, isTeam }: { data: ActNowList; isTeam: boolean }) {
  const [isWhole, setIsWhole] = useState(false);
  const [showsSnoozed, setShowsSnoozed] = useState(false);
  const [menuOf, setMenuOf] = useState<string>();
  const atFirst = useShownAtFirst();
  const list = useRef<HTMLUListElement>(null);
  const { items, snoozed, totalCount } = data;
  const entries = [...(isWhole ? items : items.slice(0, atFirst)), ...(showsSnoozed ? snoozed : [])];
  useRowKeys(list, entries.length > 0, setMenuOf);
  return (
    <>
      {items.length === 0 && <Nothing hasSnoozed={snoozed.length > 0} isTeam={isTeam} />}
      {entries.length > 0 && (
        <ul ref={list} className={classes.list} aria-label="Act now, what matters most first">
          {entries.map((entry) => (
            <ActNowRow
              key={entry.shareLinkId}
              entry={entry}
              isMenuOpen={menuOf === entry.shareLinkId}
              onMenu={(isOpen) => setMenuOf(isOpen ? entry.shareLinkId : undefined)}
            />
          ))}
        </ul>
      )}
      <p className={classes.more}>
        {items.length > atFirst && (
          <UnstyledButton aria-expanded={isWhole} onClick={() => setIsWhole((was) => !was)}>
            {isWhole
              ? 'Show fewer'
              : totalCount > items.length
                ? `Show the first ${formatNumber(items.length)} of ${formatNumber(totalCount)}`
                : `Show all ${formatNumber(items.length)}`}
          </UnstyledButton>
        )}
        {snoozed.length > 0 && (
          <UnstyledButton aria-expanded={showsSnoozed} onClick={() => setShowsSnoozed((was) => !was)}>
            {showsSnoozed ? 'Hide what is put off' : `${formatNumber(snoozed.length)} put off`}
          </UnstyledButton>
        )}
      </p>
    </>
  );
}

function Nothing({ hasSnoozed, isTeam }: { hasSnoozed: boolean; isTeam: boolean }) {
  if (hasSnoozed) return <p className={classes.nothing}>Nobody else waits for an answer.</p>;
  return (
    <div className={classes.empty}>
      <div className={classes.miniature} aria-hidden="true" inert>
        <span className={classes.miniatureMark} />
        <span>
          <strong>Dana Okafor</strong> read 6 of 8 pages of <strong>Pricing</strong> for 4 min, 2 hours ago
        </span>
      </div>
      <p>
        {isTeam ? 'Nobody in your team has' : 'You have'} an answer to give. Once a person has read a page of
        what {isTeam ? 'they' : 'you'} sent, they stand here until somebody follows up. Mail scanners and
        previews never do.
      </p>
    </div>
  );
}

/** `j` and `k` walk the rows, Enter opens the one that has the focus, `f` notes a follow-up. */
function useRowKeys(
  list: React.RefObject<HTMLUListElement | null>,
  isOn: boolean,
  onFollowUp: (shareLinkId: string) => void,
): void {
  const rows = () => [...(list.current?.querySelectorAll<HTMLElement>('[data-share-link]') ?? [])];
  const at = () => rows().findIndex((row) => row.contains(document.activeElement));
  const go = (step: number) => {
    const all = rows();
    const index = Math.max(0, Math.min(all.length - 1, at() + step));
    all[index]?.querySelector<HTMLElement>('[data-main-link]')?.focus();
  };
  const group = 'Act now';
  useShortcutList(
    isOn
      ? [
          { keys: 'j', label: 'Next entry', group, run: () => go(1) },
          { keys: 'k', label: 'Entry before', group, run: () => go(-1) },
          {
            keys: 'f',
            label: 'Followed up',
            group,
            run: (event) => {
              const id = rows()[Math.max(0, at())]?.dataset.shareLink;
              if (!id) return;
              event.preventDefault();
              onFollowUp(id);
            },
          },
        ]
      : [],
  );
}

const headHeight = 40;
const rowHeights = { wide: 66, phone: 148 };

/** As much room as the list took the last time, so that nothing below it moves when it is here. */
function useExpectedHeight(data: ActNowList | undefined): number {
  const [rows, setRows] = useLocalStorage({
    key: 'offshelf-act-now-rows',
    defaultValue: 1,
    getInitialValueInEffect: false,
  });
  const atFirst = useShownAtFirst();
  const count = data && Math.max(1, Math.min(atFirst, data.items.length));
  useEffect(() => {
    if (count !== undefined) setRows(count);
  }, [count, setRows]);
  return headHeight + rows * (atFirst === shownAtFirst.phone ? rowHeights.phone : rowHeights.wide);
}
