import { formatDay, formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { daysOf } from '../lib/shelf-answer.ts';
import { rungWords } from '../ui/rungs.ts';
import { fixFirst } from './answer-words.ts';
import type { Metric, MetricKey, ShelfReport, Spine } from './api.ts';

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

/** The list as it is on the page, below what its numbers mean and when they were counted. */
export function shelfCsv(
  report: ShelfReport,
  spines: readonly Spine[],
  metrics: readonly Metric[],
  origin: string,
): string {
  const actions = new Map(report.ladder.map((step) => [step.rung, step.action]));
  return encodeCsv([
    ['Offshelf shelf report'],
    ['As of', formatMinute(report.asOf)],
    [
      'Window',
      `${formatDay(report.windowStart)} to ${formatDay(report.windowEnd)}, ${daysOf(report).toString()} days`,
    ],
    ['Assets in this list', spines.length],
    ...explained.flatMap((key) => {
      const metric = metrics.find((each) => each.key === key);
      return metric ? [[metric.name, metric.definition]] : [];
    }),
    [],
    [
      'Asset',
      'How far it got',
      'Fix first',
      'Then',
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
    ...spines.map((spine) => [
      spine.title,
      rungWords[spine.rung].name,
      fixFirst(spine) ?? '',
      actions.get(spine.rung) ?? '',
      spine.contentType ?? '',
      spine.personas.join('; '),
      spine.stages.join('; '),
      spine.ownerName ?? '',
      spine.isStale ? 'yes' : 'no',
      spine.publishedAt.toISOString().slice(0, 10),
      spine.shareCount,
      spine.humanOpenCount,
      spine.lastUsedAt?.toISOString() ?? '',
      `${origin}${paths.asset(spine.assetId)}`,
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
