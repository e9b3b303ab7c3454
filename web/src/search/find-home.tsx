import type { AssetCard } from '@offshelf/server/contract/assets';
import { useQuery } from '@tanstack/react-query';
import { formatFileType } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonLines } from '../ui/skeletons.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { DateText } from '../ui/words.tsx';
import { newestAssetsQuery, recentSearchesQuery } from './api.ts';
import classes from './find-home.module.css';
import { EmptyLibrary } from './nothing.tsx';
import { Situations } from './situations.tsx';
import { TeamShelf } from './team-shelf.tsx';

interface FindHomeProps {
  onQuery: (query: string) => void;
  onSituation: (termId: string) => void;
  onOpen: (assetId: string) => void;
  openId: string | undefined;
}

/** Before there is a question: the situations that the library knows, what was asked lately, what is new. */
export function FindHome({ onQuery, onSituation, onOpen, openId }: FindHomeProps) {
  const newest = useQuery(newestAssetsQuery);
  if (newest.data?.total === 0) return <EmptyLibrary />;
  return (
    <div className={classes.home}>
      <Recent onQuery={onQuery} />
      <div className={classes.columns}>
        <Situations onAsk={onSituation} />
        <section className={classes.column} aria-labelledby="new-on-the-shelf">
          <h2 id="new-on-the-shelf" className={classes.heading}>
            New on the shelf
          </h2>
          {newest.error && <ProblemNote error={newest.error} onRetry={() => void newest.refetch()} />}
          {newest.isPending && <SkeletonLines rows={7} height={58} />}
          <ul className={classes.list}>
            {newest.data?.items.map((asset) => (
              <NewAsset key={asset.id} asset={asset} onOpen={onOpen} isOpen={asset.id === openId} />
            ))}
          </ul>
          <TeamShelf />
        </section>
      </div>
    </div>
  );
}

function NewAsset({
  asset,
  onOpen,
  isOpen,
}: {
  asset: AssetCard;
  onOpen: (id: string) => void;
  isOpen: boolean;
}) {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  return (
    <li className={classes.new} data-open={isOpen || undefined}>
      <Thumbnail asset={asset} size="row" />
      <span className={classes.newWords}>
        <a
          href={paths.asset(asset.id)}
          className={classes.newTitle}
          aria-current={isOpen || undefined}
          onClick={(event) => {
            if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
            event.preventDefault();
            onOpen(asset.id);
          }}
        >
          {asset.title}
        </a>
        <span className={classes.newFacts}>
          {type ?? formatFileType(asset.mediaType, asset.fileName)}
          {', '}
          <DateText date={asset.publishedAt} />
        </span>
      </span>
    </li>
  );
}

function Recent({ onQuery }: Pick<FindHomeProps, 'onQuery'>) {
  const recent = useQuery(recentSearchesQuery);
  const asked = [
    ...new Set(recent.data?.items.filter(({ query }) => query !== '').map(({ query }) => query)),
  ].slice(0, 6);
  // The line is kept free, so that nothing moves when it fills.
  return (
    <nav className={classes.recent} aria-label="Recent searches">
      {asked.length > 0 && (
        <>
          <span className={classes.recentName} aria-hidden="true">
            Recent
          </span>
          <ul>
            {asked.map((query) => (
              <li key={query}>
                <button type="button" className={classes.again} onClick={() => onQuery(query)}>
                  {query}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}
