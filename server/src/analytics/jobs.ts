import { countGaps } from './gap-snapshot.ts';

export const analyticsJobs = { 'count-gaps': countGaps };
