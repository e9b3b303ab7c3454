import type { TaskHandler } from '../tasks.ts';
import { languageOf } from './language.ts';
import { signatureOf } from './minhash.ts';

/** What is worked out from text alone. */
export const digest: TaskHandler<'digest'> = async ({ text }) => ({
  language: languageOf(text),
  signature: signatureOf(text),
});
