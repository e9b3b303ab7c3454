import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import {
  IconLayoutSidebar,
  IconListDetails,
  IconMinus,
  IconNotes,
  IconPlus,
  IconSearch,
} from '@tabler/icons-react';
import { useState } from 'react';
import { flushSync } from 'react-dom';
import { useShortcutList } from '../lib/shortcuts.ts';
import { Sheet } from '../ui/panels.tsx';
import { RenditionNote } from '../ui/rendition-note.tsx';
import { FindField } from './find-field.tsx';
import { PageNumber } from './page-number.tsx';
import { ReadingBar } from './reading-bar.tsx';
import classes from './reading-page.module.css';
import { ReadingPages, type Zoom } from './reading-pages.tsx';
import { ReadingSide } from './reading-side.tsx';
import { type ReadingProps, useLeave } from './reading-state.ts';
import { SpeakerNotes } from './speaker-notes.tsx';
import { useFinding } from './use-finding.ts';
import { useReadingPlace } from './use-reading-place.ts';

const zooms: Zoom[] = ['fit', '100', '150'];
const zoomWords: Record<Zoom, string> = { fit: 'Fit width', '100': '100%', '150': '150%' };

/** Pages to be read, with a rail beside them, search, zoom and speaker notes. Its place is in the address. */
export function PageReading({ asset, version, rendition, state, onChange }: ReadingProps) {
  const { pages, pageCount } = rendition;
  const isPhone = useMediaQuery('(width < 860px)', false, { getInitialValueInEffect: false });
  const [hasSide, setHasSide] = useState(true);
  const [opened, setOpened] = useState<'side' | 'find' | null>(state.find && isPhone ? 'find' : null);
  const finding = useFinding(version.id, state.find, state.mark);
  const place = useReadingPlace(state, onChange, finding, pageCount);
  const { page, goTo } = place;
  const leave = useLeave(asset.id);
  const zoom: Zoom = state.zoom ?? 'fit';
  const hasNotes = pages.some((candidate) => candidate.hasNotes);
  const showsNotes = hasNotes && (state.notes === '1' || finding.match?.isInNotes === true);

  const changeZoom = (by: 1 | -1) => {
    const next = zooms[Math.max(0, Math.min(zooms.length - 1, zooms.indexOf(zoom) + by))] ?? 'fit';
    onChange({ zoom: next === 'fit' ? undefined : next });
  };
  const search = () => {
    // The box has the focus at once, so that what is typed next goes into it and is no shortcut.
    flushSync(() => setOpened('find'));
    document.querySelector<HTMLInputElement>('[data-search-box]')?.select();
  };
  const toggleNotes = () => onChange({ notes: state.notes ? undefined : '1' });
  useReadingKeys({
    next: () => goTo(page + 1),
    before: () => goTo(page - 1),
    first: () => goTo(1),
    last: () => goTo(pageCount),
    larger: () => changeZoom(1),
    smaller: () => changeZoom(-1),
    search,
    toggleNotes: hasNotes ? toggleNotes : undefined,
    endSearch: finding.query ? () => onChange({ find: '' }) : undefined,
    leave,
  });

  const side = (
    <ReadingSide
      assetVersionId={version.id}
      pages={pages}
      page={page}
      finding={finding}
      onPage={(to) => {
        goTo(to);
        setOpened(null);
      }}
      onMatch={(at) => {
        place.goToMatch(at);
        if (isPhone) setOpened('find');
      }}
    />
  );
  const field = (
    <FindField
      finding={finding}
      onQuery={(find) => onChange({ find })}
      onStep={place.step}
      onLeave={() => {
        setOpened(null);
        document.querySelector<HTMLElement>('[data-pages]')?.focus();
      }}
    />
  );
  const number = <PageNumber page={page} pageCount={pageCount} onPage={goTo} />;
  const notesButton = hasNotes && (
    <Tooltip label="Speaker notes (n)">
      <ActionIcon aria-label="Speaker notes" aria-pressed={showsNotes} onClick={toggleNotes}>
        <IconNotes size={18} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
  const hasSeveral = pageCount > 1;
  return (
    <div className={classes.frame}>
      <ReadingBar asset={asset} version={version} onLeave={leave}>
        {!isPhone && (
          <>
            <div className={classes.tools}>
              {hasSeveral && (
                <>
                  <RailToggle isOn={hasSide} onToggle={() => setHasSide((was) => !was)} />
                  {number}
                </>
              )}
              <ZoomTools zoom={zoom} onChange={changeZoom} />
              {notesButton}
            </div>
            <div className={classes.find}>{field}</div>
          </>
        )}
      </ReadingBar>
      {isPhone && opened === 'find' && <div className={classes.findRow}>{field}</div>}
      <div className={classes.body}>
        {!isPhone && (hasSeveral || finding.query) && hasSide && (
          <aside className={classes.side} aria-label="Pages and contents">
            {side}
          </aside>
        )}
        <main className={classes.pages}>
          <h1 className="only-heard">{asset.title}</h1>
          {rendition.state !== 'done' && (
            <div className={classes.note}>
              <RenditionNote rendition={rendition} isWebLink={false} typeWarning={null} isRetrying={false} />
            </div>
          )}
          <ReadingPages
            title={asset.title}
            assetVersionId={version.id}
            pages={pages}
            pageCount={pageCount}
            zoom={zoom}
            wanted={finding.wanted}
            match={finding.match}
            jump={place.jump}
            onJump={goTo}
            onPage={place.follow}
          />
        </main>
        {showsNotes && (
          <SpeakerNotes
            assetVersionId={version.id}
            pageNumber={page}
            wanted={finding.wanted}
            onClose={() => onChange({ notes: undefined })}
          />
        )}
      </div>
      {isPhone && (
        <nav className={classes.foot} aria-label="Reading">
          {hasSeveral && (
            <Button
              variant="subtle"
              color="gray"
              leftSection={<IconListDetails size={18} stroke={1.5} aria-hidden />}
              onClick={() => setOpened('side')}
            >
              Pages
            </Button>
          )}
          {hasSeveral && number}
          {notesButton}
          <Button
            variant="subtle"
            color="gray"
            leftSection={<IconSearch size={18} stroke={1.5} aria-hidden />}
            onClick={search}
          >
            Search
          </Button>
        </nav>
      )}
      {isPhone && (
        <Sheet isOpen={opened === 'side'} onClose={() => setOpened(null)} title="Pages">
          <div className={classes.sheetSide}>{side}</div>
        </Sheet>
      )}
    </div>
  );
}

function RailToggle({ isOn, onToggle }: { isOn: boolean; onToggle: () => void }) {
  return (
    <Tooltip label={isOn ? 'Hide the rail' : 'Show the rail'}>
      <ActionIcon aria-label="Pages and contents" aria-pressed={isOn} onClick={onToggle}>
        <IconLayoutSidebar size={18} stroke={1.5} />
      </ActionIcon>
    </Tooltip>
  );
}

function ZoomTools({ zoom, onChange }: { zoom: Zoom; onChange: (by: 1 | -1) => void }) {
  return (
    <span className={classes.zoom}>
      <ActionIcon aria-label="Smaller" disabled={zoom === 'fit'} onClick={() => onChange(-1)}>
        <IconMinus size={16} stroke={1.5} />
      </ActionIcon>
      <span className={classes.zoomWord} role="status">
        {zoomWords[zoom]}
      </span>
      <ActionIcon aria-label="Larger" disabled={zoom === '150'} onClick={() => onChange(1)}>
        <IconPlus size={16} stroke={1.5} />
      </ActionIcon>
    </span>
  );
}

interface ReadingKeys {
  next: () => void;
  before: () => void;
  first: () => void;
  last: () => void;
  larger: () => void;
  smaller: () => void;
  search: () => void;
  toggleNotes: (() => void) | undefined;
  endSearch: (() => void) | undefined;
  leave: () => void;
}

function useReadingKeys(run: ReadingKeys): void {
  const keys = (list: string[], label: string, action: () => void) =>
    list.map((key) => ({ keys: key, label, group: 'Reading', run: action }));
  useShortcutList([
    ...keys(['j', 'ArrowRight'], 'Next page', run.next),
    ...keys(['k', 'ArrowLeft'], 'Page before', run.before),
    ...keys(['Home'], 'First page', run.first),
    ...keys(['End'], 'Last page', run.last),
    ...keys(['+', '='], 'Larger', run.larger),
    ...keys(['-'], 'Smaller', run.smaller),
    ...keys(['/', 'mod+f'], 'Search in this document', run.search),
    ...(run.toggleNotes ? keys(['n'], 'Speaker notes', run.toggleNotes) : []),
    ...keys(['Escape'], run.endSearch ? 'End the search' : 'Back', run.endSearch ?? run.leave),
  ]);
}
