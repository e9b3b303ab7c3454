import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../lib/format.ts';
import { PageStrip } from '../ui/page-strip.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { Snippet } from '../ui/words.tsx';
import type { RenditionPage } from './api.ts';
import classes from './reading-side.module.css';
import { type Finding, firstMatchOf } from './use-finding.ts';

interface SideProps {
  assetVersionId: string;
  pages: readonly RenditionPage[];
  page: number;
  finding: Finding;
  onPage: (pageNumber: number) => void;
  onMatch: (at: number) => void;
}

/** Beside the pages: what was found, else the pages in small or the contents. */
export function ReadingSide(props: SideProps) {
  const { pages, finding } = props;
  const [shows, setShows] = useState<'pages' | 'contents'>('pages');
  const headings = headingsOf(pages);
  if (finding.query.trim() !== '') return <FoundList {...props} />;
  return (
    <>
      {headings.length > 0 && (
        <div className={classes.choice}>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Beside the pages"
            data={[
              { value: 'pages', label: 'Pages' },
              { value: 'contents', label: 'Contents' },
            ]}
            value={shows}
            onChange={(value) => setShows(value as typeof shows)}
          />
        </div>
      )}
      {shows === 'contents' && headings.length > 0 ? (
        <Contents {...props} headings={headings} />
      ) : (
        <div className={classes.strip}>
          <PageStrip
            assetVersionId={props.assetVersionId}
            pages={pages}
            current={props.page}
            onChoose={props.onPage}
            direction="column"
          />
        </div>
      )}
    </>
  );
}

interface PlacedHeading {
  key: string;
  text: string;
  level: number;
  pageNumber: number;
}

function headingsOf(pages: readonly RenditionPage[]): PlacedHeading[] {
  return pages.flatMap(({ pageNumber, headings }) =>
    headings.map(({ text, level }, index) => ({
      key: `${pageNumber.toString()} ${index.toString()}`,
      text,
      level,
      pageNumber,
    })),
  );
}

function Contents({ headings, page, onPage }: SideProps & { headings: PlacedHeading[] }) {
  const top = Math.min(...headings.map((heading) => heading.level));
  const current = headings.findLastIndex((heading) => heading.pageNumber <= page);
  return (
    <nav aria-label="Contents" className={classes.list}>
      <ol>
        {headings.map((heading, index) => (
          <li key={heading.key}>
            <button
              type="button"
              className={classes.heading}
              aria-current={index === current ? 'location' : undefined}
              style={{ paddingLeft: 10 + 14 * Math.min(3, heading.level - top) }}
              onClick={() => onPage(heading.pageNumber)}
            >
              <span>{heading.text}</span>
              <span className={classes.number}>
                <span className="only-heard">, page </span>
                {heading.pageNumber}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function FoundList({ finding, onMatch }: SideProps) {
  const { found, error, query, match } = finding;
  if (error) return <ProblemNote error={error} />;
  if (!found)
    return (
      <div className={classes.list} role="status" aria-label="Searching">
        <SkeletonText lines={8} />
      </div>
    );
  if (found.pages.length === 0)
    return (
      <p className={classes.none} role="status">
        “{query.trim()}” is not in this document. Check the spelling, or look for fewer words.
      </p>
    );
  return (
    <nav aria-label="Where it was found" className={classes.list}>
      <p className={classes.count} role="status">
        {plural(finding.matchCount, 'match', 'matches')} on {plural(found.pages.length, 'page')}
      </p>
      <ol>
        {found.pages.map((page) => (
          <li key={`${page.pageNumber.toString()} ${page.isInNotes.toString()}`}>
            <button
              type="button"
              className={classes.hit}
              aria-current={
                match?.pageNumber === page.pageNumber && match.isInNotes === page.isInNotes
                  ? 'true'
                  : undefined
              }
              onClick={() => onMatch(firstMatchOf(found, page))}
            >
              <span className={classes.where}>
                Page {page.pageNumber}
                <span className="quiet">
                  {page.isInNotes ? ' in the speaker notes' : ''}
                  {page.matchCount > 1 ? `, ${page.matchCount.toString()} times` : ''}
                </span>
              </span>
              <span className={classes.excerpt}>
                <Snippet parts={page.excerpt} />
              </span>
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
