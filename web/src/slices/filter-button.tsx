import { Checkbox, Popover, TextInput, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '../lib/format.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { type SliceKey, type SliceState, sliceChoicesQuery, sliceKeys } from './api.ts';
import classes from './slice-bar.module.css';

export const keyNames: Record<SliceKey, string> = {
  persona: 'Persona',
  product: 'Product',
  language: 'Language',
  industry: 'Industry',
  region: 'Region',
  segment: 'Segment',
};

export interface SliceChoice {
  key: SliceKey;
  value: string;
  label: string;
  /** Accounts that are like that; terms have none. */
  accountCount?: number;
  /** A term that is offered no more, but may still be chosen. */
  isRetired?: boolean;
}

/** Everything that a slice can be narrowed by: terms of assets as the taxonomy orders them, then what accounts are. */
export function useChoices(): SliceChoice[] {
  const dimensions = useQuery(dimensionsQuery).data?.items ?? [];
  const accounts = useQuery(sliceChoicesQuery).data;
  const ofTerms = (key: 'persona' | 'product' | 'language') =>
    (dimensions.find((dimension) => dimension.key === key)?.terms ?? []).map(({ id, name, isRetired }) => ({
      key,
      value: id,
      label: name,
      isRetired,
    }));
  const ofAccounts = (key: SliceKey, values: { value: string; accountCount: number }[] = []) =>
    values.map(({ value, accountCount }) => ({ key, value, label: value, accountCount }));
  return [
    ...ofTerms('persona'),
    ...ofTerms('product'),
    ...ofTerms('language'),
    ...ofAccounts('industry', accounts?.industries),
    ...ofAccounts('region', accounts?.regions),
    ...ofAccounts('segment', accounts?.segments),
  ];
}

interface FilterButtonProps {
  slice: SliceState;
  onChange: (patch: Partial<SliceState>) => void;
  choices: readonly SliceChoice[];
}

/** One list of everything that a slice can be narrowed by, with a field that finds in it. */
export function FilterButton({ slice, onChange, choices }: FilterButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  const [wanted, setWanted] = useState('');
  const words = wanted.trim().toLowerCase();
  const names =
    [...new Set(choices.map(({ key }) => keyNames[key]))].join(', ') || 'Industry, region, segment';
  const shown = choices.filter(
    ({ key, value, label, isRetired }) =>
      `${keyNames[key]} ${label}`.toLowerCase().includes(words) && (!isRetired || slice[key].includes(value)),
  );
  const toggle = ({ key, value }: SliceChoice) => {
    const before = slice[key];
    onChange({
      [key]: before.includes(value) ? before.filter((other) => other !== value) : [...before, value],
    });
  };
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      onClose={() => setWanted('')}
      position="bottom-start"
      width={300}
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.add}
          aria-expanded={isOpen}
          onClick={() => setIsOpen((was) => !was)}
        >
          <IconPlus size={14} stroke={1.75} aria-hidden />
          Narrow it
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown}>
        <TextInput
          data-autofocus
          size="xs"
          aria-label={`Find by ${names.toLowerCase()}`}
          placeholder={names}
          value={wanted}
          onChange={(event) => setWanted(event.currentTarget.value)}
        />
        <div className={classes.choices}>
          {sliceKeys.map((key) => {
            const ofKey = shown.filter((choice) => choice.key === key);
            if (ofKey.length === 0) return null;
            return (
              <fieldset key={key} className={classes.group}>
                <legend className={classes.groupName}>{keyNames[key]}</legend>
                {ofKey.map((choice) => (
                  <Checkbox
                    key={choice.value}
                    size="xs"
                    checked={slice[key].includes(choice.value)}
                    onChange={() => toggle(choice)}
                    label={choice.label}
                    description={
                      choice.accountCount !== undefined &&
                      `${formatNumber(choice.accountCount)} ${choice.accountCount === 1 ? 'account' : 'accounts'}`
                    }
                  />
                ))}
              </fieldset>
            );
          })}
          {shown.length === 0 && (
            <p className={classes.none}>
              {choices.length === 0
                ? 'There is nothing to narrow by yet: no terms, and no accounts with an industry, region or segment.'
                : `Nothing is called “${wanted.trim()}”.`}
            </p>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
