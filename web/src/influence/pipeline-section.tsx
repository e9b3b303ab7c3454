import { useQuery } from '@tanstack/react-query';
import { formatMoney, formatNumber, plural } from '../lib/format.ts';
import type { SliceState } from '../slices/api.ts';
import { ChartFrame } from '../ui/chart-frame.tsx';
import { Figure } from '../ui/figure.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useMeasuredWidth } from '../ui/use-measured-width.ts';
import { type PipelineRead, pipelineQuery } from './api.ts';
import classes from './influence-page.module.css';
import { pipelineFinding, pipelineSentence, unconvertedWords } from './influence-words.ts';
import chart from './pipeline-section.module.css';

/** How much of the open pipeline is being read: said beside influence, and not to be taken for it. */
export function PipelineSection({ slice }: { slice: SliceState }) {
  const { data, error, refetch } = useQuery(pipelineQuery(slice));
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data || data.open.dealCount + data.unconverted.length === 0) return null;
  const { confirmedShare, readShare, open, asOf } = data;
  if (asOf === null) return null;
  const excludes = data.unconverted.length > 0 ? unconvertedWords(data) : undefined;
  const figure = { metric: 'pipeline_read', format: 'percent', n: open.dealCount, asOf, excludes } as const;
  return (
    <section className={classes.section} aria-labelledby="pipeline" data-metric="pipeline_read">
      <h2 id="pipeline" className={classes.title}>
        How much of the open pipeline is being read
      </h2>
      <p className={classes.kind}>A description of today, not an influence.</p>
      <p className={classes.lead}>{pipelineSentence(data)}</p>
      {confirmedShare !== null && (
        <p className={classes.large}>
          <Figure
            {...figure}
            size="large"
            value={confirmedShare}
            label="Open value with a confirmed reader"
          />{' '}
          <span className={classes.said}>
            of the value of {plural(open.dealCount, 'open deal')}; with likely readers, too:{' '}
            <Figure {...figure} value={readShare} label="Open value with a confirmed or likely reader" />
          </span>
        </p>
      )}
      {data.unconverted.length > 0 && <p className={classes.said}>{unconvertedWords(data)}</p>}
      {data.stages.length > 0 && data.baseCurrency && (
        <div className={chart.frame}>
          <Stages data={data} asOf={asOf} currency={data.baseCurrency} />
        </div>
      )}
    </section>
  );
}

function Stages({ data, asOf, currency }: { data: PipelineRead; asOf: Date; currency: string }) {
  return (
    <ChartFrame
      title={pipelineFinding(data)}
      lead="From the left: with a confirmed reader, with a likely one, with none."
      metrics={['pipeline_read']}
      asOf={asOf}
      n={data.open.dealCount}
      fileName="pipeline-being-read"
      columns={[
        { key: 'stage', label: 'Stage' },
        { key: 'deals', label: 'Open deals' },
        { key: 'value', label: `Value (${currency})` },
        { key: 'confirmed', label: `With a confirmed reader (${currency})` },
        { key: 'read', label: `With a confirmed or likely reader (${currency})` },
      ]}
      rows={data.stages.map(({ stage, open, confirmed, read }) => ({
        stage,
        deals: open.dealCount,
        value: Math.round(open.value),
        confirmed: Math.round(confirmed.value),
        read: Math.round(read.value),
      }))}
    >
      <Bars data={data} currency={currency} />
    </ChartFrame>
  );
}

const rowHeight = 52;

function Bars({ data: { stages }, currency }: { data: PipelineRead; currency: string }) {
  const [frame, width] = useMeasuredWidth();
  const most = Math.max(1, ...stages.map(({ open }) => open.value));
  const wide = (value: number) => (value / most) * width;
  return (
    <div ref={frame}>
      {width > 0 && (
        <svg
          role="img"
          aria-label={stages.map((each) => `${each.stage}: ${stageWords(each, currency)}`).join('. ')}
          data-metric="pipeline_read"
          className={chart.bars}
          width={width}
          height={rowHeight * stages.length}
        >
          {stages.map((each, place) => (
            <g key={each.stage} transform={`translate(0 ${place * rowHeight})`}>
              <text className={chart.stage} x={0} y={16}>
                {each.stage}
              </text>
              <text className={chart.value} x={width} y={16} textAnchor="end">
                {stageWords(each, currency)}
              </text>
              <rect className={chart.open} x={0} y={24} width={wide(each.open.value)} height={14} rx={2} />
              <rect className={chart.likely} x={0} y={24} width={wide(each.read.value)} height={14} rx={2} />
              <rect
                className={chart.confirmed}
                x={0}
                y={24}
                width={wide(each.confirmed.value)}
                height={14}
                rx={2}
              />
            </g>
          ))}
        </svg>
      )}
    </div>
  );
}

function stageWords({ open, read }: PipelineRead['stages'][number], currency: string): string {
  return `${formatMoney(open.value, currency)}, ${formatNumber(read.dealCount)} of ${formatNumber(open.dealCount)} read`;
}
