import { Menu } from '@mantine/core';
import type { DimensionKey, Term } from '@offshelf/server/contract/taxonomy';
import { IconChevronDown } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { createContext, memo, useContext } from 'react';
import { AccountChip } from './account-chip.tsx';
import { dimensionsQuery, type Facet, type Understanding } from './api.ts';
import { OperatorHelp } from './operator-help.tsx';
import type { Asking } from './question.ts';
import classes from './situation.module.css';

const situationDimensions: readonly { key: DimensionKey; name: string }[] = [
  { key: 'persona', name: 'Persona' },
  { key: 'stage', name: 'Stage' },
  { key: 'objection', name: 'Objection' },
];

interface SituationChipsProps {
  termIds: readonly string[];
  accountId: string | null;
  isHome: boolean;
  onChange: Asking['change'];
  facets: readonly Facet[] | undefined;
  account: Understanding['account'];
}

/** How many assets each term has among the results: another answer touches only a menu that is open. */
const FacetsContext = createContext<readonly Facet[] | undefined>(undefined);

/** Who it is, where the deal is, what they say: a situation without typing. */
export function SituationChips({ facets, ...situation }: SituationChipsProps) {
  return (
    <FacetsContext value={facets}>
      <Chips {...situation} />
    </FacetsContext>
  );
}

const Chips = memo(function Chips({
  termIds,
  accountId,
  isHome,
  onChange,
  account,
}: Omit<SituationChipsProps, 'facets'>) {
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset can't be laid out as a line in every browser.
    <div className={classes.situation} role="group" aria-label="The situation">
      {situationDimensions.map(({ key, name }) => (
        <DimensionChip key={key} dimensionKey={key} name={name} termIds={termIds} onChange={onChange} />
      ))}
      <AccountChip accountId={accountId} onChange={onChange} account={account} />
      <OperatorHelp isHome={isHome} />
    </div>
  );
});

function DimensionChip({
  dimensionKey,
  name,
  termIds,
  onChange,
}: {
  dimensionKey: DimensionKey;
  name: string;
} & Pick<SituationChipsProps, 'termIds' | 'onChange'>) {
  const dimensions = useQuery(dimensionsQuery);
  const dimension = dimensions.data?.items.find(({ key }) => key === dimensionKey);
  const choices = (dimension?.terms ?? []).filter((term) => !term.isRetired || termIds.includes(term.id));
  const chosen = choices.filter(({ id }) => termIds.includes(id));
  const says = describeChosen(chosen.map((choice) => choice.name));
  const toggle = (id: string) =>
    onChange({
      termIds: termIds.includes(id) ? termIds.filter((other) => other !== id) : [...termIds, id],
    });
  const clear = () => onChange({ termIds: termIds.filter((id) => !chosen.some((c) => c.id === id)) });
  if (dimension && choices.length === 0) return null;
  return (
    <Menu position="bottom-start" width={300} closeOnItemClick={false}>
      <Menu.Target>
        <button
          type="button"
          className={classes.chip}
          data-set={chosen.length > 0 || undefined}
          aria-label={chosen.length > 0 ? `${name}: ${chosen.map((c) => c.name).join(', ')}` : name}
          disabled={!dimension}
        >
          <span className={classes.chipName}>{name}</span>
          {says && <span className={classes.chipValue}>{says}</span>}
          <IconChevronDown size={14} stroke={1.75} aria-hidden className={classes.chevron} />
        </button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu} aria-label={name}>
        {choices.map((choice) => (
          <Menu.CheckboxItem
            key={choice.id}
            checked={termIds.includes(choice.id)}
            onChange={() => toggle(choice.id)}
            title={choice.description || undefined}
            rightSection={<AssetCount term={choice} dimensionKey={dimensionKey} />}
          >
            {choice.name}
          </Menu.CheckboxItem>
        ))}
        {chosen.length > 0 && (
          <>
            <Menu.Divider />
            <Menu.Item closeMenuOnClick onClick={clear}>
              Any {name.toLowerCase()}
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function AssetCount({ term, dimensionKey }: { term: Term; dimensionKey: DimensionKey }) {
  const facets = useContext(FacetsContext);
  const among = facets?.find((facet) => facet.dimensionKey === dimensionKey)?.terms;
  const count = facets ? (among?.find(({ id }) => id === term.id)?.count ?? 0) : term.assetCount;
  return (
    <span className={classes.number} data-none={count === 0 || undefined}>
      {count}
      <span className="only-heard"> {count === 1 ? 'asset' : 'assets'}</span>
    </span>
  );
}

/** "Developer", "Developer and 2 more". */
function describeChosen([first, ...rest]: string[]): string | undefined {
  if (first === undefined || rest.length === 0) return first;
  return `${first} and ${rest.length.toString()} more`;
}
