import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { formatPercent, formatRelative, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { type Cluster, similarClustersQuery } from '../rendering/api.ts';
import { AppLink, LinkButton } from '../ui/app-link.tsx';
import { AssetStatusBadge } from '../ui/badges.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { useMinute } from '../ui/words.tsx';
import { changeAssets } from './api.ts';
import { undoChanges } from './bulk-bar.tsx';
import classes from './similar-page.module.css';

type Asset = Cluster['assets'][number];

function NothingSimilar({ comparedCount }: { comparedCount: number }) {
  return (
    <EmptyState
      title="No two assets say the same"
      miniature={<MiniaturePair />}
      action={
        <LinkButton to={paths.library} variant="default">
          Back to the library
        </LinkButton>
      }
    >
      {comparedCount < 2
        ? 'When the library holds two assets whose text is nearly the same, they stand here side by side, so that you keep the one that is right.'
        : `${plural(comparedCount, 'asset')} were compared. When two are nearly the same, such as a deck and its copy, they stand here side by side, so that you keep the one that is right.`}
    </EmptyState>
  );
}

function MiniaturePair() {
  return (
    <div className={classes.miniature}>
      <span />
      <span />
    </div>
  );
}

/** Groups of assets that say nearly the same, for keeping one of each. */
export function SimilarPage() {
  const { data, error, isPending, refetch } = useQuery(similarClustersQuery);
  return (
    <>
      <PageHeader
        title="Similar assets"
        lead="Assets whose text is nearly the same. Keep the one that is right, and reps find one answer instead of three."
        above={<AppLink to={paths.library}>Library</AppLink>}
      />
      {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
      {isPending && <SkeletonRows rows={6} widths={['40%', '20%', '20%']} />}
      {data && data.clusters.length === 0 && <NothingSimilar comparedCount={data.comparedCount} />}
      {data && data.clusters.length > 0 && (
        <>
          <ol className={classes.clusters}>
            {data.clusters.map((cluster) => (
              <ClusterSection key={cluster.assets[0]?.assetId} cluster={cluster} />
            ))}
          </ol>
          <p className={classes.total} role="status">
            {plural(data.clusters.length, 'group')} among {plural(data.comparedCount, 'asset')}. Archived ones
            are left out.
          </p>
        </>
      )}
    </>
  );
}

function ClusterSection({ cluster: { assets, assetCount, similarity } }: { cluster: Cluster }) {
  const archive = useArchive();
  const [newest, ...older] = assets;
  if (!newest) return null;
  const names = older.length === 1 ? 'the older one' : `the ${older.length.toString()} older ones`;
  return (
    <li className={classes.cluster}>
      <div className={classes.head}>
        <h2 className={classes.title}>
          {plural(assetCount, 'asset')},{' '}
          {similarity >= 0.995 ? 'hardly any difference' : `at least ${formatPercent(similarity)} the same`}
        </h2>
        <Button
          size="xs"
          variant="default"
          disabled={archive.isPending}
          aria-label={`Archive ${names} like ${newest.title}`}
          onClick={() => archive.mutate(older)}
        >
          Archive {names}
        </Button>
      </div>
      <ul className={classes.assets}>
        {assets.map((asset) => (
          <AssetCard
            key={asset.assetId}
            asset={asset}
            newest={newest}
            onArchive={() => archive.mutate([asset])}
          />
        ))}
      </ul>
      {assetCount > assets.length && (
        <p className={classes.rest}>
          {plural(assetCount - assets.length, 'more asset')} of this group{' '}
          {assetCount - assets.length === 1 ? 'appears' : 'appear'} when these are tidied up.
        </p>
      )}
    </li>
  );
}

interface AssetCardProps {
  asset: Asset;
  newest: Asset;
  onArchive: () => void;
}

function AssetCard({ asset, newest, onArchive }: AssetCardProps) {
  const now = useMinute();
  const { assetId, title, status, versionNumber, versionCreatedAt, ownerName, shareLinkCount } = asset;
  const since = formatRelative(versionCreatedAt, now);
  return (
    <li className={classes.asset}>
      <Thumbnail
        asset={{ ...asset, versionId: asset.assetVersionId, renditionState: 'done', durationMs: null }}
        size="cover"
      />
      <div className={classes.name}>
        <AppLink to={paths.asset(assetId)} className={classes.link}>
          {title}
        </AppLink>
        <AssetStatusBadge status={status} />
      </div>
      <ul className={classes.facts}>
        <li>{ageOf(asset, newest, since)}</li>
        <li>
          Version {versionNumber}
          {ownerName && `, ${ownerName}`}
        </li>
        <li>{shareLinkCount === 0 ? 'Never shared' : `Shared by ${plural(shareLinkCount, 'link')}`}</li>
        {asset !== newest && <li>{samenessOf(asset.similarityToNewest)}</li>}
      </ul>
      <div className={classes.actions}>
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          aria-label={`Archive ${title}`}
          onClick={onArchive}
        >
          Archive
        </Button>
      </div>
    </li>
  );
}

function ageOf({ versionCreatedAt }: Asset, newest: Asset, since: string): string {
  if (versionCreatedAt.getTime() < newest.versionCreatedAt.getTime()) return `Older, ${since}`;
  return `Newest, ${since}`;
}

function samenessOf(similarity: number): string {
  return similarity >= 0.995
    ? 'Hardly differs from the newest'
    : `${formatPercent(similarity)} the same as the newest`;
}

function useArchive() {
  return useMutation({
    mutationFn: (assets: readonly Asset[]) =>
      changeAssets(assets.map(({ assetId }) => ({ assetId, patch: { status: 'archived' } }))),
    onSuccess: ({ updatedCount, undo }) => {
      if (updatedCount === 0) return notifyDone('They were archived already');
      notifyUndo(`${plural(updatedCount, 'asset')} archived`, () => undoChanges(undo));
    },
    onError: notifyProblem,
  });
}
