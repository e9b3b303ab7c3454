import type { Rung } from '@offshelf/server/contract/analytics';

/** The rungs of the usage ladder, lowest first, as people read them: as a heading, in a list, and where assets stop. */
export const rungWords: Record<Rung, { name: string; short: string; stop: string }> = {
  published: { name: 'Published, shown to nobody', short: 'published', stop: 'Never found' },
  surfaced: { name: 'Shown in results, not opened', short: 'shown', stop: 'Seen, not opened' },
  opened: { name: 'Opened by a rep, not shared', short: 'opened by a rep', stop: 'Opened, not shared' },
  shared: { name: 'Shared, not opened', short: 'shared', stop: 'Shared, not opened' },
  reached: { name: 'Opened by a person, not read', short: 'opened by a person', stop: 'Opened, not read' },
  read: { name: 'Read by a person', short: 'read', stop: 'Read by buyers' },
  moved: { name: 'In a deal that moved', short: 'in a deal that moved', stop: 'In a deal that moved' },
};

export const rungOrder = Object.keys(rungWords) as Rung[];

/** 1 to 7: the step of the ladder and of its colour scale (`--rung-1` …). */
export function rungStep(rung: Rung): number {
  return rungOrder.indexOf(rung) + 1;
}
