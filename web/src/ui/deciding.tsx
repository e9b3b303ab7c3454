import { type ComponentType, createContext, type ReactNode, useContext } from 'react';
import { plural } from '../lib/format.ts';
import { ChosenBar } from './chosen-bar.tsx';

export interface DecideActionsProps {
  assetIds: readonly string[];
  onDone: () => void;
}

/** Decisions are made on pages of many features and kept by one; the app puts the buttons in here. */
export const DecidingContext = createContext<ComponentType<DecideActionsProps> | undefined>(undefined);

/** Archive, assign, have reviewed, tag, recommend: a button each, for whoever may. */
export function DecideActions(props: DecideActionsProps) {
  const Actions = useContext(DecidingContext);
  return Actions ? <Actions {...props} /> : null;
}

interface DecideBarProps {
  assetIds: readonly string[];
  onClear: () => void;
  /** What else the page offers for them. */
  children?: ReactNode;
}

/** What can be decided about the chosen assets of a list; it floats until nothing is chosen. */
export function DecideBar({ assetIds, onClear, children }: DecideBarProps) {
  if (assetIds.length === 0) return null;
  return (
    <ChosenBar
      label="Decide about the chosen assets"
      count={assetIds.length}
      counted={plural(assetIds.length, 'asset')}
      onClear={onClear}
    >
      <DecideActions assetIds={assetIds} onDone={onClear} />
      {children}
    </ChosenBar>
  );
}
