import { resolve } from 'node:path';
import { rebuildNow } from '../server/src/indexing/rebuild.ts';
import { withOffshelf } from '../server/src/main.ts';

// npm run reindex: builds the search indexes anew from the database. The app may go on meanwhile.
process.chdir(resolve(import.meta.dirname, '..'));
const say = (line: string) => console.log(line);
await withOffshelf(say, async (ctx) => {
  const startedAt = performance.now();
  const count = await rebuildNow(ctx);
  if (count === undefined) {
    say('A rebuild waits or goes on already: see Settings › Search.');
    process.exitCode = 1;
    return;
  }
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  say(`${count} published ${count === 1 ? 'asset is' : 'assets are'} in the search index (${seconds} s).`);
});
