import { Menu, SegmentedControl, UnstyledButton } from '@mantine/core';
import type { MetricKey } from '@offshelf/server/contract/analytics';
import { IconDownload } from '@tabler/icons-react';
import { type ReactNode, useId, useRef, useState } from 'react';
import { encodeTable, saveCsv } from '../lib/csv.ts';
import { formatMinute, formatNumber, formatRough } from '../lib/format.ts';
import { savePicture } from '../lib/save-picture.ts';
import classes from './chart-frame.module.css';
import { Definition } from './definition.tsx';
import { useMetrics } from './metrics-context.tsx';
import { notifyProblem } from './notify.tsx';

interface ChartFrameProps {
  /** What the chart shows, as a finding: "Security has no proof at the evaluation stage". */
  title: string;
  lead?: ReactNode;
  metrics: readonly MetricKey[];
  asOf: Date;
  n?: number;
  /** Without its ending. */
  fileName: string;
  columns: readonly { key: string; label: string }[];
  rows: readonly Record<string, string | number | null>[];
  /** What else the file says at its head, such as the days that it is about. */
  facts?: readonly (readonly [name: string, value: string | number])[];
  /** An SVG, or something that draws on a canvas. */
  children: ReactNode;
}

/** A chart with its finding, the same as a table, and both to take along; its definitions are one click away. */
export function ChartFrame({
  title,
  lead,
  metrics: keys,
  asOf,
  n,
  fileName,
  columns,
  rows,
  facts = [],
  children,
}: ChartFrameProps) {
  const id = useId();
  const metrics = useMetrics(keys);
  const [view, setView] = useState<'chart' | 'table'>('chart');
  const drawing = useRef<HTMLDivElement>(null);
  const counted = `As of ${formatMinute(asOf)}${n === undefined ? '' : `, n = ${formatNumber(n)}`}`;
  const takePicture = () => {
    const chart = drawing.current?.querySelector<SVGSVGElement | HTMLCanvasElement>('svg, canvas');
    if (chart) savePicture(`${fileName}.png`, chart, { title, foot: counted }).catch(notifyProblem);
  };
  const takeTable = () =>
    saveCsv(
      `${fileName}.csv`,
      encodeTable({
        head: columns.map(({ label }) => label),
        rows: rows.map((row) => columns.map(({ key }) => row[key] ?? '')),
        about: [['Chart', title], ...(n === undefined ? [] : [['n', n]]), ...facts],
        asOf,
        metrics,
      }),
    );
  return (
    <figure className={classes.frame} aria-labelledby={id} data-metric={keys.join(' ')}>
      <figcaption className={classes.head}>
        <div className={classes.words}>
          <h3 id={id} className={classes.title}>
            {title}
          </h3>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        <div className={classes.tools}>
          <SegmentedControl
            size="xs"
            aria-label={`How to show: ${title}`}
            value={view}
            onChange={(value) => setView(value as 'chart' | 'table')}
            data={[
              { value: 'chart', label: 'Chart' },
              { value: 'table', label: 'Table' },
            ]}
          />
          <Menu position="bottom-end" withinPortal>
            <Menu.Target>
              <UnstyledButton className={classes.save} aria-label={`Save: ${title}`}>
                <IconDownload size={16} stroke={1.5} aria-hidden />
              </UnstyledButton>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={takeTable}>Save as CSV</Menu.Item>
              <Menu.Item disabled={view === 'table'} onClick={takePicture}>
                Save as picture
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </div>
      </figcaption>
      {view === 'chart' ? (
        <div ref={drawing}>{children}</div>
      ) : (
        <div className={classes.scroll}>
          <table className={classes.table} aria-labelledby={id}>
            <thead>
              <tr>
                {columns.map(({ key, label }) => (
                  <th key={key} scope="col">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the rows of a chart have no other name and keep their order
                <tr key={index}>
                  {columns.map(({ key }) => (
                    <td key={key} data-number={typeof row[key] !== 'string' || undefined}>
                      {showCell(row[key] ?? null)}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className={classes.foot}>
        {counted} · <Definition metrics={metrics}>How it is counted</Definition>
      </p>
    </figure>
  );
}

function showCell(cell: string | number | null): string {
  if (cell === null) return '–';
  if (typeof cell === 'string') return cell;
  return formatRough(cell);
}
