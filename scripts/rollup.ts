import { resolve } from 'node:path';
import { withOffshelf } from '../server/src/main.ts';
import { rebuildNow } from '../server/src/rollups/rebuild.ts';
import { verifyRollups } from '../server/src/rollups/verify.ts';

const usage = `npm run rollup -- verify
npm run rollup -- rebuild

What reports are counted from, held against the raw rows, or counted anew from them. The app may go on meanwhile.

Ends with 0 when all is right, with 2 when verify found differences, and with 1 when nothing could be done.`;

const say = (line: string) => console.log(line);
const [command, ...others] = process.argv.slice(2);
if ((command !== 'verify' && command !== 'rebuild') || others.length > 0) {
  console.error(usage);
  process.exitCode = 1;
} else {
  process.chdir(resolve(import.meta.dirname, '..'));
  await withOffshelf(say, async (ctx) => {
    const startedAt = performance.now();
    const seconds = () => `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
    if (command === 'rebuild') {
      await rebuildNow(ctx);
      say(`Everything is counted anew (${seconds()}).`);
      return;
    }
    const faults = Object.entries(await verifyRollups(ctx)).filter(([, rows]) => rows.length > 0);
    for (const [table, rows] of faults) {
      say(`${table}: ${rows[0]?.faultCount} rows differ from the raw rows, such as`);
      for (const { row, fault } of rows) say(`  ${fault}: ${row}`);
    }
    if (faults.length > 0) {
      say('Count them anew with npm run rollup -- rebuild.');
      process.exitCode = 2;
    } else say(`Everything is counted as the raw rows say (${seconds()}).`);
  });
}
