import { NativeSelect, SegmentedControl } from '@mantine/core';
import type { ShelfContent, ShelfGrouping } from '@offshelf/server/contract/analytics';
import { Fragment, type ReactNode, useId, useMemo, useState } from 'react';
import { plural } from '../lib/format.ts';
import { RungSwatch } from './rung-swatch.tsx';
import { rungOrder, rungStep, rungWords } from './rungs.ts';
import classes from './shelf.module.css';
import { ShelfBoards } from './shelf-boards.tsx';
import { bundleSpines, groupSpines, layOutShelf, type Spine } from './shelf-layout.ts';
import { ShelfTable } from './shelf-table.tsx';
import { useMeasuredWidth } from './use-measured-width.ts';

export type ShelfView = 'shelf' | 'table';

export interface ShelfProps {
  content: Pick<ShelfContent, 'spines' | 'groups' | 'eligibleCount'>;
  /** What the shelf is, for assistive technology: "Your library". */
  label: string;
  onOpen: (spine: Spine) => void;
  /** Spines that a drag or shift with the arrow keys took; an empty list when the selection is dropped. */
  onSelect?: (spines: Spine[]) => void;
  /** Give both when the page keeps them in its address; otherwise the shelf keeps them itself. */
  groupBy?: ShelfGrouping;
  onGroupBy?: (grouping: ShelfGrouping) => void;
  view?: ShelfView;
  onView?: (view: ShelfView) => void;
  /** What the lowest rung is called where it means something else. */
  firstStop?: string | undefined;
  /** What the colours mean, where the page says it better than a sentence. */
  legend?: ReactNode;
  /** Names of groups in the order they should stand, such as the taxonomy's. */
  groupOrder?: readonly string[];
}

const groupings: { value: ShelfGrouping; label: string }[] = [
  { value: 'rung', label: 'How far it got' },
  { value: 'contentType', label: 'Content type' },
  { value: 'persona', label: 'Persona' },
  { value: 'stage', label: 'Stage' },
  { value: 'owner', label: 'Owner' },
];

/** Every eligible asset as one thin upright spine; the further up the usage ladder it got, the more ink it has. */
export function Shelf(props: ShelfProps) {
  const { content, label, onOpen, onSelect, groupOrder, legend, firstStop } = props;
  const [ownGrouping, setOwnGrouping] = useState<ShelfGrouping>('rung');
  const [ownView, setOwnView] = useState<ShelfView>('shelf');
  const groupBy = props.groupBy ?? ownGrouping;
  const view = props.view ?? ownView;
  const selectId = useId();
  const [measure, width] = useMeasuredWidth();
  const isBundled = content.spines === null;
  const { spines, each } = useMemo(
    () =>
      content.spines === null
        ? bundleSpines(content.groups ?? [], groupBy, view === 'table' ? 1 : width * 1.2)
        : { spines: content.spines, each: 1 },
    [content, groupBy, view, width],
  );
  const groups = useMemo(
    () => groupSpines(spines, groupBy, groupOrder, firstStop),
    [spines, groupBy, groupOrder, firstStop],
  );
  const layout = useMemo(() => layOutShelf(groups, width), [groups, width]);
  const isSeveral = groupBy === 'persona' || groupBy === 'stage';

  return (
    <section className={classes.shelf} aria-label={label}>
      <div className={classes.controls} data-key={(legend && view === 'shelf') || undefined}>
        {legend ?? <Legend />}
        <div className={classes.choices}>
          <label htmlFor={selectId} className="quiet">
            Grouped by
          </label>
          <NativeSelect
            id={selectId}
            size="xs"
            value={groupBy}
            data={groupings}
            onChange={(event) =>
              (props.onGroupBy ?? setOwnGrouping)(event.currentTarget.value as ShelfGrouping)
            }
          />
          <SegmentedControl
            aria-label="Show as"
            size="xs"
            value={view}
            onChange={(value) => (props.onView ?? setOwnView)(value as ShelfView)}
            data={[
              { value: 'shelf', label: 'Shelf' },
              { value: 'table', label: 'Table' },
            ]}
          />
        </div>
      </div>
      {view === 'table' ? (
        <ShelfTable
          groups={groups}
          onOpen={onOpen}
          isBundled={isBundled}
          groupLabel={groupings.find(({ value }) => value === groupBy)?.label ?? ''}
        />
      ) : (
        <div ref={measure} className={classes.room} style={{ minHeight: 140 }}>
          {width > 0 && spines.length > 0 && (
            <ShelfBoards
              key={groupBy}
              layout={layout}
              width={width}
              label={label}
              onOpen={onOpen}
              {...(onSelect && !isBundled && { onSelect })}
            />
          )}
          {spines.length === 0 && (
            <p className={classes.nothing}>
              No asset is eligible yet: it counts 30 days after it was published.
            </p>
          )}
        </div>
      )}
      {(isSeveral || each > 1) && view === 'shelf' && (
        <p className={classes.aside}>
          {each > 1 && `Each spine stands for up to ${plural(each, 'asset')}. `}
          {isSeveral &&
            `${plural(content.eligibleCount, 'asset')}, each once; one with several ${groupBy === 'persona' ? 'personas' : 'stages'} stands with its first.`}
        </p>
      )}
    </section>
  );
}

function Legend() {
  return (
    <p className={classes.legend}>
      Each spine is one asset; the further it got, the more ink:{' '}
      {rungOrder.map((rung, index) => (
        <Fragment key={rung}>
          <span className={classes.legendEntry}>
            <RungSwatch step={rungStep(rung)} />
            {rungWords[rung].short}
            {index < rungOrder.length - 1 ? ',' : '.'}
          </span>{' '}
        </Fragment>
      ))}
    </p>
  );
}
