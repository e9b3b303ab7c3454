import { createServer, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';

type Document = Record<string, unknown>;
interface Answer {
  status: number;
  body: unknown;
}

/** How it behaves: as it should, or as a server that is in trouble. */
type Mood = 'well' | 'slow' | 'failing' | 'nonsense' | 'another program' | 'refusing';

export interface MeilisearchStandIn {
  url: string;
  mood: Mood;
  /** What was asked, as `POST /multi-search`. */
  requests: string[];
  /** The titles that an index holds, folded as they came. */
  listTitles(): string[];
  loseEverything(): void;
  goAway(): Promise<void>;
  comeBack(): Promise<void>;
}

/**
 * Keeps documents and finds by single words like Meilisearch, without knowing how to rank: for tests of what happens
 * around it. That it is understood rightly is what the suite of the engines shows.
 */
export async function startMeilisearchStandIn(): Promise<MeilisearchStandIn> {
  const indexes = new Map<string, Map<string, Document>>();
  let server: Server;
  let port = 0;

  const standIn: MeilisearchStandIn = {
    url: '',
    mood: 'well',
    requests: [],
    listTitles: () =>
      [...indexes].flatMap(([name, documents]) =>
        /-assets-\d+$/.test(name) ? Array.from(documents.values(), ({ title }) => String(title)) : [],
      ),
    loseEverything: () => indexes.clear(),
    async goAway() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
    async comeBack() {
      server = createServer(async (req, res) => {
        const path = req.url ?? '/';
        standIn.requests.push(`${req.method} ${path}`);
        const body = req.method === 'GET' || req.method === 'DELETE' ? undefined : await json(req);
        await answer(res, req.method ?? 'GET', path, body);
      });
      await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
      port = (server.address() as { port: number }).port;
      standIn.url = `http://127.0.0.1:${port}`;
    },
  };
  await standIn.comeBack();
  return standIn;

  async function answer(res: ServerResponse, method: string, path: string, body: unknown): Promise<void> {
    const { mood } = standIn;
    if (mood === 'slow') await setTimeout(3_000);
    if (mood === 'another program') {
      res.writeHead(200, { 'content-type': 'text/html' }).end('<h1>It works</h1>');
      return;
    }
    const { status, body: answered } = troubles[mood] ?? handle(method, path, body);
    if (res.destroyed) return;
    res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answered));
  }

  function handle(method: string, path: string, body: unknown): Answer {
    const [, first = '', name = '', ...rest] = path.split('?')[0]?.split('/') ?? [];
    if (first === 'version') return { status: 200, body: { pkgVersion: '1.50.0' } };
    if (first === 'tasks')
      return { status: 200, body: { uid: Number(name), status: 'succeeded', error: null } };
    if (first === 'multi-search') return search(body as Document);
    if (first === 'swap-indexes') return swap(body as { indexes: [string, string]; rename: boolean }[]);
    if (name === '') return create(String((body as Document).uid));
    return handleIndex(method, name, rest.join('/'), body);
  }

  function handleIndex(method: string, name: string, what: string, body: unknown): Answer {
    const index = indexes.get(name);
    if (!index) return missing(name);
    if (method === 'DELETE') indexes.delete(name);
    if (what === 'stats') return { status: 200, body: { numberOfDocuments: index.size } };
    if (what === 'documents/fetch')
      return { status: 200, body: { results: [...index.values()].filter(within(body)) } };
    if (what === 'documents/delete') remove(index, within(body));
    if (what === 'documents') put(index, body as Document[]);
    return queued;
  }

  function put(index: Map<string, Document>, documents: Document[]): void {
    for (const document of documents) index.set(String(document.id ?? document.assetId), document);
  }

  function remove(index: Map<string, Document>, isMeant: (document: Document) => boolean): void {
    for (const [id, document] of index) if (isMeant(document)) index.delete(id);
  }

  function create(name: string): Answer {
    indexes.set(name, new Map());
    return queued;
  }

  function swap(pairs: { indexes: [string, string]; rename: boolean }[]): Answer {
    for (const {
      indexes: [from, to],
      rename,
    } of pairs) {
      const [one = new Map(), other = new Map()] = [indexes.get(from), indexes.get(to)];
      indexes.set(to, one);
      if (rename) indexes.delete(from);
      else indexes.set(from, other);
    }
    return queued;
  }

  function search(body: Document): Answer {
    const queries = body.queries as { indexUid: string; q: string; filter: unknown }[];
    const unknown = queries.find(({ indexUid }) => !indexes.has(indexUid));
    if (unknown) return missing(unknown.indexUid);
    const results = queries.map(({ indexUid, q, filter }) => {
      const words = q.replaceAll('"', '').split(' ');
      const found = [...(indexes.get(indexUid)?.values() ?? [])].filter(
        (document) =>
          within({ filter })(document) && words.every((word) => JSON.stringify(document).includes(word)),
      );
      return found.map((document) => ({ ...document, _rankingScore: 0.9, _formatted: {} }));
    });
    if (!body.federation)
      return {
        status: 200,
        body: { results: results.map((hits) => ({ hits, estimatedTotalHits: hits.length })) },
      };
    const hits = new Map(results.flat().map((hit) => [String((hit as Document).assetId), hit]));
    return {
      status: 200,
      body: {
        hits: Array.from(hits.values(), (hit) => ({ ...hit, _federation: { weightedRankingScore: 0.9 } })),
        estimatedTotalHits: hits.size,
        facetsByIndex: {},
      },
    };
  }
}

const troubles: Partial<Record<Mood, Answer>> = {
  failing: { status: 500, body: { message: 'Disk full', code: 'internal', type: 'internal', link: '' } },
  refusing: { status: 403, body: { message: 'No', code: 'invalid_api_key', type: 'auth', link: '' } },
  nonsense: { status: 200, body: { hits: [{ asset: 7 }], results: 'none', pkgVersion: 3 } },
};

const queued: Answer = { status: 202, body: { taskUid: 1, status: 'enqueued' } };

function missing(name: string): Answer {
  const message = `Index \`${name}\` not found.`;
  return { status: 404, body: { message, code: 'index_not_found', type: 'invalid_request', link: '' } };
}

/** Of filters it knows only the assets that are named. */
function within(body: unknown): (document: Document) => boolean {
  const filter = String((body as Document)?.filter ?? '');
  if (!filter.includes('assetId')) return () => true;
  if (/readAt < (\d+)/.test(filter)) {
    const limit = Number(/readAt < (\d+)/.exec(filter)?.[1]);
    return ({ assetId, readAt }) => filter.includes(String(assetId)) && Number(readAt) < limit;
  }
  return ({ assetId }) => filter.includes(String(assetId));
}
