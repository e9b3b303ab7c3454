import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { stringifySearch } from '../lib/url-state.ts';
import { renditionQuery } from '../rendering/api.ts';
import { ChartFrame } from '../ui/chart-frame.tsx';
import type { Attention, AttentionPage } from './api.ts';
import classes from './attention-page.module.css';
import { longestPage, pagesFinding } from './attention-words.ts';
import { fewestForQuartiles, PageChart } from './page-chart.tsx';
import { PagePanel } from './page-panel.tsx';

interface PageByPageProps {
  assetId: string;
  attention: Attention;
  isCurrent: boolean;
}

/** So many pages are shown at first. */
const mostShown = 40;

/** How long people look at each page, and what they make of it. */
export function PageByPage({ assetId, attention, isCurrent }: PageByPageProps) {
  const { pages, versionId, pagedCount, asOf } = attention;
  const rendition = useQuery(renditionQuery(versionId)).data;
  const sheets = rendition?.pages ?? [];
  const isUnderWay = rendition?.state === 'queued' || rendition?.state === 'running';
  const [looked, setLooked] = useState<number>();
  const [isWhole, setIsWhole] = useState(false);
  const shown = isWhole ? pages : pages.slice(0, mostShown);
  const current = Math.min(looked ?? longestPage(pages)?.pageNumber ?? 1, shown.length);
  const page = shown[current - 1];
  const readingAt = (pageNumber: number) => {
    const search = {
      ...(!isCurrent && { version: versionId }),
      ...(pageNumber > 1 && { page: pageNumber }),
    };
    const to = paths.reading(assetId);
    return { to, search, href: `${to}${stringifySearch(search)}` };
  };
  return (
    <section className={classes.section} aria-label="Page by page">
      <div className={classes.beside}>
        <div className={classes.wide}>
          <ChartFrame
            title={pagesFinding(pages)}
            lead={
              isUnderWay
                ? 'Its pages are still being prepared: until their words are known each is taken for one without text.'
                : 'The hollow mark is the time that the words of the page take. Point at a page to see it large.'
            }
            metrics={['attention', 'drop_off', 'read_pages']}
            asOf={asOf}
            n={pages[0]?.passedCount ?? 0}
            fileName="attention"
            columns={columns}
            rows={pages.map((each) => ({
              page: each.pageNumber,
              words: each.wordCount,
              expected: seconds(each.expectedMs),
              visits: each.seenCount,
              low: quartile(each, 'low'),
              median: each.activeMs && seconds(each.activeMs.median),
              high: quartile(each, 'high'),
              skipped: each.skippedCount,
              skimmed: each.skimmedCount,
              read: each.readCount,
              studied: each.studiedCount,
              reached: each.reachedCount,
            }))}
          >
            <PageChart
              versionId={versionId}
              pages={shown}
              sheets={sheets}
              pagedCount={pagedCount}
              current={current}
              onLook={setLooked}
              readingAt={readingAt}
            />
            {shown.length < pages.length && (
              <Button variant="default" size="xs" mt={12} onClick={() => setIsWhole(true)}>
                Show all {plural(pages.length, 'page')}
              </Button>
            )}
          </ChartFrame>
        </div>
        {page && (
          <PagePanel
            versionId={versionId}
            page={page}
            sheet={sheets[current - 1]}
            pagedCount={pagedCount}
            asOf={asOf}
            readingAt={readingAt}
          />
        )}
      </div>
      <p className="only-heard" aria-live="polite">
        {looked === undefined ? '' : `Page ${formatNumber(current)}`}
      </p>
    </section>
  );
}

const columns = [
  { key: 'page', label: 'Page' },
  { key: 'words', label: 'Words' },
  { key: 'expected', label: 'Expected, s' },
  { key: 'visits', label: 'Visits that saw it' },
  { key: 'low', label: 'Lower quartile, s' },
  { key: 'median', label: 'Median, s' },
  { key: 'high', label: 'Upper quartile, s' },
  { key: 'skipped', label: 'Skipped' },
  { key: 'skimmed', label: 'Skimmed' },
  { key: 'read', label: 'Read' },
  { key: 'studied', label: 'Studied' },
  { key: 'reached', label: 'Readers who got so far' },
];

const quartile = ({ activeMs, seenCount }: AttentionPage, which: 'low' | 'high') =>
  activeMs && seenCount >= fewestForQuartiles ? seconds(activeMs[which]) : null;

const seconds = (ms: number) => Math.round(ms / 100) / 10;
