import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Command {
  id: string;
  label: string;
  /** Heading in the palette: "Pages", "Actions", "Assets". */
  group: string;
  /** A few words beside the label. */
  hint?: string;
  /** More words that find it. */
  keywords?: string;
  /** The shortcut that does the same, for people to learn. */
  keys?: string;
  run: () => void;
}

/** Finds commands for what somebody types, such as assets by their title. An empty query asks for recent ones. */
export interface CommandSource {
  id: string;
  find: (query: string, signal: AbortSignal) => Promise<Command[]>;
}

interface Registry {
  commands: readonly Command[];
  sources: readonly CommandSource[];
}

let registry: Registry = { commands: [], sources: [] };
const listeners = new Set<() => void>();

function change(next: Registry): void {
  registry = next;
  for (const listener of listeners) listener();
}

/** Adds commands to the palette while the component is there. Commands of the same id replace each other. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useEffect(() => {
    latest.current = commands;
  });
  const signature = commands
    .map((command) => `${command.id}\u0000${command.label}\u0000${command.hint ?? ''}`)
    .join('\u0001');
  // biome-ignore lint/correctness/useExhaustiveDependencies: the signature says when the commands differ.
  useEffect(() => {
    const added = latest.current.map((command) => ({
      ...command,
      run: () => latest.current.find((other) => other.id === command.id)?.run(),
    }));
    change({ ...registry, commands: [...registry.commands, ...added] });
    return () =>
      change({
        ...registry,
        commands: registry.commands.filter((command) => !added.includes(command as never)),
      });
  }, [signature]);
}

/** Adds a source of commands; keep its `find` outside the component or memoised. */
export function useCommandSource(source: CommandSource): void {
  const { id, find } = source;
  useEffect(() => {
    const added = { id, find };
    change({ ...registry, sources: [...registry.sources.filter((other) => other.id !== id), added] });
    return () => change({ ...registry, sources: registry.sources.filter((other) => other !== added) });
  }, [id, find]);
}

export function useCommandRegistry(): Registry {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => registry,
  );
}

/** How well a command answers what was typed: 0 is not at all. Every word must be found somewhere. */
export function scoreCommand(command: Pick<Command, 'label' | 'hint' | 'keywords'>, query: string): number {
  const label = fold(command.label);
  const rest = fold(`${command.hint ?? ''} ${command.keywords ?? ''}`);
  let score = 1;
  for (const word of fold(query).split(/\s+/).filter(Boolean)) {
    if (label.startsWith(word)) score += 4;
    else if (label.includes(` ${word}`)) score += 3;
    else if (label.includes(word)) score += 2;
    else if (rest.includes(word)) score += 1;
    else return 0;
  }
  return score;
}

function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}
