import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterEach, expect, test, vi } from 'vitest';
import { fetchPage, fetchPicture } from '../../server/src/documents/fetch-page.ts';

/** Names that only this name server knows. */
const names: Record<string, { address: string; family: number }[]> = {
  'rebind.test': [{ address: '127.0.0.1', family: 4 }],
  'mixed.test': [
    { address: '93.184.215.14', family: 4 },
    { address: '10.0.0.1', family: 4 },
  ],
  'mapped.test': [{ address: '::ffff:10.0.0.1', family: 6 }],
};

vi.mock(import('node:dns/promises'), async (importOriginal) => {
  const original = await importOriginal();
  const lookup = (name: string, options: object) => names[name] ?? original.lookup(name, options);
  return { ...original, lookup: lookup as typeof original.lookup };
});

const servers: { close(done: () => void): unknown; closeAllConnections?(): void }[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections?.();
    await new Promise<void>((done) => server.close(() => done()));
  }
});

type Handler = (req: IncomingMessage, res: ServerResponse) => void;

/** A site with a handler for each path; every other path is not found. */
async function startSite(pages: Record<string, Handler>) {
  const asked: IncomingMessage[] = [];
  const server: Server = createServer((req, res) => {
    asked.push(req);
    const page = pages[req.url ?? ''];
    if (page) page(req, res);
    else res.writeHead(404).end();
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { origin, asked, trusts: (url: URL) => url.origin === origin };
}

const html =
  (body: string | Buffer, headers: Record<string, string> = {}): Handler =>
  (_req, res) => {
    res.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers });
    res.end(body);
  };
const leadTo =
  (location: string, status = 302): Handler =>
  (_req, res) => {
    res.writeHead(status, { location }).end();
  };

test('a page is read where its redirects lead, and told who reads it', async () => {
  const site = await startSite({
    '/old': leadTo('/newer', 301),
    '/newer': leadTo('page#part'),
    '/page': html('<title>Hello</title>'),
  });
  const found = await fetchPage(`${site.origin}/old`, site);
  expect(found).toEqual({
    kind: 'page',
    url: `${site.origin}/page#part`,
    status: 200,
    contentType: 'text/html; charset=utf-8',
    body: Buffer.from('<title>Hello</title>'),
  });
  expect(site.asked.map(({ url }) => url)).toEqual(['/robots.txt', '/old', '/newer', '/page']);
  expect(site.asked.every(({ headers }) => headers['user-agent']?.startsWith('Offshelf'))).toBe(true);
  expect(site.asked.some(({ headers }) => headers.cookie || headers.authorization || headers.referer)).toBe(
    false,
  );
});

test('a private address is refused, at the start and on every redirect', async () => {
  const inner = await startSite({ '/': html('secret') });
  const named = inner.origin.replace('127.0.0.1', 'localhost');
  const site = await startSite({
    '/number': leadTo(`${inner.origin}/`),
    '/name': leadTo(`${named}/`),
    '/mapped': leadTo(inner.origin.replace('127.0.0.1', '[::ffff:127.0.0.1]')),
    '/metadata': leadTo('http://169.254.169.254/latest/meta-data/'),
    '/file': leadTo('file:///etc/passwd'),
    '/script': leadTo('javascript:alert(1)'),
    '/login': leadTo('http://admin:admin@127.0.0.1/'),
    '/twice': leadTo('/number'),
  });
  for (const path of ['number', 'name', 'mapped', 'metadata', 'file', 'script', 'login', 'twice']) {
    const found = await fetchPage(`${site.origin}/${path}`, site);
    expect(found, path).toMatchObject({ kind: 'unread', status: null });
  }
  expect(await fetchPage(`${inner.origin}/`)).toMatchObject({ kind: 'unread' });
  expect(await fetchPage('http://localhost/')).toMatchObject({
    reason: 'localhost lies in a private network, which is not read from here.',
  });
  expect(inner.asked).toEqual([]);
});

test('a connection goes to the address that was vetted, and no name server is asked again', async () => {
  const site = await startSite({ '/page': html('vetted') });
  const { port } = new URL(site.origin);
  const found = await fetchPage(`http://rebind.test:${port}/page`, {
    trusts: ({ hostname }) => hostname === 'rebind.test',
  });
  expect(found).toMatchObject({ kind: 'page', body: Buffer.from('vetted') });
  expect(site.asked.map(({ headers }) => headers.host)).toEqual(Array(2).fill(`rebind.test:${port}`));
});

test('one private address among the answers of a name server is enough to refuse', async () => {
  for (const name of ['mixed.test', 'mapped.test', 'rebind.test'])
    expect(await fetchPage(`http://${name}/`)).toMatchObject({
      kind: 'unread',
      reason: `${name} lies in a private network, which is not read from here.`,
    });
});

test('a redirect without end is told', async () => {
  const site = await startSite({ '/a': leadTo('/b'), '/b': leadTo('/a') });
  expect(await fetchPage(`${site.origin}/a`, site)).toMatchObject({
    kind: 'broken',
    reason: 'The link leads from one address to the next without end. Link to the last one.',
  });
  expect(site.asked).toHaveLength(7);
});

test.each([
  [404, 'broken', true],
  [410, 'broken', true],
  [500, 'broken', false],
  [503, 'broken', false],
  [400, 'broken', false],
  [403, 'unread', undefined],
  [429, 'unread', undefined],
])('an answer of %i is %s', async (status, kind, isDead) => {
  const site = await startSite({ '/page': (_req, res) => res.writeHead(status).end('<p>no') });
  const found = await fetchPage(`${site.origin}/page`, site);
  expect(found).toMatchObject({ kind, status, reason: expect.stringContaining(String(status)) });
  if (found.kind === 'broken') expect(found.isDead).toBe(isDead);
});

test('a site that is gone, silent or breaks off is told apart', async () => {
  const site = await startSite({
    '/robots.txt': html(''),
    '/silent': () => {},
    '/slow': (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html' });
      const timer = setInterval(() => res.write('<p>'), 20);
      res.on('close', () => clearInterval(timer));
    },
    '/off': (_req, res) => res.destroy(),
    '/half': (_req, res) => {
      res.writeHead(200, { 'content-type': 'text/html', 'content-length': '1000' });
      res.write('<p>', () => res.destroy());
    },
  });
  const started = performance.now();
  for (const path of ['silent', 'slow'])
    expect(await fetchPage(`${site.origin}/${path}`, { ...site, timeoutMs: 300 })).toMatchObject({
      kind: 'broken',
      isDead: false,
      reason: '127.0.0.1 did not answer in time. It may come back by itself.',
    });
  expect(performance.now() - started).toBeLessThan(10_000);
  for (const path of ['off', 'half'])
    expect(await fetchPage(`${site.origin}/${path}`, site)).toMatchObject({
      kind: 'broken',
      isDead: false,
      reason: '127.0.0.1 broke off the answer. It may come back by itself.',
    });
  const closed = await startSite({});
  await new Promise<void>((done) => (servers.pop() as Server).close(() => done()));
  expect(await fetchPage(`${closed.origin}/`, closed)).toMatchObject({ kind: 'broken', isDead: true });
  expect(await fetchPage('http://nowhere.invalid/')).toMatchObject({
    kind: 'broken',
    reason: expect.stringContaining('nowhere.invalid'),
  });
});

test('what speaks another language than HTTP is told', async () => {
  const server = createTcpServer((socket) =>
    socket
      .on('error', () => {})
      .resume()
      .end('220 mail.test\r\n'),
  );
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const trusts = () => true;
  expect(await fetchPage(`http://127.0.0.1:${port}/`, { trusts })).toMatchObject({ kind: 'broken' });
  expect(await fetchPage(`https://127.0.0.1:${port}/`, { trusts })).toMatchObject({ kind: 'broken' });
});

test('only a page is read, and only as much of it as a page has', async () => {
  const bomb = gzipSync(Buffer.alloc(200_000_000, 'a'));
  const site = await startSite({
    '/robots.txt': html(''),
    '/file': (_req, res) => res.writeHead(200, { 'content-type': 'application/pdf' }).end('%PDF-1.4'),
    '/long': html('a'.repeat(3_000_000)),
    '/gzip': html(gzipSync('<p>gzip'), { 'content-encoding': 'gzip' }),
    '/brotli': html(brotliCompressSync('<p>brotli'), { 'content-encoding': 'br' }),
    '/cut': html(gzipSync('<p>words '.repeat(1000)).subarray(0, -9), { 'content-encoding': 'gzip' }),
    '/bomb': html(bomb, { 'content-encoding': 'gzip' }),
    '/broken': html('no gzip', { 'content-encoding': 'gzip' }),
  });
  const read = async (path: string) => {
    const found = await fetchPage(`${site.origin}/${path}`, site);
    return found.kind === 'page' ? found.body : found;
  };
  expect(await read('file')).toMatchObject({
    kind: 'unread',
    status: 200,
    reason: 'The link opens a file (application/pdf) and not a web page, so its text is not read.',
  });
  expect(await read('long')).toHaveLength(2_000_000);
  expect(String(await read('gzip'))).toBe('<p>gzip');
  expect(String(await read('brotli'))).toBe('<p>brotli');
  expect(await read('bomb')).toHaveLength(2_000_000);
  expect(String(await read('cut'))).toMatch(/^<p>words/);
  expect(await read('broken')).toMatchObject({ kind: 'broken', isDead: false });
});

test('robots.txt is asked once and obeyed', async () => {
  const site = await startSite({
    '/robots.txt': html('User-agent: *\nDisallow: /private\n\nUser-agent: Offshelf\nDisallow: /no\n'),
    '/no/page': html('secret'),
    '/private': html('open to us'),
    '/hop': leadTo('/no/page'),
  });
  for (const path of ['/no/page', '/hop'])
    expect(await fetchPage(site.origin + path, site)).toMatchObject({
      kind: 'unread',
      reason: 'The site asks programs not to read this page (robots.txt), so only its address is kept.',
    });
  expect(await fetchPage(`${site.origin}/private`, site)).toMatchObject({ kind: 'page' });
  expect(site.asked.filter(({ url }) => url === '/robots.txt')).toHaveLength(3);
  expect(site.asked.some(({ url }) => url === '/no/page')).toBe(false);
});

test('a site whose robots.txt fails is left alone, and one without is read', async () => {
  const failing = await startSite({ '/robots.txt': (_req, res) => res.writeHead(503).end(), '/': html('x') });
  expect(await fetchPage(`${failing.origin}/`, failing)).toMatchObject({ kind: 'unread' });
  const leading = await startSite({ '/robots.txt': leadTo('http://169.254.169.254/'), '/': html('x') });
  expect(await fetchPage(`${leading.origin}/`, leading)).toMatchObject({ kind: 'page' });
});

test('a picture is fetched under the same rules', async () => {
  const site = await startSite({
    '/a.png': (_req, res) => res.writeHead(200, { 'content-type': 'image/png' }).end('png'),
    '/big.png': (_req, res) =>
      res.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.alloc(5_100_000)),
    '/page': html('x'),
    '/hop': leadTo('http://127.0.0.1:9/'),
  });
  expect(await fetchPicture(`${site.origin}/a.png`, site)).toEqual({
    contentType: 'image/png',
    bytes: Buffer.from('png'),
  });
  for (const path of ['/big.png', '/page', '/hop', '/none'])
    expect(await fetchPicture(site.origin + path, site)).toBeNull();
  expect(await fetchPicture('data:image/png;base64,AAAA')).toBeNull();
  expect(await fetchPicture(`${site.origin}/a.png`)).toBeNull();
});

test('the caller can stop it', async () => {
  const site = await startSite({ '/robots.txt': html(''), '/silent': () => {} });
  const controller = new AbortController();
  const fetching = fetchPage(`${site.origin}/silent`, { ...site, signal: controller.signal });
  setTimeout(() => controller.abort(new Error('stopped')), 50);
  await expect(fetching).rejects.toThrow('stopped');
});
