import { resolve } from 'node:path';
import { ConfigError, loadConfig } from '../server/src/config.ts';
import { migrate } from '../server/src/db/migrate.ts';
import { createLog } from '../server/src/http/log.ts';
import { openBacking, openContext } from '../server/src/main.ts';
import { reindexAll } from '../server/src/search/service.ts';

// npm run reindex: builds the search index anew from the database. With DATABASE_URL the app may go on meanwhile;
// an embedded database belongs to the running app, which has to be stopped first.
process.chdir(resolve(import.meta.dirname, '..'));
try {
  await reindex();
} catch (error) {
  const isPlain = error instanceof ConfigError || (error instanceof Error && error.name === 'StartError');
  console.error(isPlain ? error.message : error);
  process.exitCode = 1;
}

async function reindex(): Promise<void> {
  const say = (line: string) => console.log(line);
  const config = loadConfig(process.env);
  const log = createLog('warn');
  const backing = await openBacking(config, log, say);
  try {
    await migrate(backing.databaseUrl, { log });
    const ctx = await openContext(config, backing.databaseUrl, log);
    const startedAt = performance.now();
    const count = await reindexAll(ctx);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    say(`${count} published ${count === 1 ? 'asset is' : 'assets are'} in the search index (${seconds} s).`);
    await ctx.db.destroy();
  } finally {
    await backing.embedded?.stop();
  }
}
