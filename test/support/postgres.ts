import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../server/src/db/embedded.ts';
import { createLog } from '../../server/src/http/log.ts';

/** A folder that the account of an embedded server can enter, even when this runs as root. */
export async function makeServerFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'offshelf-test-'));
  await chmod(folder, 0o755);
  return folder;
}

/** A server with an empty database that is gone, data and all, when it is stopped. */
export async function startTemporaryPostgres(): Promise<EmbeddedPostgres> {
  const folder = await makeServerFolder();
  const log = createLog('silent');
  const dataDir = join(folder, 'postgres');
  const server = await startEmbeddedPostgres({ dataDir, log, say: () => {}, isDurable: false });
  return {
    ...server,
    async stop() {
      await server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
