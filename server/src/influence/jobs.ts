import { countInfluenceNow } from './counting.ts';

export const influenceJobs = { 'count-influence': countInfluenceNow };
