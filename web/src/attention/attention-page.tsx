import { Button, Select } from '@mantine/core';
import { id } from '@offshelf/server/contract/http';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { z } from 'zod';
import { useUser } from '../auth/api.ts';
import { ApiProblem } from '../lib/api.ts';
import { formatMinute, formatNumber, formatShortDay, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { useSlice } from '../slices/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { Figure } from '../ui/figure.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SeriesChart } from '../ui/series-chart.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type Attention, attentionQuery, type ComparedVersion } from './api.ts';
import { AssetUsed } from './asset-used.tsx';
import classes from './attention-page.module.css';
import { attentionAnswer, dropOffFinding, hiddenWords, retentionFinding } from './attention-words.ts';
import { clockPlaces, pagePlaces, ShareChart } from './line-charts.tsx';
import { PageByPage } from './page-by-page.tsx';
import { VersionTable } from './version-table.tsx';

const pageState = z.object({ version: id('ver').optional().catch(undefined) });

interface AttentionPageProps {
  /** What says, and changes, which days and buyers the page is about. */
  bar: ReactNode;
}

/** One asset as its readers saw it: page by page, version by version, by whom and with which outcome. */
export function AttentionPage({ bar }: AttentionPageProps) {
  const { assetId } = useParams({ strict: false }) as { assetId: string };
  const slice = useSlice();
  const [{ version }, change] = useUrlState(pageState);
  const { data, error, isPending, refetch } = useQuery(attentionQuery(assetId, slice, version));
  const current = data?.versions.find(({ isCurrent }) => isCurrent);
  const { role } = useUser();
  if (error instanceof ApiProblem && error.code === 'not_found' && !data) return <Missing />;
  return (
    <article>
      <PageHeader
        title="Attention"
        above={<AppLink to={paths.asset(assetId)}>{data?.title ?? 'The asset'}</AppLink>}
        actions={
          data &&
          data.versions.length > 1 && (
            <Select
              aria-label="Version"
              size="xs"
              allowDeselect={false}
              value={data.versionId}
              data={data.versions.map(({ versionId, number, isCurrent }) => ({
                value: versionId,
                label: `Version ${formatNumber(number)}${isCurrent ? ', current' : ''}`,
              }))}
              onChange={(chosen) =>
                change({ version: chosen === current?.versionId ? undefined : (chosen ?? undefined) })
              }
            />
          )
        }
      />
      {bar}
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <SkeletonRows rows={9} widths={['10%', '40%', '30%', '8%']} />}
      {data && <Told assetId={assetId} attention={data} />}
      {data && role !== 'rep' && <AssetUsed assetId={assetId} slice={slice} />}
    </article>
  );
}

function Missing() {
  return (
    <EmptyState
      isPage
      title="There is no such asset"
      action={<LinkButton to={paths.find}>Go to Find</LinkButton>}
    >
      It is gone, or it is not published. Whoever sent you the address can tell you which.
    </EmptyState>
  );
}

function Told({ assetId, attention }: { assetId: string; attention: Attention }) {
  const { opens, readCount, versions, versionId, asOf, weeks } = attention;
  const own = versions.find((version) => version.versionId === versionId);
  if (opens.value === 0) return <NothingYet assetId={assetId} attention={attention} />;
  const isOpened = own !== undefined && own.visitCount > 0;
  return (
    <>
      <h2 className={classes.answer} data-metric={attention.kind === 'pages' ? 'drop_off' : 'retention'}>
        {isOpened
          ? attentionAnswer(attention)
          : `Nobody has opened version ${formatNumber(own?.number ?? 1)} in this time.`}
      </h2>
      <p className={classes.evidence} data-metric="human_opens visit_time">
        <Figure
          metric="human_opens"
          value={opens.value}
          n={opens.value + opens.hiddenCount}
          low={opens.low}
          high={opens.high}
          asOf={asOf}
          excludes={hiddenWords(opens)}
        />{' '}
        {opens.value === 1 ? 'human open' : 'human opens'},{' '}
        <Figure metric="reads" value={readCount} n={opens.value} asOf={asOf} /> of them{' '}
        {readCount === 1 ? 'a read' : 'reads'}.{' '}
        {own && isOpened && <VersionEvidence version={own} asOf={asOf} isOnly={versions.length === 1} />}
        <span className="quiet">As of {formatMinute(asOf)}.</span>
      </p>
      {!isOpened && <OpenedMost versions={versions} />}
      {attention.kind === 'pages' && own && isOpened && (
        <PageByPage key={versionId} assetId={assetId} attention={attention} isCurrent={own.isCurrent} />
      )}
      <div className={classes.pair}>
        {isOpened && attention.pages.length !== 1 && (
          <section aria-label={attention.kind === 'pages' ? 'Drop-off' : 'Retention'}>
            {attention.kind === 'pages' ? (
              <DropOff attention={attention} />
            ) : (
              <Retention attention={attention} />
            )}
          </section>
        )}
        <section aria-label="Opens and reads per week">
          <ChartFrame
            title={weeksFinding(weeks)}
            metrics={['human_opens', 'reads']}
            asOf={asOf}
            n={opens.value}
            fileName="opens-and-reads"
            columns={weekColumns}
            rows={weeks.map(({ week, openCount, readCount: reads }) => ({ week, opens: openCount, reads }))}
          >
            <Weeks weeks={weeks} lastDay={attention.window.lastDay} />
          </ChartFrame>
        </section>
      </div>
      {versions.length > 1 && <VersionTable attention={attention} />}
    </>
  );
}

/** Where there is something to see, when the version that is chosen has nothing yet. */
function OpenedMost({ versions }: { versions: readonly ComparedVersion[] }) {
  const [, change] = useUrlState(pageState);
  const most = versions.toSorted((a, b) => b.visitCount - a.visitCount)[0];
  return most ? (
    <Button mt={12} variant="default" onClick={() => change({ version: most.versionId })}>
      Look at version {formatNumber(most.number)}, opened{' '}
      {most.visitCount === 1 ? 'once' : `${formatNumber(most.visitCount)} times`}
    </Button>
  ) : null;
}

/** Of the version that is chosen. */
function VersionEvidence({
  version: { number, visitCount, activeMs, completion },
  asOf,
  isOnly,
}: {
  version: ComparedVersion;
  asOf: Date;
  isOnly: boolean;
}) {
  const spreadOf = (spread: ComparedVersion['activeMs']) => spread && { low: spread.low, high: spread.high };
  return (
    <>
      {isOnly ? 'Median visit' : `Median visit to version ${formatNumber(number)}`}:{' '}
      <Figure
        metric="visit_time"
        value={activeMs?.median ?? null}
        format="duration"
        n={visitCount}
        {...spreadOf(activeMs)}
        asOf={asOf}
      />
      {completion && (
        <>
          , completing{' '}
          <Figure
            metric="completion"
            value={completion.median}
            format="percent"
            n={visitCount}
            {...spreadOf(completion)}
            asOf={asOf}
          />{' '}
          of it
        </>
      )}
      , from {plural(visitCount, 'visit')}.{' '}
    </>
  );
}

const weekColumns = [
  { key: 'week', label: 'Week of' },
  { key: 'opens', label: 'Human opens' },
  { key: 'reads', label: 'Reads' },
];

function Weeks({ weeks, lastDay }: { weeks: Attention['weeks']; lastDay: string }) {
  const isLastOpen = Date.parse(lastDay) - Date.parse(weeks.at(-1)?.week ?? lastDay) < 6 * 86_400_000;
  return (
    <SeriesChart
      isLastOpen={isLastOpen}
      label="Opens and reads per week"
      days={weeks.map(({ week }) => week)}
      nameDay={(week) => `Week of ${formatShortDay(week)}`}
      series={[
        { label: 'Opens', values: weeks.map(({ openCount }) => openCount), color: '--rung-4', isArea: true },
        { label: 'Reads', values: weeks.map(({ readCount }) => readCount), color: '--rung-7' },
      ]}
    />
  );
}

function weeksFinding(weeks: Attention['weeks']): string {
  const most = weeks.toSorted((a, b) => b.openCount - a.openCount)[0];
  return most
    ? `Opened most in the week of ${formatShortDay(most.week)}: ${plural(most.openCount, 'human open')}`
    : 'Opens and reads per week';
}

function DropOff({ attention: { pages, pagedCount, versions, versionId, asOf } }: { attention: Attention }) {
  const place = versions.findIndex((version) => version.versionId === versionId);
  // The one that came before; of the first version the one after it.
  const other = [versions[place + 1], versions[place - 1]].find(
    (version) => version && version.pagedCount > 0,
  );
  return (
    <ChartFrame
      title={dropOffFinding(pages, pagedCount)}
      metrics={['drop_off']}
      asOf={asOf}
      n={pagedCount}
      fileName="drop-off"
      columns={[
        { key: 'page', label: 'Page' },
        { key: 'readers', label: 'Readers who got so far' },
        ...(other ? [{ key: 'other', label: `Of version ${formatNumber(other.number)}` }] : []),
      ]}
      rows={pages.map(({ pageNumber, reachedCount }) => ({
        page: pageNumber,
        readers: reachedCount,
        ...(other && { other: other.reachedCounts[pageNumber - 1] ?? null }),
      }))}
    >
      <ShareChart
        label={`Readers who got to each page, of ${formatNumber(pagedCount)}`}
        metric="drop_off"
        line={{
          name: 'This version',
          values: pages.map(({ reachedCount }) => reachedCount / Math.max(1, pagedCount)),
        }}
        other={
          other && {
            name: `Version ${formatNumber(other.number)}`,
            values: other.reachedCounts.map((count) => count / other.pagedCount),
          }
        }
        places={pagePlaces(pages.length)}
      />
    </ChartFrame>
  );
}

function Retention({ attention: { playing, asOf } }: { attention: Attention }) {
  if (!playing) return null;
  const { points, readerCount, durationMs } = playing;
  return (
    <ChartFrame
      title={retentionFinding(playing)}
      metrics={['retention']}
      asOf={asOf}
      n={readerCount}
      fileName="retention"
      columns={[
        { key: 'second', label: 'Second' },
        { key: 'readers', label: 'Readers who played it' },
      ]}
      rows={points.map((point) => ({ second: point.second, readers: point.readerCount }))}
    >
      <ShareChart
        label={`Readers who played each second, of ${formatNumber(readerCount)}`}
        metric="retention"
        line={{
          name: 'This version',
          values: points.map((point) => point.readerCount / Math.max(1, readerCount)),
        }}
        places={clockPlaces(durationMs ?? ((points.at(-1)?.second ?? 0) + 1) * 1000)}
      />
    </ChartFrame>
  );
}

function NothingYet({ assetId, attention }: { assetId: string; attention: Attention }) {
  const { hiddenCount } = attention.opens;
  return (
    <EmptyState
      title={attentionAnswer(attention)}
      miniature={<Miniature />}
      action={<LinkButton to={paths.asset(assetId)}>Go to the asset to share it</LinkButton>}
    >
      When somebody opens a share link, you see here how long each page holds them and where they stop
      {hiddenCount > 0 && `; ${hiddenWords(attention.opens) ?? ''}`}. Choose more days above if it was read
      before.
    </EmptyState>
  );
}

/** The chart in small: four pages, of which fewer and fewer are read. */
function Miniature() {
  return (
    <svg width="220" height="96" viewBox="0 0 220 96" className={classes.miniature} aria-hidden="true">
      {[120, 84, 104, 40].map((width, index) => (
        <g key={width} transform={`translate(0 ${(index * 24).toString()})`}>
          <rect className={classes.miniSheet} x="1" y="1" width="16" height="20" rx="2" />
          <rect className={classes.miniBand} x="40" y="6" width={width} height="10" rx="3" />
          <rect className={classes.miniMedian} x={40 + width * 0.6} y="3" width="3" height="16" rx="1" />
        </g>
      ))}
    </svg>
  );
}
