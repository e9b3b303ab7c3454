import { UnstyledButton } from '@mantine/core';
import { formatNumber, plural } from '../lib/format.ts';
import type { AssetInfluence } from './api.ts';
import classes from './forest-plot.module.css';
import { intervalWords, signedPoints } from './influence-words.ts';

interface ForestPlotProps {
  assets: readonly AssetInfluence[];
  openId?: string | undefined;
  onOpen: (assetId: string) => void;
}

/** Each asset's difference with its interval around the line of no difference; the order is that of the shrunken estimates. */
export function ForestPlot({ assets, openId, onOpen }: ForestPlotProps) {
  const reach = reachOf(assets);
  return (
    <div className={classes.frame}>
      <div className={classes.axis} aria-hidden>
        <span />
        <span className={classes.scale}>
          <span>{signedPoints(-reach)}</span>
          <span>no difference</span>
          <span>{signedPoints(reach)} points</span>
        </span>
        <span />
      </div>
      <ul className={classes.plot} aria-label="Difference for each asset">
        {assets.map((asset) => (
          <li key={asset.assetId}>
            <Row asset={asset} reach={reach} isOpen={asset.assetId === openId} onOpen={onOpen} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Half the axis, in steps of ten points. */
function reachOf(assets: readonly AssetInfluence[]): number {
  const furthest = assets.flatMap(({ difference }) =>
    difference ? [Math.abs(difference.low), Math.abs(difference.high)] : [],
  );
  return Math.min(1, Math.ceil(Math.max(0.1, ...furthest) * 10) / 10);
}

interface RowProps {
  asset: AssetInfluence;
  reach: number;
  isOpen: boolean;
  onOpen: (assetId: string) => void;
}

function Row({ asset, reach, isOpen, onOpen }: RowProps) {
  const { difference, exposed, unexposed, title } = asset;
  if (!difference) return null;
  const at = (share: number) =>
    `${(50 + (50 * Math.max(-reach, Math.min(reach, share))) / reach).toFixed(2)}%`;
  return (
    <UnstyledButton
      className={classes.row}
      data-sure={difference.isSure || undefined}
      aria-current={isOpen || undefined}
      onClick={() => onOpen(asset.assetId)}
    >
      <span className={classes.title}>{title}</span>
      <svg className={classes.line} aria-hidden="true">
        <line className={classes.zero} x1="50%" x2="50%" y1="-7" y2="33" />
        <line className={classes.interval} x1={at(difference.low)} x2={at(difference.high)} y1="13" y2="13" />
        <circle className={classes.point} cx={at(difference.estimate)} cy="13" r="4.5" />
      </svg>
      <span className={classes.numbers}>
        <b>{signedPoints(difference.estimate)}</b> points, {intervalWords(difference)}
        {difference.isSure && <span className="only-heard">, stands after the correction</span>}
        <br />
        {plural(exposed.dealCount, 'deal')}, {formatNumber(unexposed.dealCount)} alike
      </span>
    </UnstyledButton>
  );
}
