import { Button, Popover } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { type TaxonomyHealth as Health, taxonomyHealthQuery } from '../analytics/api.ts';
import { formatMinute, formatNumber, plural } from '../lib/format.ts';
import { findPath, paths } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { AppLink } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListSection } from '../ui/list-section.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { OneTermSelect } from '../ui/term-select.tsx';
import { type Dimension, editTerm, type Term } from './api.ts';
import classes from './taxonomy-health.module.css';

type Tag = Health['unusedTerms'][number]['term'];

interface TaxonomyHealthProps {
  dimensions: readonly Dimension[];
  /** Opens the sheet that merges the first term into the second. */
  onMerge: (term: Term, into: Term) => void;
}

/** What the taxonomy could do without, what it says twice, and what it lacks. */
export function TaxonomyHealth({ dimensions, onMerge }: TaxonomyHealthProps) {
  const health = useQuery(taxonomyHealthQuery);
  const terms = new Map(dimensions.flatMap((dimension) => dimension.terms).map((term) => [term.id, term]));
  const nameOf = (tag: Tag) => dimensions.find(({ key }) => key === tag.dimensionKey)?.name ?? '';
  if (health.error) return <ProblemNote error={health.error} onRetry={() => void health.refetch()} />;
  if (!health.data) return <SkeletonRows rows={8} widths={['24%', '44%', '12%']} />;
  const { unusedTerms, overlaps, unknownWords, windowDays, asOf } = health.data;
  if (unusedTerms.length + overlaps.length + unknownWords.length === 0)
    return (
      <EmptyState title="The terms are in good shape">
        Every term is on an asset and searched for, no two say the same, and search knows the words that
        people type.
      </EmptyState>
    );
  return (
    <>
      <p className={classes.asOf}>
        Searches of the last {windowDays} days, as of{' '}
        <time dateTime={asOf.toISOString()}>{formatMinute(asOf)}</time>.
      </p>
      {unknownWords.length > 0 && (
        <ListSection
          title="Words that no term knows"
          lead="What people type in searches. Those that found nothing come first."
        >
          {unknownWords.map((word) => (
            <UnknownWord key={word.word} {...word} dimensions={dimensions} terms={terms} />
          ))}
        </ListSection>
      )}
      {overlaps.length > 0 && (
        <ListSection
          title="Terms that say the same"
          lead="They mostly stand on the same assets. Merging keeps both words."
        >
          {overlaps.map(({ first, second, firstCount, secondCount, commonCount }) => (
            <li key={`${first.id} ${second.id}`} className={classes.row}>
              <div>
                <p className={classes.name}>
                  {first.name} <span className="quiet">and</span> {second.name}
                </p>
                <p className={classes.says}>
                  {nameOf(first)}. {formatNumber(commonCount)} in common of {plural(firstCount, 'asset')} and{' '}
                  {plural(secondCount, 'asset')}.
                </p>
              </div>
              <MergeButton first={terms.get(first.id)} second={terms.get(second.id)} onMerge={onMerge} />
            </li>
          ))}
        </ListSection>
      )}
      {unusedTerms.length > 0 && (
        <ListSection
          title="Terms that nobody uses"
          lead="Retiring takes a term out of every choice. Assets keep it, and it can come back."
        >
          {unusedTerms.map(({ term, says, assetCount, searchCount }) => (
            <li key={term.id} className={classes.row}>
              <div>
                <p className={classes.name}>{term.name}</p>
                <p className={classes.says}>
                  {nameOf(term)}. {says}
                </p>
              </div>
              {assetCount === 0 && searchCount > 0 ? (
                <AppLink to={paths.gaps} className={classes.action}>
                  See what is missing
                </AppLink>
              ) : (
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={`Retire ${term.name}`}
                  onClick={() => void retire(term)}
                >
                  Retire
                </Button>
              )}
            </li>
          ))}
        </ListSection>
      )}
    </>
  );
}

function MergeButton({
  first,
  second,
  onMerge,
}: {
  first: Term | undefined;
  second: Term | undefined;
  onMerge: TaxonomyHealthProps['onMerge'];
}) {
  if (!first || !second) return null;
  return (
    <Button
      size="compact-sm"
      variant="default"
      aria-label={`Merge ${first.name} into ${second.name}`}
      onClick={() => onMerge(first, second)}
    >
      Merge
    </Button>
  );
}

async function retire({ id, name }: Tag): Promise<void> {
  const change = (isRetired: boolean) => editTerm(id, { isRetired }).then(renew, notifyProblem);
  await change(true);
  notifyUndo(`${name} is retired`, () => change(false));
}

function renew(): void {
  void queryClient.invalidateQueries({ queryKey: taxonomyHealthQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: ['gaps'] });
}

type UnknownWordProps = Health['unknownWords'][number] & {
  dimensions: readonly Dimension[];
  terms: ReadonlyMap<string, Term>;
};

function UnknownWord({
  word,
  searchCount,
  userCount,
  failedCount,
  suggestions,
  dimensions,
  terms,
}: UnknownWordProps) {
  const [isOpen, setIsOpen] = useState(false);
  const add = useMutation({
    mutationFn: async (termId: string) => {
      const term = terms.get(termId);
      if (!term) return;
      const { synonyms } = term;
      await editTerm(termId, { synonyms: [...synonyms, word] });
      setIsOpen(false);
      renew();
      notifyUndo(`“${word}” means ${term.name} from now on`, () =>
        editTerm(termId, { synonyms }).then(renew, notifyProblem),
      );
    },
    onError: notifyProblem,
  });
  return (
    <li className={classes.row}>
      <div>
        <p className={classes.name}>
          <AppLink to={findPath(word)}>{word}</AppLink>
        </p>
        <p className={classes.says}>
          {plural(userCount, 'person', 'people')}, {plural(searchCount, 'search', 'searches')}
          {failedCount > 0 && `, ${formatNumber(failedCount)} in vain`}
        </p>
      </div>
      <div className={classes.actions}>
        {suggestions.slice(0, 2).map(({ id, name }) => (
          <Button
            key={id}
            size="compact-sm"
            variant="default"
            loading={add.isPending && add.variables === id}
            aria-label={`It means ${name}: ${word}`}
            onClick={() => add.mutate(id)}
          >
            It means {name}
          </Button>
        ))}
        <Popover
          opened={isOpen}
          onChange={setIsOpen}
          width={300}
          position="bottom-end"
          trapFocus
          returnFocus
          withinPortal
        >
          <Popover.Target>
            <Button
              size="compact-sm"
              {...(suggestions.length > 0 ? { variant: 'subtle', color: 'gray' } : { variant: 'default' })}
              aria-expanded={isOpen}
              aria-label={`${suggestions.length > 0 ? 'Something else' : 'Add as a synonym'}: ${word}`}
              onClick={() => setIsOpen((was) => !was)}
            >
              {suggestions.length > 0 ? 'Something else' : 'Add as a synonym'}
            </Button>
          </Popover.Target>
          <Popover.Dropdown aria-label={`What ${word} means`}>
            {isOpen && (
              <OneTermSelect
                label={`“${word}” means`}
                data-autofocus
                dimensions={dimensions}
                value={null}
                onChange={(termId) => termId && add.mutate(termId)}
              />
            )}
          </Popover.Dropdown>
        </Popover>
      </div>
    </li>
  );
}
