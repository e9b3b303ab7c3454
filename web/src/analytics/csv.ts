import { formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { daysOf } from '../lib/shelf-answer.ts';
import { rungWords } from '../ui/rungs.ts';
import type { Metric, MetricKey, Reach, Rung, RungAsset } from './api.ts';

type Cell = string | number;

/** Excel and its kin take a text that starts like this for a formula. */
const looksLikeFormula = /^[=+\-@\t\r]/;

function encode(cell: Cell): string {
  if (typeof cell === 'number') return cell.toString();
  const safe = looksLikeFormula.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export function encodeCsv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => row.map(encode).join(',')).join('\r\n');
}

const explained: MetricKey[] = [
  'eligible_assets',
  'used_assets',
  'usage_ladder',
  'human_opens',
  'stale_assets',
];

/** What stands above every table: what it is, when and over which days it was counted, and what its numbers mean. */
function preamble(report: Reach, metrics: readonly Metric[]): Cell[][] {
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

/** The ladder with the window before it. */
export function ladderCsv(report: Reach, metrics: readonly Metric[]): string {
  const { current, previous } = report.unusedRate;
  return encodeCsv([
    ['Offshelf shelf report', 'Usage ladder'],
    ...preamble(report, metrics),
    ['Eligible assets', current.n],
    ['Eligible assets before', previous.n],
    ['Unused', current.part],
    ['Unused before', previous.part],
    [],
    ['Rung', 'Got this far', 'Before', 'Stop here', 'Before', 'Why', 'What to do'],
    ...report.ladder.map((step) => [
      rungWords[step.rung].short,
      step.reachedCount,
      step.previousReachedCount,
      step.count,
      step.previousCount,
      step.cause,
      step.action,
    ]),
  ]);
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

/** Gives the browser a file that was made on the page. The mark at its start tells Excel that it is UTF-8. */
export function saveCsv(fileName: string, text: string): void {
  const url = URL.createObjectURL(new Blob(['\u{feff}', text], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
