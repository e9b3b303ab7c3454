import { findFalls } from './falls.ts';

export const agingJobs = { 'find-falls': findFalls };
