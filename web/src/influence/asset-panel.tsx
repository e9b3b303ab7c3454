import { useQuery } from '@tanstack/react-query';
import { formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import type { SliceState } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { DecideActions } from '../ui/deciding.tsx';
import { Figure } from '../ui/figure.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type AssetInfluence, type AssetInfluenceDetail, assetInfluenceQuery } from './api.ts';
import classes from './influence-page.module.css';
import { PlainTable } from './influence-table.tsx';
import { assetSentence, bandNames, intervalWords, notControlled, powerWords } from './influence-words.ts';

interface AssetPanelProps {
  slice: SliceState;
  assetId: string;
  onClose: () => void;
}

/** What one asset's difference is made of. */
export function AssetPanel({ slice, assetId, onClose }: AssetPanelProps) {
  const { data, error, refetch } = useQuery(assetInfluenceQuery(slice, assetId));
  return (
    <DetailPanel isOpen onClose={onClose} title={data?.asset.title ?? 'Asset'}>
      <div className={classes.panel}>
        {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <SkeletonRows rows={5} widths={['70%']} />}
        {data && (
          <>
            <p className={classes.sentence} data-metric="influence">
              {assetSentence(data.asset)}
            </p>
            {data.asOf && <Difference asset={data.asset} asOf={data.asOf} />}
            {data.asset.power !== null && <p>{powerWords(data.asset)}</p>}
            <Strata detail={data} />
            <p>{notControlled}</p>
            <section className={classes.todo} aria-label="What to do with it">
              <DecideActions assetIds={[assetId]} onDone={onClose} />
            </section>
            <AppLink to={paths.asset(assetId)}>Open the asset</AppLink>
          </>
        )}
      </div>
    </DetailPanel>
  );
}

function Difference({
  asset: { difference, exposed, unexposed },
  asOf,
}: {
  asset: AssetInfluence;
  asOf: Date;
}) {
  return (
    <p>
      <Figure
        metric="influence"
        format="points"
        size="large"
        value={difference?.estimate ?? null}
        n={exposed.dealCount + unexposed.dealCount}
        asOf={asOf}
        {...(difference && { low: difference.low, high: difference.high })}
      />{' '}
      <span className={classes.said}>
        {difference && `${intervalWords(difference)} (95%); `}
        {plural(exposed.dealCount, 'deal')} that read it, {formatNumber(unexposed.dealCount)} alike
      </span>
    </p>
  );
}

function Strata({ detail: { strata, withoutMatchCount } }: { detail: AssetInfluenceDetail }) {
  const ofGroup = ({ progressedCount, dealCount }: { progressedCount: number; dealCount: number }) =>
    `${formatNumber(progressedCount)} of ${formatNumber(dealCount)}`;
  return (
    <section>
      <h3>Deals that were alike</h3>
      {strata.length > 0 && (
        <PlainTable
          head={['Stage', 'Amount', 'Segment', 'Read it, moved on', 'Didn’t, moved on']}
          rows={strata.map(({ stage, amountBand, segment, exposed, unexposed }) => [
            stage,
            bandNames[amountBand],
            segment || 'Not known',
            ofGroup(exposed),
            ofGroup(unexposed),
          ])}
        />
      )}
      {strata.length === 0 && <p>There are none yet on both sides.</p>}
      {withoutMatchCount > 0 && (
        <p className="quiet">
          {plural(withoutMatchCount, 'deal')} read it and {withoutMatchCount === 1 ? 'has' : 'have'} none
          alike that didn’t, so {withoutMatchCount === 1 ? 'it is' : 'they are'} left out.
        </p>
      )}
    </section>
  );
}
