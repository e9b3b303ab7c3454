import { UnstyledButton } from '@mantine/core';
import { formatNumber, plural } from '../lib/format.ts';
import { Figure } from '../ui/figure.tsx';
import type { AssetInfluence, Influence } from './api.ts';
import classes from './influence-page.module.css';

interface NotYetProps {
  report: Influence;
  assets: readonly AssetInfluence[];
  onOpen: (assetId: string) => void;
}

/** Assets of which too few deals are known, and how many more it takes. */
export function NotYet({ report: { asOf, minimum }, assets, onOpen }: NotYetProps) {
  if (assets.length === 0 || asOf === null) return null;
  const needs = `It takes ${formatNumber(minimum.exposed)} deals that read it, ${formatNumber(minimum.unexposed)} alike that didn’t, ${formatNumber(minimum.outcome)} of either outcome`;
  return (
    <ul className={classes.notYet} aria-label="Cannot tell yet">
      {assets.map(({ assetId, title, moreDealCount, exposed }) => (
        <li key={assetId} className={classes.notYetRow}>
          <UnstyledButton className={classes.name} onClick={() => onOpen(assetId)}>
            {title}
          </UnstyledButton>
          <span className={classes.said}>
            about{' '}
            <Figure
              metric="influence"
              value={moreDealCount}
              n={exposed.dealCount}
              asOf={asOf}
              excludes={needs}
              label={`More deals until it can be told: ${title}`}
            />{' '}
            more {moreDealCount === 1 ? 'deal' : 'deals'}; {plural(exposed.dealCount, 'deal')} so far
          </span>
        </li>
      ))}
    </ul>
  );
}
