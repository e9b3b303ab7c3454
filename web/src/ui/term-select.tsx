import { type ComboboxParsedItem, MultiSelect, type MultiSelectProps } from '@mantine/core';
import type { Dimension } from '@offshelf/server/contract/taxonomy';

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
  const terms = dimensions.flatMap((dimension) => dimension.terms);
  const wordsOf = new Map(
    terms.map((term) => [term.id, [term.name, ...term.synonyms].join('\u0000').toLowerCase()]),
  );
  const options = ({ terms: all }: Dimension) =>
    all
      .filter((term) => !term.isRetired || chosen.has(term.id))
      .map((term) => ({ value: term.id, label: term.isRetired ? `${term.name} (retired)` : term.name }));
  const groups = dimensions
    .map((dimension) => ({ group: dimension.name, items: options(dimension) }))
    .filter((group) => group.items.length > 0);
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
      filter={({ options: all, search }) => {
        const wanted = search.trim().toLowerCase();
        const fits = (id: string) => (wordsOf.get(id) ?? '').includes(wanted);
        return all.flatMap((entry): ComboboxParsedItem[] => {
          if (!('group' in entry)) return fits(entry.value) ? [entry] : [];
          const items = entry.items.filter((item) => fits(item.value));
          return items.length > 0 ? [{ ...entry, items }] : [];
        });
      }}
    />
  );
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
