import { Button, Checkbox, NumberInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { isCurator, useUser } from '../auth/api.ts';
import { decide, undoDecision } from '../decisions/api.ts';
import { formatMoney, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { type SliceState, sliceQuery } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { DecideActions } from '../ui/deciding.tsx';
import { notifyDone, notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { NoteObjectionButton } from '../ui/noting-objection.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { useRequesting } from '../ui/requesting.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type CellTerms, type CoverageCellDetail, coverageCellQuery, setTarget } from './api.ts';
import classes from './cell-panel.module.css';
import { cellSentence } from './coverage-words.ts';

interface CellPanelProps {
  slice: SliceState;
  terms: CellTerms;
  name: string;
  onClose: () => void;
}

/** What one cell holds, who asks for it, and what to do about it. */
export function CellPanel({ slice, terms, name, onClose }: CellPanelProps) {
  const { data, error, refetch } = useQuery(coverageCellQuery(slice, terms));
  return (
    <DetailPanel isOpen onClose={onClose} title={name}>
      <div className={classes.panel}>
        {error && <ProblemNote error={error} onRetry={() => void refetch()} />}
        {!data && !error && <SkeletonRows rows={5} widths={['70%']} />}
        {data && (
          <>
            <p className={classes.sentence}>{cellSentence(data.cell, data.baseCurrency)}</p>
            <Actions detail={data} terms={terms} />
            <Target key={data.cell.wantedCount} detail={data} terms={terms} />
            <Assets detail={data} />
            <NearAssets detail={data} />
            <DemandParts detail={data} slice={slice} />
          </>
        )}
      </div>
    </DetailPanel>
  );
}

interface PartProps {
  detail: CoverageCellDetail;
}

function Actions({ detail, terms }: PartProps & { terms: CellTerms }) {
  const requesting = useRequesting();
  const termIds = detail.terms.map(({ id }) => id);
  return (
    <div className={classes.actions}>
      <Button
        size="sm"
        onClick={() =>
          requesting.open({
            title: `Something for ${detail.terms.map(({ name }) => name).join(', ')}`.slice(0, 200),
            details: detail.notes
              .slice(0, 3)
              .map(({ text }) => text)
              .join('\n'),
            termIds,
            searchId: null,
          })
        }
      >
        Ask for it
      </Button>
      <NoteObjectionButton size="sm" draft={{ termIds: Object.values(terms) }} />
      {detail.requests.map(({ id, title }) => (
        <p key={id} className="quiet">
          Asked for already:{' '}
          <AppLink to={paths.requests} search={{ request: id }}>
            {title}
          </AppLink>
        </p>
      ))}
    </div>
  );
}

function Target({ detail, terms }: PartProps & { terms: CellTerms }) {
  const { wantedCount } = detail.cell;
  const [wanted, setWanted] = useState<number | string>(wantedCount ?? '');
  const mayChange = isCurator(useUser());
  if (!mayChange) return null;
  const next = typeof wanted === 'number' ? wanted : null;
  const save = async () => {
    try {
      const { beforeCount } = await setTarget(terms, next);
      notifyUndo(next === null ? 'Target taken away' : `Target set to ${plural(next, 'asset')}`, () =>
        setTarget(terms, beforeCount).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <form
      className={classes.target}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <NumberInput
        label="Assets wanted here"
        description="0 says that it is meant to stay empty."
        min={0}
        max={99}
        allowDecimal={false}
        w={150}
        value={wanted}
        onChange={setWanted}
      />
      <Button type="submit" variant="default" disabled={next === wantedCount}>
        Set the target
      </Button>
    </form>
  );
}

const nothing: readonly string[] = [];

/** What stands in the cell; those that are chosen can be decided about at once. */
function Assets({ detail: { assets, cell } }: PartProps) {
  const mayChange = isCurator(useUser());
  const [chosen, setChosen] = useState(nothing);
  if (assets.length === 0) return null;
  return (
    <section>
      <h3 className={classes.title}>In it</h3>
      <ul className={classes.list}>
        {assets.map(({ id, title, isShared, isRead, isLifting }) => (
          <li key={id}>
            <span className={classes.asset}>
              {mayChange && (
                <Checkbox
                  size="xs"
                  aria-label={`Choose ${title}`}
                  checked={chosen.includes(id)}
                  onChange={({ currentTarget }) =>
                    setChosen(currentTarget.checked ? [...chosen, id] : chosen.filter((each) => each !== id))
                  }
                />
              )}
              <AppLink to={paths.asset(id)}>{title}</AppLink>
            </span>
            <span className="quiet">
              {isLifting ? 'lifts' : isRead ? 'read' : isShared ? 'shared, not read' : 'not shared'}
            </span>
          </li>
        ))}
      </ul>
      {cell.assetCount > assets.length && (
        <p className="quiet">{plural(cell.assetCount - assets.length, 'more', 'more')} not shown.</p>
      )}
      {chosen.length > 0 && (
        <fieldset className={classes.decide}>
          <legend>{plural(chosen.length, 'asset')} chosen</legend>
          <DecideActions assetIds={chosen} onDone={() => setChosen(nothing)} />
        </fieldset>
      )}
    </section>
  );
}

/** Assets that lack one term: one click adds it, where it is true. */
function NearAssets({ detail: { nearAssets, terms } }: PartProps) {
  const mayChange = isCurator(useUser());
  if (nearAssets.length === 0) return null;
  const tag = async (assetId: string, termIds: string[]) => {
    try {
      const decision = await decide({ action: { kind: 'add_tags', termIds }, assetIds: [assetId], note: '' });
      if (!decision) return notifyDone('It is tagged like this already');
      notifyUndo('Tagged. It stands in the cell once that is counted.', () =>
        undoDecision(decision.id).catch(notifyProblem),
      );
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <section>
      <h3 className={classes.title}>Nearly fits</h3>
      <p className="quiet">
        {terms.length === 3 ? 'Two of the three terms.' : 'One of the two terms.'} Tag what answers it in
        truth.
      </p>
      <ul className={classes.list}>
        {nearAssets.slice(0, 8).map(({ id, title, missing }) => (
          <li key={id}>
            <AppLink to={paths.asset(id)}>{title}</AppLink>
            {mayChange && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`+ ${missing.map(({ name }) => name).join(', ')} for ${title}`}
                onClick={() =>
                  void tag(
                    id,
                    missing.map((term) => term.id),
                  )
                }
              >
                + {missing.map(({ name }) => name).join(', ')}
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function DemandParts({ detail, slice }: PartProps & { slice: SliceState }) {
  const { searchers, notes, deals, cell } = detail;
  const objection = detail.terms.find(({ dimensionKey }) => dimensionKey === 'objection');
  return (
    <>
      {searchers.length > 0 && (
        <section>
          <h3 className={classes.title}>Who searched</h3>
          <p>
            {searchers.map(({ name, searchCount }) => `${name} (${searchCount.toString()})`).join(', ')}.{' '}
            {cell.failedSearchCount > 0 && (
              <AppLink to={paths.gaps}>What they typed stands under Not found</AppLink>
            )}
          </p>
        </section>
      )}
      {notes.length > 0 && (
        <section>
          <h3 className={classes.title}>What buyers said</h3>
          <ul className={classes.quotes}>
            {notes.slice(0, 5).map(({ id, text, notedByName, notedAt, accountName }) => (
              <li key={id}>
                <p>{text}</p>
                <span className="quiet">
                  {accountName ?? 'no account'}, {notedByName}, <DateText date={notedAt} />
                </span>
              </li>
            ))}
          </ul>
          {objection && (
            <AppLink to={paths.objections} search={{ ...sliceQuery(slice), objection: objection.id }}>
              All notes on “{objection.name}”
            </AppLink>
          )}
        </section>
      )}
      {deals.length > 0 && (
        <section>
          <h3 className={classes.title}>Open deals in which it came up</h3>
          <ul className={classes.list}>
            {deals.slice(0, 8).map(({ id, name, stage, amount, currency }) => (
              <li key={id}>
                <AppLink to={paths.deal(id)}>{name}</AppLink>
                <span className="quiet">
                  {formatMoney(amount, currency)}, {stage}
                </span>
              </li>
            ))}
          </ul>
          {cell.openDealCount > 8 && (
            <p className="quiet">{plural(cell.openDealCount - 8, 'more', 'more')}.</p>
          )}
        </section>
      )}
    </>
  );
}
