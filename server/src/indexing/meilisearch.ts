import { Meilisearch, MeilisearchApiError, type MultiSearchParams, type Settings } from 'meilisearch';
import type { z } from 'zod';
import { EngineFailure } from './engine.ts';
import {
  dropAnswer,
  enqueuedAnswer,
  readTimesAnswer,
  statsAnswer,
  taskAnswer,
  versionAnswer,
} from './meilisearch-answer.ts';
import { batchLimitMs, requestLimitMs, searchLimitMs } from './meilisearch-settings.ts';

/** A Meilisearch server: every call is limited in time, what comes back is checked, and what goes wrong is one error. */
export type MeilisearchServer = ReturnType<typeof connectMeilisearch>;

export function connectMeilisearch({ url, key }: { url: string; key: string | null }) {
  const options = {
    host: url,
    ...(key !== null && { apiKey: key }),
    // It sends what it compresses in two packets, the second only once the first is acknowledged: 40 ms each time.
    requestInit: { headers: { 'Accept-Encoding': 'identity' } },
  };
  const searching = new Meilisearch({ ...options, timeout: searchLimitMs });
  const working = new Meilisearch({ ...options, timeout: requestLimitMs });
  const enqueue = async (asked: Promise<unknown>) => (await check(enqueuedAnswer, asked)).taskUid;

  async function waitFor(tasks: number[]): Promise<void> {
    for (const uid of tasks) {
      const asked = working.tasks.waitForTask(uid, { timeout: batchLimitMs, interval: 50 });
      const { status, error } = await check(taskAnswer, asked);
      if (status !== 'succeeded')
        throw new EngineFailure('down', `Meilisearch did not take in a batch: ${error?.message ?? status}`);
    }
  }

  return {
    waitFor,

    /** Several searches at once, or one merged of several. */
    async search<T>(answer: z.ZodType<T>, request: object): Promise<T> {
      return check(answer, searching.multiSearch(request as MultiSearchParams));
    },

    async readVersion(): Promise<string> {
      return (await check(versionAnswer, searching.getVersion())).pkgVersion;
    },

    /** How many documents an index holds; undefined when there is no such index. */
    async countDocuments(index: string): Promise<number | undefined> {
      try {
        return (await check(statsAnswer, searching.index(index).getStats())).numberOfDocuments;
      } catch (error) {
        if (error instanceof EngineFailure && error.kind === 'no_index') return undefined;
        throw error;
      }
    },

    /** When what it holds of these assets was read. */
    async readTimes(index: string, assetIds: string[]): Promise<Map<string, number>> {
      const asked = working.index(index).getDocuments({
        filter: `assetId IN [${assetIds.join(', ')}]`,
        fields: ['assetId', 'readAt'],
        limit: assetIds.length,
      });
      const { results } = await check(readTimesAnswer, asked);
      return new Map(results.map(({ assetId, readAt }) => [assetId, readAt]));
    },

    async createIndex(index: string, primaryKey: string, settings: object): Promise<void> {
      await dropIndex(index);
      await waitFor([
        await enqueue(working.createIndex(index, { primaryKey })),
        await enqueue(working.index(index).updateSettings(settings as Settings)),
      ]);
    },

    dropIndex,

    addDocuments: (index: string, documents: object[]) =>
      enqueue(working.index(index).addDocuments(documents)),

    deleteDocuments: (index: string, filter: string) =>
      enqueue(working.index(index).deleteDocuments({ filter })),

    /** All at once: no search sees one of them old and the other one new. */
    async swap(pairs: [string, string][], { rename }: { rename: boolean }): Promise<void> {
      await waitFor([await enqueue(working.swapIndexes(pairs.map((indexes) => ({ indexes, rename }))))]);
    },
  };

  async function dropIndex(index: string): Promise<void> {
    await check(dropAnswer, working.deleteIndexIfExists(index));
  }
}

async function check<T>(answer: z.ZodType<T>, asked: Promise<unknown>): Promise<T> {
  let given: unknown;
  try {
    given = await asked;
  } catch (error) {
    throw explain(error);
  }
  const { success, data, error } = answer.safeParse(given);
  if (!success) throw new EngineFailure('down', 'Meilisearch gave an answer that it should not give.', error);
  return data;
}

function explain(error: unknown): EngineFailure {
  if (error instanceof EngineFailure) return error;
  if (!(error instanceof MeilisearchApiError)) {
    const isLate =
      error instanceof Error &&
      /timeout|timed out/i.test(`${error.name} ${String(error.cause)} ${error.message}`);
    return new EngineFailure(
      'down',
      isLate
        ? 'Meilisearch did not answer in time.'
        : 'Meilisearch cannot be reached, or something else answers at MEILI_URL.',
      error,
    );
  }
  const { status } = error.response;
  const code = error.cause?.code;
  if (code === 'index_not_found')
    return new EngineFailure('no_index', 'Meilisearch holds no index yet.', error);
  if (status === 401 || status === 403)
    return new EngineFailure('down', 'Meilisearch does not accept MEILI_KEY.', error);
  if (status < 500 && code !== undefined)
    return new EngineFailure('question', `Meilisearch refused a request: ${error.message}`, error);
  return new EngineFailure('down', `Meilisearch answered with an error (${status}).`, error);
}
