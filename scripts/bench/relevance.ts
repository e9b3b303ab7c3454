import { rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { sql } from 'kysely';
import type { Database } from '../../server/src/db/database.ts';
import { makeDataDir, type RunningOffshelf, setUpAdmin, startOffshelf } from '../../test/support/offshelf.ts';
import { importLibrary, settle } from './library/fill.ts';
import { openLibrary } from './library/open.ts';
import { type KnownAsset, type KnownItem, makeQueries, queryClasses } from './library/queries.ts';

const goals = { overall: 0.85, perClass: 0.7 };
const looksAt = 20;
const fillingMs = 20 * 60_000;

interface Outcome extends KnownItem {
  /** 0 when it was not among the first twenty. */
  rank: number;
  firstTitle: string;
}

/**
 * npm run bench -- relevance FOLDER [--misses]: imports a library or any folder of documents through the real program
 * and looks for every asset by queries made from the documents themselves. Mean reciprocal rank and success among the
 * first three, per class and engine; Meilisearch too where MEILI_URL and MEILI_KEY are set.
 */
export async function bench() {
  const { values, positionals } = parseArgs({
    args: process.argv.slice(3),
    allowPositionals: true,
    options: { misses: { type: 'boolean', default: false } },
  });
  const [given] = positionals;
  if (!given) throw new Error('Name a folder: npm run bench -- relevance FOLDER');
  const { folder, made } = await openLibrary(given);
  const dataDir = await makeDataDir();
  const engines: Record<string, unknown> = {};
  try {
    const first = await startOffshelf({ dataDir });
    const cookie = await setUpAdmin(first);
    await importLibrary(first, folder);
    const queries = makeQueries(await settle(first, readAssets));
    engines.postgres = report(await askAll(first, cookie, queries), values.misses);
    await first.stop();
    const { MEILI_URL, MEILI_KEY } = process.env;
    if (MEILI_URL) {
      const second = await startOffshelf({ dataDir, env: { MEILI_URL, ...(MEILI_KEY && { MEILI_KEY }) } });
      await waitForMeilisearch(second, cookie);
      engines.meilisearch = report(await askAll(second, cookie, queries), values.misses);
      await second.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
    if (made) await rm(made, { recursive: true, force: true });
  }
  const { mrr } = engines.postgres as ReturnType<typeof report>;
  return {
    bench: 'relevance',
    value: mrr,
    unit: 'mean reciprocal rank, PostgreSQL',
    limit: goals.overall,
    ratio: round(mrr / goals.overall),
    classLimit: goals.perClass,
    engines,
  };
}

async function readAssets(db: Database): Promise<KnownAsset[]> {
  const { rows } = await sql<KnownAsset>`
    select a.id as asset_id, a.title,
      coalesce((select jsonb_agg(text order by page_number) from rendition_page
        where rendition_id = (select rendition_id from version_rendition
          where asset_version_id = a.current_version_id limit 1)), '[]') as pages,
      coalesce((select jsonb_agg(jsonb_build_object('name', term.name, 'synonyms', term.synonyms) order by term.id)
        from asset_term join term on term.id = asset_term.term_id where asset_term.asset_id = a.id), '[]') as tags
    from asset a where a.status = 'published' order by a.title, a.id`.execute(db);
  return rows;
}

async function askAll(app: RunningOffshelf, cookie: string, queries: KnownItem[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const known of queries) {
    const response = await fetch(`${app.url}/api/searches`, {
      method: 'POST',
      headers: { cookie, origin: app.url, 'content-type': 'application/json' },
      body: JSON.stringify({ query: known.query, limit: looksAt }),
    });
    if (response.status !== 201) throw new Error(`"${known.query}" answered ${response.status}.`);
    const { items } = (await response.json()) as { items: { asset: { id: string; title: string } }[] };
    const rank = items.findIndex(({ asset }) => asset.id === known.assetId) + 1;
    outcomes.push({ ...known, rank, firstTitle: items[0]?.asset.title ?? 'nothing' });
  }
  return outcomes;
}

async function waitForMeilisearch(app: RunningOffshelf, cookie: string): Promise<void> {
  const deadline = Date.now() + fillingMs;
  while (Date.now() < deadline) {
    const response = await fetch(`${app.url}/api/search-index`, { headers: { cookie } });
    const index = (await response.json()) as {
      answeredBy: string;
      engines: { key: string; waitingCount: number }[];
    };
    const waiting = index.engines.find(({ key }) => key === 'meilisearch')?.waitingCount;
    if (index.answeredBy === 'meilisearch' && waiting === 0) return;
    await new Promise((done) => setTimeout(done, 500));
  }
  throw new Error('Meilisearch did not take the library in.');
}

function report(outcomes: Outcome[], showsMisses: boolean) {
  if (showsMisses)
    for (const { class: queryClass, query, rank, firstTitle } of outcomes)
      if (rank !== 1)
        console.error(`${queryClass}: "${query}" at ${rank || 'nowhere'}, before it ${firstTitle}`);
  const classes = queryClasses.map((queryClass) => {
    const own = outcomes.filter((outcome) => outcome.class === queryClass);
    return { class: queryClass, ...scoreOf(own), limit: goals.perClass };
  });
  return { ...scoreOf(outcomes), classes };
}

function scoreOf(outcomes: Outcome[]) {
  const n = outcomes.length;
  const mean = (score: (rank: number) => number) =>
    n === 0 ? Number.NaN : round(outcomes.reduce((sum, { rank }) => sum + score(rank), 0) / n);
  return {
    n,
    mrr: mean((rank) => (rank > 0 ? 1 / rank : 0)),
    successAt3: mean((rank) => (rank > 0 && rank <= 3 ? 1 : 0)),
  };
}

const round = (value: number) => Math.round(value * 1000) / 1000;
