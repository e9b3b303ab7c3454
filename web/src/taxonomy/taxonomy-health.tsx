import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type TaxonomyHealth as Health, taxonomyHealthQuery } from '../analytics/api.ts';
import { formatDay, formatMinute, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { EmptyState } from '../ui/empty-state.tsx';
import { ListSection } from '../ui/list-section.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { type Dimension, editTerm, type Term } from './api.ts';
import classes from './taxonomy-health.module.css';
import { renewHealth, UnknownWord } from './unknown-word.tsx';

type UnusedTerm = Health['unusedTerms'][number];
type Tag = UnusedTerm['term'];

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
  const { unusedTerms, overlaps, unknownWords, isUseKnown, useSays, countedSince, asOf } = health.data;
  const empty = unusedTerms.filter(({ assetCount }) => assetCount === 0);
  const unused = unusedTerms.filter(({ assetCount }) => assetCount > 0);
  const list = (some: readonly UnusedTerm[]) =>
    some.map(({ term, assetCount, says, advice }) => (
      <li key={term.id} className={classes.row}>
        <div>
          <p className={classes.name}>{term.name}</p>
          <p className={classes.says}>
            {nameOf(term)}. {says}
          </p>
        </div>
        <div className={classes.actions}>
          {assetCount > 0 && (
            <AppLink to={paths.library} search={{ term: [term.id] }} className={classes.action}>
              See its assets
            </AppLink>
          )}
          <Advice term={term} advice={advice} />
        </div>
      </li>
    ));
  if (isUseKnown && unusedTerms.length + overlaps.length + unknownWords.length === 0)
    return (
      <EmptyState title="The terms are in good shape">
        Every term is on an asset and used, no two say the same, and search knows the words that people type.
      </EmptyState>
    );
  if (unusedTerms.length + overlaps.length + unknownWords.length === 0)
    return (
      <EmptyState title="Nothing to tidy so far">
        {useSays} Words that no term knows stand here once several people have typed them.
      </EmptyState>
    );
  return (
    <>
      <p className={classes.asOf}>
        Counted since {formatDay(countedSince)}, as of{' '}
        <time dateTime={asOf.toISOString()}>{formatMinute(asOf)}</time>.
      </p>
      {unknownWords.length > 0 && (
        <ListSection
          title="Words that no term knows"
          lead="Several people typed them in searches. Those that found nothing come first."
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
      {empty.length > 0 && (
        <ListSection title="Terms without an asset" lead="Whoever chooses one of these finds nothing.">
          {list(empty)}
        </ListSection>
      )}
      {(unused.length > 0 || !isUseKnown) && (
        <ListSection title="Terms that nobody uses" lead={useSays}>
          {unused.length > 0 && list(unused)}
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

/** A term on many assets is nothing to do away with before somebody has looked at them. */
function Advice({ term, advice }: Pick<UnusedTerm, 'term' | 'advice'>) {
  if (advice === 'retire')
    return (
      <Button
        size="compact-sm"
        variant="default"
        aria-label={`Retire ${term.name}`}
        onClick={() => void retire(term)}
      >
        Retire
      </Button>
    );
  if (advice === 'review') return null;
  return advice === 'request' ? (
    <AppLink to={paths.gaps} className={classes.action}>
      See what is missing
    </AppLink>
  ) : (
    <AppLink to={paths.library} className={classes.action}>
      Tag assets
    </AppLink>
  );
}

async function retire({ id, name }: Tag): Promise<void> {
  const change = (isRetired: boolean) => editTerm(id, { isRetired }).then(renewHealth);
  try {
    await change(true);
    notifyUndo(`${name} is retired. Assets keep it`, () => change(false).catch(notifyProblem));
  } catch (error) {
    notifyProblem(error);
  }
}
