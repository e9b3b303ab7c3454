import { IconArrowBackUp, IconBulb, IconPin, IconPlus, IconX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { memo } from 'react';
import { plural } from '../lib/format.ts';
import { Hint } from '../ui/hint.tsx';
import { dimensionsQuery, type Facet, type Question, type Understanding } from './api.ts';
import { findOffers } from './offers.ts';
import type { Asking } from './question.ts';
import classes from './situation.module.css';

interface UnderstoodProps {
  /** The question that was answered; the next one may be on its way. */
  question: Question;
  onChange: Asking['change'];
  onReplace: Asking['replace'];
  understanding: Understanding;
  facets: readonly Facet[];
}

/** What the words were read as, each with its way back; below it what could not be read and why. */
export const Understood = memo(function Understood({
  question,
  onChange,
  onReplace: replace,
  understanding,
  facets,
}: UnderstoodProps) {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const { query, filters, plainTermIds } = question;
  const { account } = understanding;
  const read = understanding.terms.filter(({ term }) => !filters.termIds.includes(term.id));
  const spelling = understanding.spelling.filter(
    ({ typed }) => !understanding.terms.some((term) => term.typed.includes(typed)),
  );
  const plain = dimensions
    .flatMap((dimension) => dimension.terms)
    .filter((term) => plainTermIds.includes(term.id));
  const offers = findOffers({ query, understanding, dimensions, facets, filters, plainTermIds });
  const isAnything =
    read.length + understanding.operators.length + spelling.length + plain.length + offers.length > 0 ||
    account?.isRead;

  return (
    <>
      {isAnything && (
        <ul className={classes.understood} aria-label="What was understood">
          {read.map(({ term, typed, readAs }) => (
            <ReadChip
              key={term.id}
              typed={typed}
              reads={term.name}
              hint={readAs ? `Read as “${readAs}”` : undefined}
              onPin={() => onChange({ termIds: [...filters.termIds, term.id] })}
              removeLabel={`Read ${typed} as words, not as ${term.name}`}
              onRemove={() => onChange({ plainTermIds: [...plainTermIds, term.id] })}
            />
          ))}
          {account?.isRead && (
            <ReadChip
              typed="Account"
              reads={account.name}
              onPin={() => onChange({ accountId: account.id })}
            />
          )}
          {understanding.operators.map(({ typed, says }) => (
            <ReadChip
              key={`${typed} ${says}`}
              reads={says}
              hint={typed}
              removeLabel={`Without ${typed}`}
              onRemove={() => replace(typed, '')}
            />
          ))}
          {spelling.map(({ typed, read: word }) => (
            <ReadChip
              key={typed}
              typed={typed}
              reads={word}
              removeLabel={`Search for ${typed} as it is typed`}
              onRemove={() => replace(typed, `"${typed}"`)}
            />
          ))}
          {plain.map((term) => (
            <li key={term.id}>
              <button
                type="button"
                className={classes.plain}
                onClick={() => onChange({ plainTermIds: plainTermIds.filter((id) => id !== term.id) })}
              >
                <IconArrowBackUp size={14} stroke={1.75} aria-hidden />
                <span>
                  <span className="only-heard">Undo: </span>
                  {term.name} is read as words
                </span>
              </button>
            </li>
          ))}
          {offers.map(({ term, dimensionName, count }) => (
            <li key={term.id}>
              <button
                type="button"
                className={classes.offer}
                onClick={() => onChange({ termIds: [...filters.termIds, term.id] })}
              >
                <IconPlus size={14} stroke={1.75} aria-hidden />
                <span>
                  {dimensionName}: {term.name},{' '}
                  <span className={classes.offerCount}>{plural(count, 'asset')}</span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {understanding.mistakes.map(({ typed, says, suggestion }) => (
        <p key={`${typed} ${says}`} className={classes.mistake}>
          <IconBulb size={16} stroke={1.5} aria-hidden />
          <span>
            {says}{' '}
            {suggestion !== null && (
              <button type="button" className={classes.fix} onClick={() => replace(typed, suggestion)}>
                Use {suggestion}
              </button>
            )}
          </span>
        </p>
      ))}
    </>
  );
});

interface ReadChipProps {
  typed?: string;
  reads: string;
  hint?: string | undefined;
  onPin?: () => void;
  removeLabel?: string;
  onRemove?: () => void;
}

/** Lighter than a filter that somebody chose, and it says from which words it comes. */
function ReadChip({ typed, reads, hint, onPin, removeLabel, onRemove }: ReadChipProps) {
  const words = (
    <span className={classes.readWords}>
      {typed && (
        <>
          <span className={classes.typed}>{typed}</span>
          <span aria-hidden="true" className={classes.arrow}>
            →
          </span>
          <span className="only-heard">, read as </span>
        </>
      )}
      <span className={classes.reads}>{reads}</span>
    </span>
  );
  return (
    <li className={classes.read}>
      {hint ? <Hint label={hint}>{words}</Hint> : words}
      {onPin && (
        <Hint label="Keep as a filter">
          <button
            type="button"
            className={classes.act}
            aria-label={`Keep ${reads} as a filter`}
            onClick={onPin}
          >
            <IconPin size={14} stroke={1.75} aria-hidden />
          </button>
        </Hint>
      )}
      {onRemove && (
        <Hint label={removeLabel}>
          <button type="button" className={classes.act} aria-label={removeLabel} onClick={onRemove}>
            <IconX size={14} stroke={1.75} aria-hidden />
          </button>
        </Hint>
      )}
    </li>
  );
}
