import { Button, type ButtonProps } from '@mantine/core';
import { createContext, useContext } from 'react';

/** What an objection is noted about; all of it can be left open. */
export interface ObjectionDraft {
  dealId?: string | null;
  assetId?: string | null;
  shareLinkId?: string | null;
  /** Objection, persona and stage that are known already. */
  termIds?: readonly string[];
}

interface NotingObjection {
  /** Opens the form that notes what a buyer said. */
  open: (draft: ObjectionDraft) => void;
}

/** Objections are noted from many features and one does it; the app puts the one in here. */
export const NotingObjectionContext = createContext<NotingObjection>({ open: () => undefined });

function useNotingObjection(): NotingObjection {
  return useContext(NotingObjectionContext);
}

/** Notes an objection about what the page is about. */
export function NoteObjectionButton({
  draft,
  children = 'Note an objection',
  ...props
}: ButtonProps & { draft: ObjectionDraft }) {
  const { open } = useNotingObjection();
  return (
    <Button variant="default" {...props} onClick={() => open(draft)}>
      {children}
    </Button>
  );
}
