import type { Rung } from '@offshelf/server/contract/analytics';

/** The rungs of the usage ladder, lowest first, as people read them. */
export const rungWords: Record<Rung, { name: string; short: string }> = {
  published: { name: 'Published, shown to nobody', short: 'published' },
  surfaced: { name: 'Shown in results, not opened', short: 'shown' },
  opened: { name: 'Opened by a rep, not shared', short: 'opened by a rep' },
  shared: { name: 'Shared, not opened', short: 'shared' },
  reached: { name: 'Opened by a person, not read', short: 'opened by a person' },
  read: { name: 'Read by a person', short: 'read' },
  moved: { name: 'In a deal that moved', short: 'in a deal that moved' },
};

export const rungOrder = Object.keys(rungWords) as Rung[];

/** 1 to 7: the step of the ladder and of its colour scale (`--rung-1` …). */
export function rungStep(rung: Rung): number {
  return rungOrder.indexOf(rung) + 1;
}
