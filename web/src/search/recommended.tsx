import { useQuery } from '@tanstack/react-query';
import { promotionsQuery } from '../decisions/api.ts';
import { paths } from '../lib/paths.ts';
import { onPlainClick } from '../lib/plain-click.ts';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { DayText } from '../ui/words.tsx';
import classes from './find-home.module.css';

interface RecommendedProps {
  onOpen: (assetId: string) => void;
  openId: string | undefined;
}

/** What marketing recommends these days, and why; nothing while nothing is. */
export function Recommended({ onOpen, openId }: RecommendedProps) {
  const promotions = useQuery(promotionsQuery).data?.items ?? [];
  if (promotions.length === 0) return null;
  return (
    <section aria-labelledby="recommended">
      <h2 id="recommended" className={classes.heading}>
        Marketing recommends
      </h2>
      <ul className={classes.list}>
        {promotions.map(({ asset, note, untilOn }) => (
          <li key={asset.id} className={classes.new} data-open={asset.id === openId || undefined}>
            <Thumbnail asset={asset} size="row" />
            <span className={classes.newWords}>
              <a
                href={paths.asset(asset.id)}
                className={classes.newTitle}
                aria-current={asset.id === openId || undefined}
                onClick={onPlainClick(() => onOpen(asset.id))}
              >
                {asset.title}
              </a>
              <span className={classes.newFacts}>
                {note || asset.useWhen || (
                  <>
                    until <DayText day={untilOn} />
                  </>
                )}
              </span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
