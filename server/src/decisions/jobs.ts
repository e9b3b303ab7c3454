import { measureDecisions } from './service.ts';

export const decisionJobs = { 'measure-decisions': measureDecisions };
