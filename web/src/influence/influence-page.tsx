import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { definitions, metricsQuery } from '../analytics/api.ts';
import { isCurator, useUser } from '../auth/api.ts';
import { encodeCsv, saveCsv } from '../lib/csv.ts';
import { formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { useSlice } from '../slices/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { Definition } from '../ui/definition.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { askForCount, type Influence, influenceQuery, tieExperimentQuery } from './api.ts';
import { AssetPanel } from './asset-panel.tsx';
import { ForestPlot } from './forest-plot.tsx';
import classes from './influence-page.module.css';
import { InfluenceTable, influenceRows } from './influence-table.tsx';
import { experimentSentence, influenceAnswer, influenceEvidence, notControlled } from './influence-words.ts';
import { NotYet } from './not-yet.tsx';

const pageState = z.object({
  asset: z
    .string()
    .regex(/^ast_[0-9a-z]{10,40}$/)
    .optional()
    .catch(undefined),
});

/** What helps deals move: the difference for each asset among deals that were alike, and what can't be told yet. */
export function InfluencePage() {
  const slice = useSlice();
  const [{ asset }, change] = useUrlState(pageState);
  const { data, error, isPending, refetch } = useQuery(influenceQuery(slice));
  const open = (assetId: string) => change({ asset: assetId }, { keepsHistory: true });
  const isBare = data && data.cohort.readAssetCount === 0;
  return (
    <>
      <PageHeader
        title="Influence"
        lead="Which assets were read in deals that then moved on more often than deals like them."
      />
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <SkeletonRows rows={7} widths={['24%', '40%', '18%']} />}
      {data && isBare && <NothingRead report={data} />}
      {data && !isBare && (
        <>
          <h2 className={classes.answer}>{influenceAnswer(data)}</h2>
          <p className={classes.evidence}>{influenceEvidence(data)}</p>
          {data.known.length > 0 && (
            <>
              <ForestPlot assets={data.known} openId={asset} onOpen={open} />
              {data.knownCount > data.known.length && (
                <p className={classes.foot}>
                  Shown are both ends of {formatNumber(data.knownCount)}. A slice narrows them.
                </p>
              )}
            </>
          )}
          <InfluenceTable assets={[...data.known, ...data.unknown]} />
          <p className={classes.lead}>{notControlled}</p>
          {data.unknown.length > 0 && (
            <section className={classes.section} aria-labelledby="not-yet">
              <h2 id="not-yet" className={classes.title}>
                Cannot tell yet: {plural(data.unknownCount, 'asset')}
              </h2>
              <p className={classes.lead}>
                It takes {data.minimum.exposed.toString()} deals that read it,{' '}
                {data.minimum.unexposed.toString()} alike that didn’t, and {data.minimum.outcome.toString()}{' '}
                of either outcome.
              </p>
              <NotYet assets={data.unknown} onOpen={open} />
            </section>
          )}
        </>
      )}
      {data && <FirstPlace />}
      {data && <Foot report={data} />}
      {data && asset && (
        <AssetPanel slice={slice} assetId={asset} onClose={() => change({ asset: undefined })} />
      )}
    </>
  );
}

function NothingRead({ report: { cohort, minimum } }: { report: Influence }) {
  const { enteredCount, tooYoungCount, leftEarlyCount, dealCount } = cohort;
  return (
    <EmptyState
      title="It can’t be told yet"
      miniature={<MiniatureRows widths={['28%', '44%', '14%']} />}
      action={
        <LinkButton to={paths.importDeals} variant="default">
          Import deals
        </LinkButton>
      }
    >
      {enteredCount === 0
        ? 'No deal is known with the days on which it entered its stages. '
        : `${plural(enteredCount, 'stage')} of deals ${enteredCount === 1 ? 'is' : 'are'} known: ${formatNumber(dealCount)} can be compared, ${formatNumber(tooYoungCount)} began in the last 60 days, ${formatNumber(leftEarlyCount)} ended in their first 14. `}
      Once buyers read what reps share, each asset with {minimum.exposed.toString()} deals that read it and{' '}
      {minimum.unexposed.toString()} alike that didn’t stands here with its difference.
    </EmptyState>
  );
}

/** What placing an asset first makes, where chance chose. */
function FirstPlace() {
  const { data } = useQuery(tieExperimentQuery);
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  if (!data) return null;
  return (
    <section className={classes.section} aria-labelledby="first-place">
      <h2 id="first-place" className={classes.title}>
        What the first place makes
      </h2>
      <p className={classes.lead}>
        {experimentSentence(data)}{' '}
        <Definition metrics={definitions(metrics, ['first_place'])}>How this is counted</Definition>
      </p>
    </section>
  );
}

function Foot({ report }: { report: Influence }) {
  const user = useUser();
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const explained = definitions(metrics, ['influence']);
  const counted = report.asOf ? formatMinute(report.asOf) : 'never yet';
  const save = () =>
    saveCsv(
      'influence.csv',
      encodeCsv([
        ['Offshelf influence'],
        ['As of', counted],
        ...explained.map(({ name, definition }) => [name, definition]),
        [],
        ...influenceRows([...report.known, ...report.unknown]),
      ]),
    );
  const count = () =>
    void askForCount().then(
      () => notifyDone('Counting. It is here in a minute or so.'),
      (problem: unknown) => notifyProblem(problem),
    );
  return (
    <p className={classes.foot}>
      As of {counted}; counted each night over deals of two years, whatever days are chosen above.{' '}
      <Definition metrics={explained}>How this is counted</Definition>{' '}
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
        onClick={save}
      >
        CSV
      </Button>
      {isCurator(user) && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={count}>
          Count now
        </Button>
      )}
    </p>
  );
}
