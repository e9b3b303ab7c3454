import { join } from 'node:path';
import { pino } from 'pino';
import { createSandbox } from '../../server/src/documents/create-sandbox.ts';

/** A parent for tests that kill it: starts a child that computes for ever, and says so. */
const [folder = '', confinement] = process.argv.slice(2);
const sandbox = createSandbox({
  folder,
  concurrency: 1,
  extraFontFolders: [],
  log: pino({ level: 'silent' }),
  entry: join(import.meta.dirname, 'sandbox-child.ts'),
  confinement: confinement as 'jail',
});
await sandbox.run('digest', null, { text: '' });
setTimeout(() => process.stdout.write('busy\n'), 500);
await sandbox.run('digest', null, { text: 'spinInWasm' });
