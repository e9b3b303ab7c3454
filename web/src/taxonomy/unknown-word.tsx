import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type TaxonomyHealth, taxonomyHealthQuery } from '../analytics/api.ts';
import { formatNumber, plural } from '../lib/format.ts';
import { findPath } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { AppLink } from '../ui/app-link.tsx';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { PopoverButton } from '../ui/popover-button.tsx';
import { OneTermSelect } from '../ui/term-select.tsx';
import { type Dimension, editTerm, type Term } from './api.ts';
import classes from './taxonomy-health.module.css';

type UnknownWordProps = TaxonomyHealth['unknownWords'][number] & {
  dimensions: readonly Dimension[];
  terms: ReadonlyMap<string, Term>;
};

/** A word that people type, with the terms that it may mean. */
export function UnknownWord({
  word,
  searchCount,
  userCount,
  failedCount,
  suggestions,
  dimensions,
  terms,
}: UnknownWordProps) {
  const add = useMutation({
    mutationFn: async (termId: string) => {
      const term = terms.get(termId);
      if (!term) return;
      const { synonyms } = term;
      await editTerm(termId, { synonyms: [...synonyms, word] });
      renewHealth();
      notifyUndo(`“${word}” means ${term.name} from now on`, () =>
        editTerm(termId, { synonyms }).then(renewHealth, notifyProblem),
      );
    },
    onError: notifyProblem,
  });
  const otherwise = suggestions.length > 0 ? 'Something else' : 'Add as a synonym';
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
        <PopoverButton
          label={otherwise}
          aria-label={`${otherwise}: ${word}`}
          about={`What ${word} means`}
          size="compact-sm"
          {...(suggestions.length > 0 && { variant: 'subtle', color: 'gray' })}
          width={300}
        >
          {(close) => (
            <OneTermSelect
              label={`“${word}” means`}
              data-autofocus
              dimensions={dimensions}
              value={null}
              onChange={(termId) => termId && add.mutate(termId, { onSuccess: close })}
            />
          )}
        </PopoverButton>
      </div>
    </li>
  );
}

/** What is to be tidied, and what was not found, depend on the terms. */
export function renewHealth(): void {
  void queryClient.invalidateQueries({ queryKey: taxonomyHealthQuery.queryKey });
  void queryClient.invalidateQueries({ queryKey: ['gaps'] });
}
