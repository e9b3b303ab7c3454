import { Skeleton } from '@mantine/core';
import type { AssetCard } from '@offshelf/server/contract/assets';
import type { Dimension, Term } from '@offshelf/server/contract/taxonomy';
import { IconHistory } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { formatFileType } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { FileTypeIcon } from '../ui/badges.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { DateText } from '../ui/words.tsx';
import { dimensionsQuery, newestAssetsQuery, recentSearchesQuery } from './api.ts';
import classes from './find-home.module.css';
import { EmptyLibrary } from './results.tsx';

interface FindHomeProps {
  onAsk: (patch: { q?: string; term?: string[] }) => void;
  onOpen: (assetId: string) => void;
  openId: string | undefined;
}

/** Before there is a question: the situations that the library knows, what was asked lately, what is new. */
export function FindHome({ onAsk, onOpen, openId }: FindHomeProps) {
  const newest = useQuery(newestAssetsQuery);
  if (newest.data?.total === 0) return <EmptyLibrary />;
  return (
    <div className={classes.home}>
      <Recent onAsk={onAsk} />
      <div className={classes.columns}>
        <Situations onAsk={onAsk} />
        <section className={classes.column} aria-labelledby="new-on-the-shelf">
          <h2 id="new-on-the-shelf" className={classes.heading}>
            New on the shelf
          </h2>
          {newest.error && <ProblemNote error={newest.error} onRetry={() => void newest.refetch()} />}
          {newest.isPending && <Waiting rows={7} height={34} />}
          <ul className={classes.list}>
            {newest.data?.items.map((asset) => (
              <NewAsset key={asset.id} asset={asset} onOpen={onOpen} isOpen={asset.id === openId} />
            ))}
          </ul>
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
      <FileTypeIcon
        mediaType={asset.mediaType}
        fileName={asset.fileName}
        isWebLink={asset.kind === 'web_link'}
        size="small"
      />
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

function Recent({ onAsk }: Pick<FindHomeProps, 'onAsk'>) {
  const recent = useQuery(recentSearchesQuery);
  const asked = [
    ...new Set(recent.data?.items.filter(({ query }) => query !== '').map(({ query }) => query)),
  ].slice(0, 6);
  // The line is kept free, so that nothing moves when it fills.
  return (
    <nav className={classes.recent} aria-label="Recent searches">
      {asked.length > 0 && (
        <>
          <IconHistory size={16} stroke={1.5} aria-hidden />
          <ul>
            {asked.map((query) => (
              <li key={query}>
                <button type="button" className={classes.again} onClick={() => onAsk({ q: query })}>
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

/** What they say, who they are, where the deal is: a click is a question. */
function Situations({ onAsk }: Pick<FindHomeProps, 'onAsk'>) {
  const dimensions = useQuery(dimensionsQuery);
  if (dimensions.error)
    return (
      <section className={classes.column}>
        <ProblemNote error={dimensions.error} onRetry={() => void dimensions.refetch()} />
      </section>
    );
  if (!dimensions.data)
    return (
      <section className={classes.column} aria-label="Situations">
        <h2 className={classes.heading}>What they say</h2>
        <Waiting rows={6} height={30} />
      </section>
    );
  const termsOf = (key: Dimension['key']) =>
    (dimensions.data.items.find((dimension) => dimension.key === key)?.terms ?? []).filter(
      (term) => !term.isRetired && term.assetCount > 0,
    );
  const objections = termsOf('objection')
    .toSorted((a, b) => b.assetCount - a.assetCount)
    .slice(0, 7);
  const ask = (term: Term) => onAsk({ term: [term.id] });
  return (
    <div className={classes.column}>
      {objections.length > 0 && (
        <section aria-labelledby="what-they-say">
          <h2 id="what-they-say" className={classes.heading}>
            What they say
          </h2>
          <ul className={classes.list}>
            {objections.map((term) => (
              <li key={term.id}>
                <button type="button" className={classes.objection} onClick={() => ask(term)}>
                  <span className={classes.quote}>{term.name}</span>
                  <span className={classes.count}>
                    {term.assetCount}
                    <span className="only-heard"> assets</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      )}
      <Chips heading="Who you talk to" terms={termsOf('persona')} onChoose={ask} />
      <Chips heading="Where the deal is" terms={termsOf('stage')} onChoose={ask} />
    </div>
  );
}

function Chips({
  heading,
  terms,
  onChoose,
}: {
  heading: string;
  terms: readonly Term[];
  onChoose: (term: Term) => void;
}) {
  if (terms.length === 0) return null;
  return (
    <section aria-label={heading} className={classes.chipSection}>
      <h2 className={classes.heading}>{heading}</h2>
      <ul className={classes.chips}>
        {terms.map((term) => (
          <li key={term.id}>
            <button
              type="button"
              className={classes.chip}
              title={term.description || undefined}
              onClick={() => onChoose(term)}
            >
              {term.name}
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Waiting({ rows, height }: { rows: number; height: number }) {
  return (
    <div aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={`row-${row.toString()}`} style={{ height, paddingTop: height / 2 - 5 }}>
          <Skeleton height={10} width={`${(78 - ((row * 17) % 40)).toString()}%`} radius={5} />
        </div>
      ))}
    </div>
  );
}
