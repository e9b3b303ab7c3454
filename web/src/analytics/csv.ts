import { encodeTable } from '../lib/csv.ts';
import { paths } from '../lib/paths.ts';
import { daysOf } from '../lib/shelf-answer.ts';
import { rungWords } from '../ui/rungs.ts';
import { definitions, type Metric, type MetricKey, type Reach, type Rung, type RungAsset } from './api.ts';

const explained: MetricKey[] = [
  'eligible_assets',
  'used_assets',
  'usage_ladder',
  'share_links',
  'human_opens',
  'stale_assets',
];

/** The assets of a rung, above what its numbers mean, and when and over which days they were counted. */
export function rungCsv(
  report: Reach,
  rung: Rung,
  assets: readonly RungAsset[],
  metrics: readonly Metric[],
): string {
  const { origin } = window.location;
  return encodeTable({
    head: [
      'Asset',
      'How far it got',
      'What to do',
      'Content type',
      'Personas',
      'Stages',
      'Owner',
      'Stale',
      'Published',
      'Share links',
      'Human opens',
      'Last used',
      'Address',
    ],
    rows: assets.map((asset) => [
      asset.title,
      rungWords[rung].name,
      asset.says,
      asset.contentType ?? '',
      asset.personas.join('; '),
      asset.stages.join('; '),
      asset.ownerName ?? '',
      asset.isStale ? 'yes' : 'no',
      asset.publishedAt.toISOString().slice(0, 10),
      asset.shareCount,
      asset.humanOpenCount,
      asset.lastUsedOn ?? '',
      `${origin}${paths.asset(asset.assetId)}`,
    ]),
    about: [
      ['Shelf report', rungWords[rung].name],
      ['Window', `${report.window.firstDay} to ${report.window.lastDay}, ${daysOf(report).toString()} days`],
      ['Compared with', `${report.before.firstDay} to ${report.before.lastDay}`],
      ['Assets in this list', assets.length],
    ],
    asOf: report.asOf,
    metrics: definitions(metrics, explained),
  });
}
