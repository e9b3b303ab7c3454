import {
  type ComboboxParsedItem,
  MultiSelect,
  type MultiSelectProps,
  type OptionsFilter,
  Select,
  type SelectProps,
} from '@mantine/core';
import type { Dimension, Term, TermTag } from '@offshelf/server/contract/taxonomy';

interface TermSelectProps extends Omit<MultiSelectProps, 'data' | 'value' | 'onChange' | 'defaultValue'> {
  dimensions: readonly Dimension[];
  value: readonly string[];
  onChange: (termIds: string[]) => void;
  /** For a search or a bulk edit several terms of a dimension make sense where an asset takes one. */
  allowsSeveral?: boolean;
}

/** Chooses terms by name or synonym. A retired term shows only where it is chosen already. */
export function TermSelect({
  dimensions,
  value,
  onChange,
  allowsSeveral = false,
  ...props
}: TermSelectProps) {
  const chosen = new Set(value);
  const groups = listOptions(dimensions, (term) => !term.isRetired || chosen.has(term.id));
  const change = (next: string[]) => {
    const added = next.filter((termId) => !chosen.has(termId));
    onChange(allowsSeveral ? next : withoutRivals(next, added, dimensions));
  };
  return (
    <MultiSelect
      searchable
      clearable
      hidePickedOptions
      nothingFoundMessage="No such term. Terms are added in Settings."
      maxDropdownHeight={320}
      {...props}
      data={dimensions.length === 1 ? (groups[0]?.items ?? []) : groups}
      value={[...value]}
      onChange={change}
      filter={findByWords(dimensions)}
    />
  );
}

interface OneTermSelectProps extends Omit<SelectProps, 'data' | 'onChange' | 'defaultValue'> {
  dimensions: readonly Dimension[];
  /** They stand above the others. */
  suggested?: readonly TermTag[];
  value: string | null;
  onChange: (termId: string | null) => void;
}

/** Chooses one term, whatever its dimension, by name or synonym. */
export function OneTermSelect({ dimensions, suggested = [], ...props }: OneTermSelectProps) {
  const first = {
    group: 'It may mean',
    items: suggested.map(({ id, name }) => ({ value: id, label: name })),
  };
  const others = listOptions(
    dimensions,
    ({ id, isRetired }) => !isRetired && suggested.every((term) => term.id !== id),
  );
  return (
    <Select
      placeholder="Choose a term"
      searchable
      comboboxProps={{ withinPortal: false }}
      maxDropdownHeight={220}
      nothingFoundMessage="No such term. Terms are added in Settings."
      {...props}
      data={[...(suggested.length > 0 ? [first] : []), ...others]}
      filter={findByWords(dimensions)}
    />
  );
}

function listOptions(dimensions: readonly Dimension[], isOffered: (term: Term) => boolean) {
  return dimensions
    .map(({ name, terms }) => ({
      group: name,
      items: terms.filter(isOffered).map((term) => ({
        value: term.id,
        label: term.isRetired ? `${term.name} (retired)` : term.name,
      })),
    }))
    .filter(({ items }) => items.length > 0);
}

function findByWords(dimensions: readonly Dimension[]): OptionsFilter {
  const terms = dimensions.flatMap((dimension) => dimension.terms);
  const wordsOf = new Map(
    terms.map((term) => [term.id, [term.name, ...term.synonyms].join('\u0000').toLowerCase()]),
  );
  return ({ options, search }) => {
    const wanted = search.trim().toLowerCase();
    const fits = (id: string) => (wordsOf.get(id) ?? '').includes(wanted);
    return options.flatMap((entry): ComboboxParsedItem[] => {
      if (!('group' in entry)) return fits(entry.value) ? [entry] : [];
      const items = entry.items.filter((item) => fits(item.value));
      return items.length > 0 ? [{ ...entry, items }] : [];
    });
  };
}

/** In a dimension that takes one value the newly chosen term replaces the other. */
export function withoutRivals(
  termIds: string[],
  added: readonly string[],
  dimensions: readonly Dimension[],
): string[] {
  const rivals = new Set(
    dimensions
      .filter((dimension) => !dimension.isMultiple && dimension.terms.some((term) => added.includes(term.id)))
      .flatMap((dimension) => dimension.terms.map((term) => term.id)),
  );
  return termIds.filter((termId) => !rivals.has(termId) || added.includes(termId));
}
