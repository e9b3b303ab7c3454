import type { Context } from '../context.ts';
import { sweepDealImports } from './import-queries.ts';
import { runDealImport } from './import-run.ts';

const keptMs = 86_400_000;

export const dealJobs = {
  'run-deal-import': runDealImport,
  'sweep-deal-imports': ({ db, clock }: Context) =>
    sweepDealImports(db, new Date(clock().getTime() - keptMs)),
};
