import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { MetricsContext } from '../ui/metrics-context.tsx';
import { type Metric, metricsQuery } from './api.ts';

const none: readonly Metric[] = [];

/** Lets every number say how it is defined. */
export function MetricsProvider({ children }: { children: ReactNode }) {
  const metrics = useQuery(metricsQuery).data?.items ?? none;
  return <MetricsContext value={metrics}>{children}</MetricsContext>;
}
