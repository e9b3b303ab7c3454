import { runImport } from './import-run.ts';
import { sweepUploads } from './store-upload.ts';

export const assetJobs = { 'run-import': runImport, 'sweep-uploads': sweepUploads };
