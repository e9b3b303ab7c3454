import { Popover, UnstyledButton } from '@mantine/core';
import type { MetricKey } from '@offshelf/server/contract/analytics';
import { useState } from 'react';
import {
  formatDuration,
  formatMinute,
  formatMoney,
  formatNumber,
  formatPercent,
  formatPoints,
} from '../lib/format.ts';
import { DefinitionList } from './definition.tsx';
import classes from './figure.module.css';
import { useMetric } from './metrics-context.tsx';

interface FigureProps {
  metric: MetricKey;
  /** Null where too little is known to say anything. */
  value: number | null;
  format?: 'number' | 'percent' | 'points' | 'duration' | 'money';
  /** Of an amount of money. */
  currency?: string;
  /** How many were counted. */
  n: number;
  /** The ends of its interval, or its quartiles. */
  low?: number;
  high?: number;
  asOf: Date;
  /** What was left out of this very number: "7 automated visits are hidden". */
  excludes?: string | undefined;
  size?: 'inline' | 'large';
  /** What it is, for those who hear it: "Human opens". The metric's name where it is left out. */
  label?: string;
}

/** A number that opens what it means, how many it counts, what it leaves out and when it was counted. */
export function Figure(props: FigureProps) {
  const { metric: key, value, n, low, high, asOf, excludes, size = 'inline' } = props;
  const metric = useMetric(key);
  const [isOpen, setIsOpen] = useState(false);
  const name = props.label ?? metric?.name ?? '';
  const shown = value === null ? 'not enough data' : formatFigure(value, props);
  const hasRange = value !== null && low !== undefined && high !== undefined && low !== high;
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      width={380}
      position="bottom-start"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.figure}
          data-size={size}
          data-metric={key}
          data-defines={key}
          data-unknown={value === null || undefined}
          aria-expanded={isOpen}
          aria-label={`${name}: ${shown}`}
          onClick={() => setIsOpen((was) => !was)}
        >
          {shown}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={`Definition: ${name}`}>
        <p className={classes.now}>
          <strong>{name}</strong>
          <span>
            {shown}
            {hasRange && `, ${formatRange(low, high, props)}`}
          </span>
        </p>
        <dl className={classes.facts}>
          <div>
            <dt>n</dt>
            <dd>
              {formatNumber(n)}
              {metric && metric.minimumN > n && `, ${formatNumber(metric.minimumN)} are needed`}
            </dd>
          </div>
          {excludes && (
            <div>
              <dt>Left out</dt>
              <dd>{excludes}</dd>
            </div>
          )}
          <div>
            <dt>As of</dt>
            <dd>{formatMinute(asOf)}</dd>
          </div>
        </dl>
        {metric && <DefinitionList metrics={[metric]} />}
      </Popover.Dropdown>
    </Popover>
  );
}

function formatRange(low: number, high: number, props: FigureProps): string {
  // A dash between signs is read as one of them.
  if (props.format === 'points') return `${formatPoints(low)} to ${formatPoints(high)}`;
  return `${formatFigure(low, props)}–${formatFigure(high, props)}`;
}

function formatFigure(value: number, { format = 'number', currency = 'EUR' }: FigureProps): string {
  if (format === 'percent') return formatPercent(value);
  if (format === 'points') return `${formatPoints(value)} points`;
  if (format === 'duration') return formatDuration(value);
  if (format === 'money') return formatMoney(value, currency);
  return formatNumber(value);
}
