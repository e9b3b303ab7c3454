import { type ComponentType, createContext, useContext } from 'react';

interface ActivitySlots {
  /** Who read what they were sent and has no answer yet. */
  ActNow: ComponentType;
  /** Whether somebody's reading waits for an answer, and the way to the story of the share link. */
  FollowUpNote: ComponentType<{ shareLinkId: string }>;
}

/** What people did is shown on pages of other features; the app puts the parts in here. */
export const ActivitySlotsContext = createContext<ActivitySlots | undefined>(undefined);

export function ActNowSlot() {
  const slots = useContext(ActivitySlotsContext);
  return slots ? <slots.ActNow /> : null;
}

export function FollowUpSlot({ shareLinkId }: { shareLinkId: string }) {
  const slots = useContext(ActivitySlotsContext);
  return slots ? <slots.FollowUpNote shareLinkId={shareLinkId} /> : null;
}
