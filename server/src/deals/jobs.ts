import { runDealImport } from './import-run.ts';

export const dealJobs = { 'run-deal-import': runDealImport };
