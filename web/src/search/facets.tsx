import { Button } from '@mantine/core';
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react';
import { useState } from 'react';
import { formatNumber } from '../lib/format.ts';
import { Sheet } from '../ui/panels.tsx';
import { type Audience, type Facet, type Question, situationDimensions } from './api.ts';
import classes from './facets.module.css';

/** About how many letters of chips fit in one line of the column. */
const lineBudget = 96;
const chipCost = 7;

interface FacetsProps {
  facets: Facet[];
  asked: Question;
  onTerms: (termIds: string[]) => void;
  onAudience: (audience: Audience | null) => void;
}

/** What else narrows the results, one line each. */
export function Facets({ facets, ...props }: FacetsProps) {
  const { others } = inOrder(facets);
  return (
    <section className={classes.facets} aria-label="Filters">
      {others.map((facet) => (
        <FacetLine key={facet.dimensionKey} facet={facet} {...props} />
      ))}
      <AudienceLine {...props} />
    </section>
  );
}

/** Terms of the dimensions that have no chip below the box. */
export function otherTerms(facets: readonly Facet[]): Facet['terms'] {
  return inOrder(facets).others.flatMap((facet) => facet.terms);
}

export function MoreFilters({ wantsMore, onToggle }: { wantsMore: boolean; onToggle: () => void }) {
  const Chevron = wantsMore ? IconChevronUp : IconChevronDown;
  return (
    <button type="button" className={classes.toggle} aria-expanded={wantsMore} onClick={onToggle}>
      {wantsMore ? 'Fewer filters' : 'More filters'}
      <Chevron size={14} stroke={1.75} aria-hidden />
    </button>
  );
}

/** Every filter in one place, for the thumb. Results change behind it. */
export function FacetSheet({
  facets,
  isOpen,
  onClose,
  doneLabel,
  onClear,
  ...props
}: FacetsProps & { isOpen: boolean; onClose: () => void; onClear: () => void; doneLabel: string }) {
  const { first, others } = inOrder(facets);
  return (
    <Sheet
      isOpen={isOpen}
      onClose={onClose}
      title="Filters"
      footer={
        <>
          <Button variant="default" onClick={onClear}>
            Clear
          </Button>
          <Button onClick={onClose} className={classes.done}>
            {doneLabel}
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        {[...first, ...others].map((facet) => (
          <FacetLine key={facet.dimensionKey} facet={facet} isWhole {...props} />
        ))}
        <AudienceLine {...props} />
      </div>
    </Sheet>
  );
}

function inOrder(facets: readonly Facet[]): { first: Facet[]; others: Facet[] } {
  return {
    first: situationDimensions.flatMap((key) => facets.find((facet) => facet.dimensionKey === key) ?? []),
    others: facets.filter(({ dimensionKey }) => !situationDimensions.some((key) => key === dimensionKey)),
  };
}

type LineProps = Omit<FacetsProps, 'facets'>;

function FacetLine({
  facet,
  asked,
  onTerms,
  isWhole = false,
}: LineProps & { facet: Facet; isWhole?: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const { termIds } = asked.filters;
  const shown = isWhole || isOpen ? facet.terms : fitting(facet.terms);
  const hiddenCount = facet.terms.length - shown.length;
  const toggle = (termId: string) =>
    onTerms(termIds.includes(termId) ? termIds.filter((other) => other !== termId) : [...termIds, termId]);
  if (facet.terms.length === 0) return null;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as a line in every browser.
    <div className={classes.line} role="group" aria-label={facet.name}>
      <span className={classes.name} aria-hidden="true">
        {facet.name}
      </span>
      <div className={classes.chips}>
        {shown.map((term) => (
          <button
            key={term.id}
            type="button"
            className={classes.chip}
            aria-pressed={termIds.includes(term.id)}
            data-empty={term.count === 0 || undefined}
            onClick={() => toggle(term.id)}
          >
            {term.name}
            <span className={classes.number}>
              <span className="only-heard">, </span>
              {formatNumber(term.count)}
              <span className="only-heard"> {term.count === 1 ? 'asset' : 'assets'}</span>
            </span>
          </button>
        ))}
        {!isWhole && (hiddenCount > 0 || isOpen) && (
          <button
            type="button"
            className={classes.rest}
            aria-expanded={isOpen}
            onClick={() => setIsOpen((was) => !was)}
          >
            {isOpen ? 'Fewer' : `${hiddenCount.toString()} more`}
            <span className="only-heard"> of {facet.name}</span>
          </button>
        )}
      </div>
    </div>
  );
}

/** As many terms as one line holds; a chosen one is never hidden. A single one left over is not worth a button. */
function fitting(terms: Facet['terms']): Facet['terms'] {
  let spent = 0;
  const shown = terms.filter((term) => {
    spent += term.name.length + chipCost;
    return spent <= lineBudget || term.isSelected;
  });
  return shown.length >= terms.length - 1 ? terms : shown;
}

const audiences = [
  { value: 'external', label: 'Can be shared' },
  { value: 'internal', label: 'Internal only' },
] as const;

function AudienceLine({ asked, onAudience }: LineProps) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as a line in every browser.
    <div className={classes.line} role="group" aria-label="Audience">
      <span className={classes.name} aria-hidden="true">
        Audience
      </span>
      <div className={classes.chips}>
        {audiences.map(({ value, label }) => (
          <button
            key={value}
            type="button"
            className={classes.chip}
            aria-pressed={asked.filters.audience === value}
            onClick={() => onAudience(asked.filters.audience === value ? null : value)}
          >
            {label}
          </button>
        ))}
      </div>
    </div>
  );
}
