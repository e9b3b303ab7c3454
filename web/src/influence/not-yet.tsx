import { UnstyledButton } from '@mantine/core';
import { formatNumber, plural } from '../lib/format.ts';
import type { AssetInfluence } from './api.ts';
import classes from './influence-page.module.css';

interface NotYetProps {
  assets: readonly AssetInfluence[];
  onOpen: (assetId: string) => void;
}

/** Assets of which too few deals are known, and how many more it takes. */
export function NotYet({ assets, onOpen }: NotYetProps) {
  if (assets.length === 0) return null;
  return (
    <ul className={classes.notYet} aria-label="Cannot tell yet">
      {assets.map(({ assetId, title, moreDealCount, exposed }) => (
        <li key={assetId}>
          <UnstyledButton className={classes.notYetRow} onClick={() => onOpen(assetId)}>
            <span className={classes.name}>{title}</span>
            <span className={classes.said}>
              about {plural(moreDealCount, 'more deal', 'more deals')}; {formatNumber(exposed.dealCount)} so
              far
            </span>
          </UnstyledButton>
        </li>
      ))}
    </ul>
  );
}
