import { Modal } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { isAbort } from '../lib/api.ts';
import { type Command, scoreCommand, useCommandRegistry } from '../lib/commands.ts';
import { Keys } from '../ui/words.tsx';
import classes from './palette.module.css';

const maxPerGroup = 7;

/** One box that goes anywhere and does anything the page offers. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useFound(query);
  const groups = useGroups(query, found);
  const flat = groups.flatMap((group) => group.commands);
  const chosen = Math.min(active, flat.length - 1);
  const listId = useId();
  const optionId = (index: number) => `${listId}-${index.toString()}`;

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  const move = (event: React.KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && flat.length > 0) {
      event.preventDefault();
      setActive((chosen + step + flat.length) % flat.length);
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      run(flat[chosen]);
    }
  };

  let index = -1;
  return (
    <Modal.Root opened onClose={onClose} size={600} yOffset="12vh">
      <Modal.Overlay />
      <Modal.Content aria-label="Go anywhere" className={classes.content}>
        <input
          className={classes.box}
          role="combobox"
          aria-label="Go to a page, an asset or an action"
          aria-expanded="true"
          aria-controls={listId}
          aria-activedescendant={flat[chosen] ? optionId(chosen) : undefined}
          placeholder="Go to a page, an asset or an action"
          autoComplete="off"
          spellCheck={false}
          value={query}
          data-autofocus
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={move}
        />
        <div id={listId} role="listbox" aria-label="Results" className={classes.list} tabIndex={-1}>
          {groups.map((group) => (
            // biome-ignore lint/a11y/useSemanticElements: a listbox groups its options with this role.
            <div key={group.name} role="group" aria-label={group.name} className={classes.group}>
              <div className={classes.heading} aria-hidden="true">
                {group.name}
              </div>
              {group.commands.map((command) => {
                index += 1;
                const here = index;
                return (
                  <Option
                    key={command.id}
                    id={optionId(here)}
                    command={command}
                    isActive={here === chosen}
                    onPoint={() => setActive(here)}
                    onRun={() => run(command)}
                  />
                );
              })}
            </div>
          ))}
        </div>
        {flat.length === 0 && (
          <p className={classes.nothing} role="status">
            Nothing is called “{query}”. Press Esc and use / to search the text of assets.
          </p>
        )}
      </Modal.Content>
    </Modal.Root>
  );
}

interface OptionProps {
  id: string;
  command: Command;
  isActive: boolean;
  onPoint: () => void;
  onRun: () => void;
}

function Option({ id, command, isActive, onPoint, onRun }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the box keeps the focus and handles the keys.
    // biome-ignore lint/a11y/useFocusableInteractive: the box points at it with aria-activedescendant.
    <div
      id={id}
      role="option"
      aria-selected={isActive}
      className={classes.option}
      ref={(node) => {
        if (isActive) node?.scrollIntoView({ block: 'nearest' });
      }}
      onPointerMove={() => !isActive && onPoint()}
      onClick={onRun}
    >
      <span className={classes.label}>{command.label}</span>
      {command.hint && <span className={classes.hint}>{command.hint}</span>}
      {command.keys && <Keys keys={command.keys} />}
    </div>
  );
}

function useGroups(query: string, found: readonly Command[]): { name: string; commands: Command[] }[] {
  const { commands } = useCommandRegistry();
  const unique = [...new Map(commands.map((command) => [command.id, command])).values()];
  const scored = unique
    .map((command) => ({ command, score: scoreCommand(command, query) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ command }) => command);
  const byGroup = Map.groupBy([...scored, ...found], (command) => command.group);
  return [...byGroup].map(([name, all]) => ({ name, commands: all.slice(0, maxPerGroup) }));
}

/** What the sources find; what they found before stays until they answer, so that the list does not blink. */
function useFound(query: string): readonly Command[] {
  const { sources } = useCommandRegistry();
  const [found, setFound] = useState<readonly Command[]>([]);
  useEffect(() => {
    const abort = new AbortController();
    const timer = setTimeout(
      async () => {
        const answers = await Promise.all(
          sources.map((source) =>
            source.find(query.trim(), abort.signal).catch((error: unknown) => {
              if (!isAbort(error)) return [];
              return undefined;
            }),
          ),
        );
        if (!abort.signal.aborted) setFound(answers.flatMap((answer) => answer ?? []));
      },
      query ? 120 : 0,
    );
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [query, sources]);
  return found;
}
