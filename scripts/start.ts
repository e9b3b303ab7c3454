import { enableCompileCache } from 'node:module';
import { resolve } from 'node:path';
import { build, serverBundle } from './build.ts';

const root = resolve(import.meta.dirname, '..');
process.chdir(root);
await build();
enableCompileCache(resolve(root, 'node_modules/.cache/offshelf-compile'));
const { runOffshelf } = (await import(serverBundle)) as typeof import('../server/src/main.ts');
await runOffshelf({ say: (line) => console.log(line), logFile: true });
