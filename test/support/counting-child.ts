import { connectDatabase } from '../../server/src/db/database.ts';
import { createLog } from '../../server/src/http/log.ts';
import { countNow } from '../../server/src/rollups/service.ts';

/* Counts what waits, in a process of its own that a test may kill. */

const [url = ''] = process.argv.slice(2);
const db = connectDatabase(url, { log: createLog('silent'), max: 2 });
await countNow({ db, clock: () => new Date() });
await db.destroy();
