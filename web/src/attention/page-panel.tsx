import type { RenditionPage } from '@offshelf/server/contract/rendering';
import { formatDuration, formatNumber, plural } from '../lib/format.ts';
import { pageImagePath } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Figure } from '../ui/figure.tsx';
import type { AttentionPage } from './api.ts';
import { fewestForQuartiles, kinds } from './page-chart.tsx';
import classes from './page-panel.module.css';

interface PagePanelProps {
  versionId: string;
  page: AttentionPage;
  sheet: RenditionPage | undefined;
  pagedCount: number;
  asOf: Date;
  readingAt: (pageNumber: number) => { to: string; search: Record<string, unknown> };
}

/** The page that is pointed at, large enough to be looked at, with its numbers. */
export function PagePanel({ versionId, page, sheet, pagedCount, asOf, readingAt }: PagePanelProps) {
  const { pageNumber, activeMs, seenCount, passedCount, reachedCount, expectedMs } = page;
  const name = `Page ${formatNumber(pageNumber)}`;
  return (
    <aside className={classes.panel} aria-label={name} data-metric="attention drop_off">
      {sheet?.hasImage && (
        <img
          className={classes.sheet}
          src={pageImagePath(versionId, pageNumber, 'small')}
          alt=""
          style={{ aspectRatio: `${(sheet.width ?? 3).toString()} / ${(sheet.height ?? 4).toString()}` }}
        />
      )}
      <p className={classes.head}>
        <strong>{name}</strong>
        <AppLink {...readingAt(pageNumber)}>Read this page</AppLink>
      </p>
      <dl className={classes.facts}>
        <div>
          <dt>Median time</dt>
          <dd>
            <Figure
              metric="attention"
              label={`Median time on page ${formatNumber(pageNumber)}`}
              value={activeMs?.median ?? null}
              format="duration"
              n={seenCount}
              {...(activeMs && seenCount >= fewestForQuartiles && { low: activeMs.low, high: activeMs.high })}
              asOf={asOf}
            />
            <span className="quiet"> of {formatDuration(expectedMs)} expected</span>
          </dd>
        </div>
        {kinds.map(({ key, name: kind, count }) => (
          <div key={key}>
            <dt>{kind.charAt(0).toUpperCase() + kind.slice(1)}</dt>
            <dd>
              <Figure
                metric="attention"
                label={`${kind}: page ${formatNumber(pageNumber)}`}
                value={passedCount === 0 ? null : count(page) / passedCount}
                format="percent"
                n={passedCount}
                asOf={asOf}
              />
              <span className="quiet">
                {' · '}
                {formatNumber(count(page))} of {formatNumber(passedCount)}
              </span>
            </dd>
          </div>
        ))}
        <div>
          <dt>Got so far</dt>
          <dd>
            <Figure
              metric="drop_off"
              label={`Readers who got to page ${formatNumber(pageNumber)}`}
              value={pagedCount === 0 ? null : reachedCount / pagedCount}
              format="percent"
              n={pagedCount}
              asOf={asOf}
            />
            <span className="quiet">
              {' · '}
              {formatNumber(reachedCount)} of {plural(pagedCount, 'reader')}
            </span>
          </dd>
        </div>
      </dl>
    </aside>
  );
}
