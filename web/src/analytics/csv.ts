import { type CsvCell, encodeCsv } from '../lib/csv.ts';
import { formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { daysOf } from '../lib/shelf-answer.ts';
import { rungWords } from '../ui/rungs.ts';
import type { Metric, MetricKey, Reach, Rung, RungAsset } from './api.ts';

const explained: MetricKey[] = [
  'eligible_assets',
  'used_assets',
  'usage_ladder',
  'human_opens',
  'stale_assets',
];

/** What stands above every table: what it is, when and over which days it was counted, and what its numbers mean. */
function preamble(report: Reach, metrics: readonly Metric[]): CsvCell[][] {
  return [
    ['As of', formatMinute(report.asOf)],
    ['Window', `${report.window.firstDay} to ${report.window.lastDay}, ${daysOf(report).toString()} days`],
    ['Compared with', `${report.before.firstDay} to ${report.before.lastDay}`],
    ...explained.flatMap((key) => {
      const metric = metrics.find((each) => each.key === key);
      return metric ? [[metric.name, metric.definition]] : [];
    }),
  ];
}

/** The assets of a rung, below what its numbers mean and when they were counted. */
export function rungCsv(
  report: Reach,
  rung: Rung,
  assets: readonly RungAsset[],
  metrics: readonly Metric[],
): string {
  const { origin } = window.location;
  return encodeCsv([
    ['Offshelf shelf report', rungWords[rung].name],
    ...preamble(report, metrics),
    ['Assets in this list', assets.length],
    [],
    [
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
    ...assets.map((asset) => [
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
  ]);
}
