import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { definitions, type MetricKey, metricsQuery } from '../analytics/api.ts';
import { assetQuery } from '../assets/api.ts';
import { useUser } from '../auth/api.ts';
import { encodeCsv, saveCsv } from '../lib/csv.ts';
import { formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { useSlice } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { DecideBar } from '../ui/deciding.tsx';
import { Definition } from '../ui/definition.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useSharing, whyNotShared } from '../ui/sharing.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import classes from './aging.module.css';
import { agingEvidence, expiringWords, fallWords, flagWords, heldWords, staleWords } from './aging-words.ts';
import { AnswerButton } from './answer-button.tsx';
import { type Aging, agingQuery, bringToCurrent, type HeldVersion } from './api.ts';
import { ReadWeeks } from './read-weeks.tsx';

const mostRows = 200;

interface Row {
  key: string;
  assetId: string;
  title: string;
  ownerName: string | null;
  says: string;
  picture?: ReactNode;
  action: ReactNode;
}

interface Section {
  name: string;
  metric: MetricKey;
  heading: (count: number) => string;
  none: string;
  count: number;
  rows: Row[];
}

const nothing: ReadonlySet<string> = new Set();

/** What is in use and going off: five lists, each with one thing to do about every row. */
export function AgingPage() {
  const slice = useSlice();
  const { data, error, isPending, isPlaceholderData, refetch } = useQuery(agingQuery(slice, mostRows));
  const [selected, setSelected] = useState(nothing);
  const sections = data ? sectionsOf(data) : [];
  const chosen = sections.flatMap(({ rows }) => rows).filter(({ key }) => selected.has(key));
  return (
    <>
      <PageHeader title="Going off" lead="What people use and what is no longer as good as they think." />
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <SkeletonRows rows={7} widths={['30%', '46%', '12%']} />}
      {data && (
        <>
          <h2 className={classes.answer}>{data.says}</h2>
          <p className={classes.evidence}>
            {agingEvidence(data)} <span className="quiet">As of {formatMinute(data.asOf)}.</span>
          </p>
          {sections.map((section) => (
            <SectionList
              key={section.name}
              section={section}
              aging={data}
              selected={selected}
              onSelect={setSelected}
              isStale={isPlaceholderData}
            />
          ))}
        </>
      )}
      <DecideBar
        assetIds={[...new Set(chosen.map(({ assetId }) => assetId))]}
        onClear={() => setSelected(nothing)}
      />
    </>
  );
}

interface SectionListProps {
  section: Section;
  aging: Aging;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  isStale: boolean;
}

function SectionList({ section, aging, selected, onSelect, isStale }: SectionListProps) {
  const navigate = useNavigate();
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const explained = definitions(metrics, [section.metric]);
  const keys = new Set(section.rows.map(({ key }) => key));
  const own = new Set([...selected].filter((key) => keys.has(key)));
  const save = () =>
    saveCsv(
      `${section.metric.replaceAll('_', '-')}-${aging.window.lastDay}.csv`,
      encodeCsv([
        ...explained.map(({ name, definition }) => [name, definition]),
        ['As of', formatMinute(aging.asOf)],
        ['Window', `${aging.window.firstDay} to ${aging.window.lastDay}`],
        [],
        ['Asset', 'Owner', 'Why'],
        ...section.rows.map(({ title, ownerName, says }) => [title, ownerName ?? '', says]),
      ]),
    );
  return (
    <section className={classes.section} aria-label={section.name}>
      <div className={classes.head}>
        <h3 className={classes.heading}>
          {section.count === 0 ? section.name : section.heading(section.count)}{' '}
          {section.count > section.rows.length && (
            <span className="quiet">the first {formatNumber(section.rows.length)}</span>
          )}
        </h3>
        <span>
          <Definition metrics={explained}>How this is counted</Definition>{' '}
          {section.rows.length > 0 && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
              aria-label={`CSV: ${section.name}`}
              onClick={save}
            >
              CSV
            </Button>
          )}
        </span>
      </div>
      {section.rows.length === 0 ? (
        <p className={classes.none}>{section.none}</p>
      ) : (
        <DataTable
          label={section.name}
          rows={section.rows}
          rowKey={({ key }) => key}
          rowName={({ title }) => title}
          columns={columns}
          selected={own}
          onSelect={(now) => onSelect(new Set([...[...selected].filter((key) => !keys.has(key)), ...now]))}
          onOpen={({ assetId }) => void navigate({ to: paths.asset(assetId) })}
          isStale={isStale}
        />
      )}
    </section>
  );
}

const columns: Column<Row>[] = [
  {
    key: 'asset',
    header: 'Asset',
    cell: ({ assetId, title, ownerName, says, picture }) => (
      <>
        <AppLink to={paths.asset(assetId)} className={classes.title ?? ''}>
          {title}
        </AppLink>
        <span className={classes.why}>
          {says} {ownerName === null ? 'Nobody owns it.' : `Owner: ${ownerName}.`}
        </span>
        {picture}
      </>
    ),
  },
  { key: 'do', header: 'To do', width: '150px', align: 'end', cell: ({ action }) => action },
];

/** What needs somebody soonest stands first. */
function sectionsOf(aging: Aging): Section[] {
  const { flagged, hotStale, falling, held, expiring, window } = aging;
  const base = (kind: string, item: { assetId: string; title: string; ownerName: string | null }) => ({
    key: `${kind} ${item.assetId}`,
    assetId: item.assetId,
    title: item.title,
    ownerName: item.ownerName,
  });
  return [
    {
      name: 'Unanswered flags',
      metric: 'unanswered_flags',
      heading: (count) => `${plural(count, 'asset')} called wrong or outdated, without an answer`,
      none: 'When a rep says in Find that an asset is wrong or outdated, it stands here until its owner answers.',
      count: flagged.count,
      rows: flagged.items.map((item) => ({
        ...base('flagged', item),
        says: flagWords(item),
        action: <AnswerButton asset={item} />,
      })),
    },
    {
      name: 'Hot but stale',
      metric: 'hot_stale_assets',
      heading: (count) => `${plural(count, 'asset')} in use and past review, or without an owner`,
      none: 'Whatever is used on five days or more has an owner and a review date to come.',
      count: hotStale.count,
      rows: hotStale.items.map((item) => ({
        ...base('stale', item),
        says: staleWords(item, window.lastDay)
          .replace(' and nobody owns it', '')
          .replace('; nobody owns it', ''),
        action: <OpenAsset assetId={item.assetId} label="Review" title={item.title} />,
      })),
    },
    {
      name: 'Falling reads per share',
      metric: 'reads_per_share',
      heading: (count) => `${plural(count, 'asset')} read less per share than before`,
      none: 'No asset is read clearly less per share than before.',
      count: falling.count,
      rows: falling.items.map((item) => ({
        ...base('falling', item),
        says: fallWords(item),
        picture: <ReadWeeks {...item} />,
        action: <OpenAsset assetId={item.assetId} label="Look at it" title={item.title} />,
      })),
    },
    {
      name: 'Old versions with buyers',
      metric: 'held_versions',
      heading: (count) => `${plural(count, 'share link')} left an old version with a buyer`,
      none: 'Every buyer who read one has the current version.',
      count: held.count,
      rows: held.items.map((item) => ({
        ...base('held', item),
        key: `held ${item.assetId} ${item.shareLinkId}`,
        says: heldWords(item),
        action: <RenewButton held={item} />,
      })),
    },
    {
      name: 'Ending soon',
      metric: 'expiring',
      heading: (count) =>
        `${plural(count, 'review or share link', 'reviews and share links')} end within 30 days while people read`,
      none: 'No review and no share link that people read ends in the next 30 days.',
      count: expiring.count,
      rows: expiring.items.map((item) => ({
        ...base('expiring', item),
        key: `expiring ${item.assetId} ${item.link?.shareLinkId ?? ''}`,
        says: expiringWords(item),
        action: item.link ? (
          <AppLink to={paths.shareLink(item.link.shareLinkId)}>See the link</AppLink>
        ) : (
          <OpenAsset assetId={item.assetId} label="Review" title={item.title} />
        ),
      })),
    },
  ];
}

function OpenAsset({ assetId, label, title }: { assetId: string; label: string; title: string }) {
  return (
    <AppLink to={paths.asset(assetId)} aria-label={`${label}: ${title}`}>
      {label}
    </AppLink>
  );
}

/** One's own link is brought to the current version where it was pinned; else the new one is sent. */
function RenewButton({ held }: { held: HeldVersion }) {
  const user = useUser();
  const { share } = useSharing();
  const isOwnPin = held.isPinned && held.senderUserId === user.id;
  const bring = () =>
    bringToCurrent(held.shareLinkId).then(
      () => notifyDone(`${held.recipientName} has version ${held.currentNumber.toString()} now`),
      notifyProblem,
    );
  const send = async () => {
    try {
      const asset = await queryClient.ensureQueryData(assetQuery(held.assetId));
      const reason = whyNotShared(asset);
      if (reason) notifyProblem(new Error(reason));
      else share(asset);
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`${isOwnPin ? 'Bring to the current version' : 'Send the new one'}: ${held.title} for ${held.recipientName}`}
      onClick={() => void (isOwnPin ? bring() : send())}
    >
      {isOwnPin ? 'Bring up to date' : 'Send the new one'}
    </Button>
  );
}
