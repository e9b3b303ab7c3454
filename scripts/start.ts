import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { buildWeb } from './build-web.ts';

const root = resolve(import.meta.dirname, '..');
process.chdir(root);
await buildWeb();
// The stripped and compiled modules are kept, so that the next start does not read 400 files as text.
enableCompileCache(resolve(root, 'node_modules/.cache/offshelf-compile'));
const { runOffshelf } = await import('../server/src/main.ts');
await runOffshelf({ say: (line) => console.log(line), logFile: true });
