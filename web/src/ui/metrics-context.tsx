import type { Metric, MetricKey } from '@offshelf/server/contract/analytics';
import { createContext, useContext } from 'react';

/** Every number is shown with its definition; the app puts the definitions in here, as the server writes them. */
export const MetricsContext = createContext<readonly Metric[]>([]);

/** The metric of a number; undefined until the definitions have come. */
export function useMetric(key: MetricKey): Metric | undefined {
  return useContext(MetricsContext).find((metric) => metric.key === key);
}

/** Those of several, in the order asked for. */
export function useMetrics(keys: readonly MetricKey[]): readonly Metric[] {
  const metrics = useContext(MetricsContext);
  return keys.flatMap((key) => metrics.filter((metric) => metric.key === key));
}
