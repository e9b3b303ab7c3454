import { Combobox, Loader, TextInput, useCombobox } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatFileType } from '../lib/format.ts';
import { findPublishedAssets } from '../search/api.ts';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { whyNotShared } from '../ui/sharing.tsx';
import classes from './add-item.module.css';
import { addToRoom, type Room } from './api.ts';

const typingMs = 150;

/** Finds an asset by its words and puts it at the end; holders see that it is new. */
export function AddItem({ room: { id, items, holderCount } }: { room: Room }) {
  const [typed, setTyped] = useState('');
  const [query] = useDebouncedValue(typed.trim(), typingMs);
  const combobox = useCombobox({ onDropdownClose: () => combobox.resetSelectedOption() });
  const found = useQuery({
    queryKey: ['rooms', 'assets', query],
    queryFn: ({ signal }) => findPublishedAssets(query, signal),
    enabled: query.length >= 2,
    placeholderData: keepPreviousData,
  });
  const there = new Set(items.map(({ asset }) => asset.id));
  const choices = query.length >= 2 ? (found.data ?? []).filter((asset) => !there.has(asset.id)) : [];
  const add = async (assetId: string) => {
    const asset = choices.find((choice) => choice.id === assetId);
    setTyped('');
    combobox.closeDropdown();
    try {
      await addToRoom(id, assetId);
      if (holderCount > 0)
        notifyDone(`“${asset?.title ?? 'It'}” added. Whoever was here before sees that it is new`);
    } catch (error) {
      notifyProblem(error);
    }
  };
  return (
    <Combobox store={combobox} onOptionSubmit={(assetId) => void add(assetId)} withinPortal>
      <Combobox.Target>
        <TextInput
          className={classes.field}
          aria-label="Add an asset"
          placeholder="Add an asset: type a few words of it"
          leftSection={<IconPlus size={16} stroke={1.5} aria-hidden />}
          rightSection={found.isFetching && query.length >= 2 ? <Loader size={14} /> : null}
          maxLength={200}
          value={typed}
          onChange={({ currentTarget }) => {
            setTyped(currentTarget.value);
            combobox.openDropdown();
            combobox.updateSelectedOptionIndex();
          }}
          onFocus={() => combobox.openDropdown()}
          onBlur={() => combobox.closeDropdown()}
        />
      </Combobox.Target>
      <Combobox.Dropdown hidden={query.length < 2 || found.data === undefined}>
        <Combobox.Options mah={320} className={classes.options}>
          {choices.map((asset) => {
            const reason = whyNotShared(asset);
            return (
              <Combobox.Option key={asset.id} value={asset.id} disabled={reason !== undefined}>
                {asset.title}
                <span className={classes.under}>
                  {reason ??
                    (asset.kind === 'web_link'
                      ? 'Web link'
                      : formatFileType(asset.mediaType, asset.fileName))}
                </span>
              </Combobox.Option>
            );
          })}
          {choices.length === 0 && (
            <Combobox.Empty>Nothing with these words that is not in it</Combobox.Empty>
          )}
        </Combobox.Options>
      </Combobox.Dropdown>
    </Combobox>
  );
}
