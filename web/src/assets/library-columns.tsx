import { formatBytes } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { AssetStatusBadge, RenditionFaultBadge, StatusBadge, TermChips } from '../ui/badges.tsx';
import type { Column, Sort } from '../ui/data-table.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { DateText, DayText } from '../ui/words.tsx';
import type { AssetCard, AssetSort } from './api.ts';
import classes from './library-page.module.css';

export const columnChoices = [
  { key: 'status', name: 'Status' },
  { key: 'audience', name: 'Audience' },
  { key: 'type', name: 'Content type' },
  { key: 'persona', name: 'Persona' },
  { key: 'stage', name: 'Stage' },
  { key: 'objection', name: 'Objection' },
  { key: 'owner', name: 'Owner' },
  { key: 'review', name: 'Review date' },
  { key: 'published', name: 'Published' },
  { key: 'updated', name: 'Changed' },
  { key: 'version', name: 'Version' },
  { key: 'size', name: 'Size' },
] as const;
export type ColumnKey = (typeof columnChoices)[number]['key'];
export const usualColumns: ColumnKey[] = ['status', 'audience', 'type', 'owner', 'review', 'updated'];

/** The server's orders each have one direction that makes sense. */
export const sortDirections: Record<AssetSort, Sort['direction']> = {
  updated: 'descending',
  title: 'ascending',
  published: 'descending',
  review: 'ascending',
};

const namesOf = (asset: AssetCard, dimensionKey: string) =>
  asset.terms.filter((term) => term.dimensionKey === dimensionKey);

function Terms({ asset, dimensionKey }: { asset: AssetCard; dimensionKey: string }) {
  const terms = namesOf(asset, dimensionKey);
  return terms.length > 0 ? <TermChips terms={terms} limit={2} /> : <span className="quiet">–</span>;
}

const optional: Record<ColumnKey, Omit<Column<AssetCard>, 'key'>> = {
  status: {
    header: 'Status',
    width: '112px',
    cell: (asset) => (
      <>
        <AssetStatusBadge status={asset.status} />{' '}
        {asset.renditionState === 'failed' && (
          <RenditionFaultBadge isWebLink={asset.kind === 'web_link'} hint={asset.renditionReason} />
        )}
      </>
    ),
  },
  audience: {
    header: 'Audience',
    width: '84px',
    hideBelow: 'tablet',
    cell: (asset) => (asset.audience === 'internal' ? 'Internal' : 'Buyers'),
  },
  type: {
    header: 'Content type',
    width: '132px',
    hideBelow: 'desktop',
    cell: (asset) => namesOf(asset, 'content_type')[0]?.name ?? <span className="quiet">–</span>,
  },
  persona: {
    header: 'Persona',
    width: '19%',
    hideBelow: 'tablet',
    cell: (asset) => <Terms asset={asset} dimensionKey="persona" />,
  },
  stage: {
    header: 'Stage',
    width: '19%',
    hideBelow: 'tablet',
    cell: (asset) => <Terms asset={asset} dimensionKey="stage" />,
  },
  objection: {
    header: 'Objection',
    width: '19%',
    hideBelow: 'tablet',
    cell: (asset) => <Terms asset={asset} dimensionKey="objection" />,
  },
  owner: {
    header: 'Owner',
    width: '146px',
    hideBelow: 'tablet',
    cell: (asset) =>
      asset.ownerName ? (
        <span className={classes.oneLine} title={asset.ownerName}>
          {asset.ownerName}
        </span>
      ) : (
        <span className="quiet">Nobody</span>
      ),
  },
  review: {
    header: 'Review by',
    width: '116px',
    sortKey: 'review',
    hideBelow: 'tablet',
    cell: (asset) => <ReviewDay asset={asset} />,
  },
  published: {
    header: 'Published',
    width: '126px',
    sortKey: 'published',
    hideBelow: 'desktop',
    cell: (asset) => <When date={asset.publishedAt} />,
  },
  updated: {
    header: 'Changed',
    width: '126px',
    sortKey: 'updated',
    hideBelow: 'desktop',
    cell: (asset) => <When date={asset.updatedAt} />,
  },
  version: {
    header: 'Version',
    width: '76px',
    align: 'end',
    hideBelow: 'desktop',
    cell: (asset) => asset.versionNumber,
  },
  size: {
    header: 'Size',
    width: '84px',
    align: 'end',
    hideBelow: 'desktop',
    cell: (asset) =>
      asset.sizeBytes === null ? <span className="quiet">–</span> : formatBytes(asset.sizeBytes),
  },
};

/** The title always, then what the user chose to see. */
export function libraryColumns(chosen: readonly ColumnKey[]): Column<AssetCard>[] {
  return [
    { key: 'title', header: 'Title', sortKey: 'title', cell: (asset) => <Title asset={asset} /> },
    ...columnChoices.filter(({ key }) => chosen.includes(key)).map(({ key }) => ({ key, ...optional[key] })),
  ];
}

function When({ date }: { date: Date | null }) {
  return (
    <span className={classes.oneLine}>
      <DateText date={date} />
    </span>
  );
}

function Title({ asset }: { asset: AssetCard }) {
  return (
    <span className={classes.titleCell}>
      <Thumbnail asset={asset} size="row" />
      <AppLink to={paths.asset(asset.id)} className={classes.titleLink} tabIndex={-1}>
        {asset.title}
      </AppLink>
    </span>
  );
}

function ReviewDay({ asset }: { asset: AssetCard }) {
  if (!asset.isStale) return <DayText day={asset.reviewOn} />;
  return (
    <StatusBadge tone="look" hint="Past its review date, or its owner is gone.">
      {asset.reviewOn ? <DayText day={asset.reviewOn} /> : 'Owner gone'}
    </StatusBadge>
  );
}
