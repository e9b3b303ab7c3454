import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { z } from 'zod';
import { isCurator, useUser } from '../auth/api.ts';
import { formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { useUrlState } from '../lib/url-state.ts';
import { useSlice } from '../slices/api.ts';
import { LinkButton } from '../ui/app-link.tsx';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { askForCount, type Influence, influenceQuery } from './api.ts';
import { AssetPanel } from './asset-panel.tsx';
import { FirstPlace } from './first-place.tsx';
import { ForestPlot } from './forest-plot.tsx';
import { InfluenceEvidence } from './influence-evidence.tsx';
import classes from './influence-page.module.css';
import { tableColumns, tableRows } from './influence-table.tsx';
import { forestFinding, influenceAnswer, notControlled } from './influence-words.ts';
import { NotYet } from './not-yet.tsx';
import { PipelineSection } from './pipeline-section.tsx';

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
          <h2 className={classes.answer} data-metric="influence">
            {influenceAnswer(data)}
          </h2>
          <p className={classes.evidence} data-metric="influence">
            <InfluenceEvidence report={data} />
          </p>
          {data.known.length > 0 && <Forest report={data} openId={asset} onOpen={open} />}
          <Unknown report={data} onOpen={open} />
          <section className={classes.section} aria-labelledby="not-controlled">
            <h2 id="not-controlled" className={classes.title}>
              What is not taken into account
            </h2>
            <p className={classes.lead}>{notControlled}</p>
          </section>
        </>
      )}
      {data && <PipelineSection slice={slice} />}
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

interface PartProps {
  report: Influence;
  onOpen: (assetId: string) => void;
}

function Forest({ report, openId, onOpen }: PartProps & { openId: string | undefined }) {
  const { known, knownCount, unknown, asOf, cohort } = report;
  if (asOf === null) return null;
  return (
    <ChartFrame
      title={forestFinding(report)}
      lead={
        <>
          The dot is the difference in points, the line its 95% interval; filled ones stand after the
          correction for many assets.
          {knownCount > known.length &&
            ` Shown are both ends of ${formatNumber(knownCount)}; a slice narrows them.`}
        </>
      }
      metrics={['influence']}
      asOf={asOf}
      n={cohort.dealCount}
      fileName="influence"
      columns={tableColumns}
      rows={tableRows([...known, ...unknown])}
    >
      <ForestPlot assets={known} openId={openId} onOpen={onOpen} />
    </ChartFrame>
  );
}

function Unknown({ report, onOpen }: PartProps) {
  const { unknown, unknownCount, minimum } = report;
  if (unknown.length === 0) return null;
  return (
    <section className={classes.section} aria-labelledby="not-yet" data-metric="influence">
      <h2 id="not-yet" className={classes.title}>
        Cannot tell yet: {plural(unknownCount, 'asset')}
      </h2>
      <p className={classes.lead}>
        It takes {formatNumber(minimum.exposed)} deals that read it, {formatNumber(minimum.unexposed)} alike
        that didn’t, and {formatNumber(minimum.outcome)} of either outcome.
        {unknownCount > unknown.length && ` Those that are nearest to it stand here.`}
      </p>
      <NotYet report={report} assets={unknown} onOpen={onOpen} />
    </section>
  );
}

/** Counted at night and after deals have changed; whoever can't wait asks for it. */
function Foot({ report: { asOf } }: { report: Influence }) {
  const user = useUser();
  const count = () =>
    void askForCount().then(
      () => notifyDone('Counting. It is here in a minute or so.'),
      (problem: unknown) => notifyProblem(problem),
    );
  return (
    <p className={classes.foot}>
      {asOf ? `Counted ${formatMinute(asOf)}` : 'Not counted yet'}: each night and within minutes of deals
      that change, over two years, whatever days are chosen above.{' '}
      {isCurator(user) && (
        <Button size="compact-sm" variant="subtle" color="gray" onClick={count}>
          Count now
        </Button>
      )}
    </p>
  );
}
