import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { definitions, type MetricKey, metricsQuery } from '../analytics/api.ts';
import { encodeTable, saveCsv } from '../lib/csv.ts';
import { formatNumber } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { Definition } from '../ui/definition.tsx';
import { Figure } from '../ui/figure.tsx';
import classes from './aging.module.css';
import type { Aging } from './api.ts';

interface Row {
  key: string;
  assetId: string;
  title: string;
  ownerName: string | null;
  says: string;
  action: ReactNode;
}

/** One kind of what goes off, with what to do about each. */
export interface Section {
  name: string;
  metric: MetricKey;
  /** What the count is of: of one, of many. */
  words: readonly [one: string, many: string];
  none: string;
  count: number;
  rows: Row[];
  /** Where it is counted at a time of its own. */
  asOf?: Date;
  /** What the list is seen by. */
  picture?: ReactNode;
}

interface SectionListProps {
  section: Section;
  aging: Aging;
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  isStale: boolean;
}

export function SectionList({ section, aging, selected, onSelect, isStale }: SectionListProps) {
  const navigate = useNavigate();
  const asOf = section.asOf ?? aging.asOf;
  const metrics = useQuery(metricsQuery).data?.items ?? [];
  const explained = definitions(metrics, [section.metric]);
  const keys = new Set(section.rows.map(({ key }) => key));
  const own = new Set([...selected].filter((key) => keys.has(key)));
  const save = () =>
    saveCsv(
      `${section.metric.replaceAll('_', '-')}-${aging.window.lastDay}.csv`,
      encodeTable({
        head: ['Asset', 'Owner', 'Why'],
        rows: section.rows.map(({ title, ownerName, says }) => [title, ownerName ?? '', says]),
        about: [
          ['List', section.name],
          ['Window', `${aging.window.firstDay} to ${aging.window.lastDay}`],
        ],
        asOf,
        metrics: explained,
      }),
    );
  return (
    <section className={classes.section} aria-label={section.name} data-metric={section.metric}>
      <div className={classes.head}>
        <h3 className={classes.heading}>
          {section.count === 0 ? section.name : <Counted section={section} asOf={asOf} />}{' '}
          {section.count > section.rows.length && (
            <span className="quiet">the first {formatNumber(section.rows.length)}</span>
          )}
        </h3>
        <span>
          <Definition metrics={explained}>How this is counted</Definition>{' '}
          {section.rows.length > 0 && (
            <Button
              size="compact-sm"
              variant="subtle"
              color="gray"
              leftSection={<IconDownload size={15} stroke={1.5} aria-hidden />}
              aria-label={`CSV: ${section.name}`}
              onClick={save}
            >
              CSV
            </Button>
          )}
        </span>
      </div>
      {section.rows.length > 0 && section.picture}
      {section.rows.length === 0 ? (
        <p className={classes.none}>{section.none}</p>
      ) : (
        <DataTable
          label={section.name}
          rows={section.rows}
          rowKey={({ key }) => key}
          rowName={({ title }) => title}
          columns={columns}
          selected={own}
          onSelect={(now) => onSelect(new Set([...[...selected].filter((key) => !keys.has(key)), ...now]))}
          onOpen={({ assetId }) => void navigate({ to: paths.asset(assetId) })}
          isStale={isStale}
        />
      )}
    </section>
  );
}

function Counted({ section: { metric, count, words, name }, asOf }: { section: Section; asOf: Date }) {
  return (
    <>
      <Figure metric={metric} value={count} n={count} asOf={asOf} label={name} /> {words[count === 1 ? 0 : 1]}
    </>
  );
}

const columns: Column<Row>[] = [
  {
    key: 'asset',
    header: 'Asset',
    cell: ({ assetId, title, ownerName, says, action }) => (
      <>
        <AppLink to={paths.asset(assetId)} className={classes.title ?? ''}>
          {title}
        </AppLink>
        <span className={classes.why}>
          {says} {ownerName === null ? 'Nobody owns it.' : `Owner: ${ownerName}.`}
        </span>
        <span className={classes.below}>{action}</span>
      </>
    ),
  },
  {
    key: 'do',
    header: 'To do',
    width: '150px',
    align: 'end',
    hideBelow: 'phone',
    cell: ({ action }) => action,
  },
];
