import { countInfluenceNow } from './counting.ts';
import { countPipeline } from './pipeline.ts';

export const influenceJobs = { 'count-influence': countInfluenceNow, 'count-pipeline': countPipeline };
