import type { AssetCard } from '@offshelf/server/contract/assets';
import { useQuery } from '@tanstack/react-query';
import { formatFileType } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { onPlainClick } from '../lib/plain-click.ts';
import { ActNowSlot } from '../ui/activity-slots.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonLines } from '../ui/skeletons.tsx';
import { Thumbnail } from '../ui/thumbnail.tsx';
import { DateText } from '../ui/words.tsx';
import { dimensionsQuery, newestAssetsQuery } from './api.ts';
import { recentSearchesQuery } from './find-api.ts';
import classes from './find-home.module.css';
import { Kept } from './kept.tsx';
import { EmptyLibrary, situationOf } from './nothing.tsx';
import { PinnedCollections } from './pinned-collections.tsx';
import type { Asking } from './question.ts';
import { QuestionLink } from './question-link.tsx';
import { describeQuestion } from './question-words.ts';
import { RecentlyShared } from './recently-shared.tsx';
import { Recommended } from './recommended.tsx';
import { Situations } from './situations.tsx';
import { TeamShelf } from './team-shelf.tsx';

/** Before there is a question: what was asked lately, the situations that the library knows, what is kept and new. */
export function FindHome({ asking }: { asking: Asking }) {
  const newest = useQuery(newestAssetsQuery);
  if (newest.data?.total === 0) return <EmptyLibrary />;
  return (
    <div className={classes.home}>
      <Recent />
      <ActNowSlot />
      <PinnedCollections />
      <div className={classes.columns}>
        <div className={classes.column}>
          <Situations onAsk={(termId) => asking.change(situationOf(termId))} />
          <TeamShelf />
        </div>
        <div className={classes.column}>
          <RecentlyShared />
          <Recommended onOpen={asking.open} openId={asking.openId} />
          <Kept />
          <section aria-labelledby="new-on-the-shelf">
            <h2 id="new-on-the-shelf" className={classes.heading}>
              New on the shelf
            </h2>
            {newest.error && <ProblemNote error={newest.error} onRetry={() => void newest.refetch()} />}
            {newest.isPending && <SkeletonLines rows={6} height={58} />}
            <ul className={classes.list}>
              {newest.data?.items.map((asset) => (
                <NewAsset
                  key={asset.id}
                  asset={asset}
                  onOpen={asking.open}
                  isOpen={asset.id === asking.openId}
                />
              ))}
            </ul>
          </section>
        </div>
      </div>
    </div>
  );
}

interface NewAssetProps {
  asset: AssetCard;
  onOpen: (id: string) => void;
  isOpen: boolean;
}

function NewAsset({ asset, onOpen, isOpen }: NewAssetProps) {
  const type = asset.terms.find((term) => term.dimensionKey === 'content_type')?.name;
  return (
    <li className={classes.new} data-open={isOpen || undefined}>
      <Thumbnail asset={asset} size="row" />
      <span className={classes.newWords}>
        <a
          href={paths.asset(asset.id)}
          className={classes.newTitle}
          aria-current={isOpen || undefined}
          onClick={onPlainClick(() => onOpen(asset.id))}
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

const mostRecent = 6;

function Recent() {
  const recent = useQuery(recentSearchesQuery);
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const asked = new Map(
    recent.data?.items
      .filter(({ query, filters }) => query !== '' || filters.termIds.length > 0)
      .map((search) => [describeQuestion(search, dimensions, 40), search]),
  );
  // The line is kept free, so that nothing moves when it fills.
  return (
    <nav className={classes.recent} aria-label="Recent searches">
      {asked.size > 0 && (
        <>
          <span className={classes.recentName} aria-hidden="true">
            Recent
          </span>
          <ul>
            {[...asked].slice(0, mostRecent).map(([words, search]) => (
              <li key={words}>
                <QuestionLink question={search} searchId={search.searchId} className={classes.again}>
                  {words}
                </QuestionLink>
              </li>
            ))}
          </ul>
        </>
      )}
    </nav>
  );
}
