import { formatNumber } from '../lib/format.ts';
import { Figure } from '../ui/figure.tsx';
import { DateText } from '../ui/words.tsx';
import type { Attention, ComparedVersion } from './api.ts';
import classes from './attention-page.module.css';

/** Versions side by side; what too few visits say is not said. */
export function VersionTable({ attention: { versions, versionId, asOf, kind } }: { attention: Attention }) {
  return (
    <section className={classes.section} aria-label="Versions compared">
      <h2 className={classes.heading}>Versions compared</h2>
      <div className={classes.scroll}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">Version</th>
              <th scope="col">Human opens</th>
              <th scope="col">Reads</th>
              <th scope="col">Readers</th>
              <th scope="col">Median visit</th>
              <th scope="col">Completion</th>
              {kind === 'pages' && <th scope="col">Got to the last page</th>}
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <tr key={version.versionId} data-here={version.versionId === versionId || undefined}>
                <th scope="row">
                  {formatNumber(version.number)}
                  <span className="quiet">
                    {version.isCurrent ? ', current' : ''}, <DateText date={version.uploadedAt} />
                  </span>
                </th>
                <td>
                  <Figure
                    metric="human_opens"
                    value={version.visitCount}
                    n={version.visitCount}
                    asOf={asOf}
                  />
                </td>
                <td>
                  <Figure metric="reads" value={version.readCount} n={version.visitCount} asOf={asOf} />
                </td>
                <td>
                  <Figure
                    metric="drop_off"
                    label="Readers"
                    value={version.readerCount}
                    n={version.readerCount}
                    asOf={asOf}
                  />
                </td>
                <td>
                  <Figure
                    metric="visit_time"
                    value={version.activeMs?.median ?? null}
                    format="duration"
                    n={version.visitCount}
                    {...rangeOf(version.activeMs)}
                    asOf={asOf}
                  />
                </td>
                <td>
                  <Figure
                    metric="completion"
                    value={version.completion?.median ?? null}
                    format="percent"
                    n={version.visitCount}
                    {...rangeOf(version.completion)}
                    asOf={asOf}
                  />
                </td>
                {kind === 'pages' && (
                  <td>
                    <Figure
                      metric="drop_off"
                      label="Got to the last page"
                      value={endShare(version)}
                      format="percent"
                      n={version.pagedCount}
                      asOf={asOf}
                    />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function rangeOf(spread: ComparedVersion['activeMs']) {
  return spread && { low: spread.low, high: spread.high };
}

/** With as few readers as a median of visits may not have, it is not said either. */
function endShare({ pagedCount, reachedCounts }: ComparedVersion): number | null {
  return pagedCount < 5 ? null : (reachedCounts.at(-1) ?? 0) / pagedCount;
}
