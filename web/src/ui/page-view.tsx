import { ActionIcon, Tooltip } from '@mantine/core';
import type { Rendition } from '@offshelf/server/contract/rendering';
import { IconBook, IconChevronLeft, IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Wanted } from '../lib/marks.ts';
import { pageTextQuery } from '../lib/page-text.ts';
import { LinkButton } from './app-link.tsx';
import { PageStrip } from './page-strip.tsx';
import classes from './page-view.module.css';
import { Paper } from './paper.tsx';
import { lengthWords } from './rendition-note.tsx';
import { useMeasuredWidth } from './use-measured-width.ts';

interface PageViewProps {
  title: string;
  assetVersionId: string;
  rendition: Rendition;
  size: 'panel' | 'page';
  /** The page that answers a question, and the words of it to mark. */
  at?: { pageNumber: number; wanted: Wanted } | undefined;
  /** Where the reading view opens at a page. */
  readingAt: (pageNumber: number) => { to: string; search: Record<string, unknown> };
  onRead: (pageNumber: number) => void;
}

const tallest = { panel: 440, page: 640 };

/** One page of a document at a time, all of them in small below it, and the way to read it whole. */
export function PageView(props: PageViewProps) {
  const { title, assetVersionId, rendition, size, at, readingAt, onRead } = props;
  const { pages } = rendition;
  const [chosen, setChosen] = useState(at?.pageNumber ?? 1);
  const [ref, width] = useMeasuredWidth();
  const index = Math.max(
    0,
    pages.findIndex((page) => page.pageNumber === chosen),
  );
  const page = pages[index];
  const text = useQuery({
    ...pageTextQuery(assetVersionId, page?.pageNumber ?? 1),
    enabled: page !== undefined && (page.hasImage || page.wordCount > 0),
  });
  if (!page) return null;
  const box = boxOf(page, width, tallest[size]);
  // All pages have the room of the first one, so that nothing moves when somebody turns them.
  const room = boxOf(pages[0] ?? page, width, tallest[size]);
  const go = (to: number) => setChosen(pages[to]?.pageNumber ?? page.pageNumber);
  const read = () => {
    if (window.getSelection()?.isCollapsed ?? true) onRead(page.pageNumber);
  };
  const hasSeveral = pages.length > 1;
  return (
    <div className={classes.view} data-size={size}>
      <div ref={ref} className={classes.measure}>
        <div
          className={classes.ground}
          style={{ minHeight: page.hasImage ? Math.max(room.height, box.height) + 32 : undefined }}
        >
          {/* biome-ignore lint/a11y/noStaticElementInteractions: a shortcut for the mouse; the Read button below does the same. */}
          {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above. */}
          <div
            className={classes.sheet}
            data-words={!page.hasImage || undefined}
            style={page.hasImage ? { width: box.width } : { width: '100%' }}
            onClick={(event) => {
              if (!(event.target as Element).closest('a, button')) read();
            }}
          >
            {width > 0 && (
              <Paper
                key={page.pageNumber}
                assetVersionId={assetVersionId}
                page={page}
                pageCount={rendition.pageCount}
                width={box.width}
                text={text.data}
                {...(at && { wanted: at.wanted })}
                onGoTo={setChosen}
              />
            )}
          </div>
        </div>
      </div>
      {hasSeveral && (
        <PageStrip
          assetVersionId={assetVersionId}
          pages={pages}
          current={page.pageNumber}
          onChoose={setChosen}
          direction="row"
        />
      )}
      <div className={classes.foot}>
        {hasSeveral && (
          <div className={classes.turn}>
            <Turn label="Page before" isOff={index === 0} onClick={() => go(index - 1)}>
              <IconChevronLeft size={18} stroke={1.5} />
            </Turn>
            <span className={classes.number} role="status">
              Page {page.pageNumber} of {rendition.pageCount}
            </span>
            <Turn label="Next page" isOff={index >= pages.length - 1} onClick={() => go(index + 1)}>
              <IconChevronRight size={18} stroke={1.5} />
            </Turn>
          </div>
        )}
        <p className={classes.length}>{lengthWords(rendition)}</p>
        <LinkButton
          {...readingAt(page.pageNumber)}
          variant="default"
          size="xs"
          leftSection={<IconBook size={16} stroke={1.5} aria-hidden />}
          aria-label={`Read ${title}`}
        >
          Read
        </LinkButton>
      </div>
    </div>
  );
}

function Turn({
  label,
  isOff,
  onClick,
  children,
}: {
  label: string;
  isOff: boolean;
  onClick: () => void;
  children: React.ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon size={28} aria-label={label} disabled={isOff} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

const padding = 32;

/** The largest box of the page's own shape that fits. */
function boxOf(
  { width, height }: { width: number | null; height: number | null },
  room: number,
  tallestBox: number,
): { width: number; height: number } {
  const ratio = width && height ? width / height : 0.77;
  const wide = Math.max(0, Math.min(room - padding, tallestBox * ratio));
  return { width: Math.floor(wide), height: Math.floor(wide / ratio) };
}
