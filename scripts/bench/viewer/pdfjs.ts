import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const build = join(createRequire(import.meta.url).resolve('pdfjs-dist/package.json'), '../build');

/**
 * pdf.js at its best for a first page: both scripts minified, packed with brotli and asked for with the page itself, and
 * of the file only the ranges that it needs. It works in the page rather than in a worker, because that is what the
 * slowed-down line of the browser's tools covers; reading takes far less time than the line.
 */
const page = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>pdf.js</title>
<link rel="modulepreload" href="/pdf.min.mjs"><link rel="modulepreload" href="/pdf.worker.min.mjs">
<style>body{margin:0}canvas{width:100%}</style></head><body><canvas></canvas>
<script type="module">
import * as worker from '/pdf.worker.min.mjs';
import { getDocument } from '/pdf.min.mjs';
globalThis.pdfjsWorker = worker;
const file = await getDocument({ url: '/deck.pdf', rangeChunkSize: 65536, disableAutoFetch: true, disableStream: true }).promise;
const first = await file.getPage(1);
const canvas = document.querySelector('canvas');
const viewport = first.getViewport({ scale: 800 / first.getViewport({ scale: 1 }).width });
canvas.width = viewport.width;
canvas.height = viewport.height;
await first.render({ canvas, viewport }).promise;
requestAnimationFrame(() => setTimeout(() => { globalThis.firstPageMs = performance.now(); }));
</script></body></html>`;

/** Serves the file with a viewer made of pdf.js, on a port of its own. */
export async function servePdfJs(pdf: Buffer): Promise<{ url: string; server: Server }> {
  const files = new Map([
    ['/', { type: 'text/html; charset=utf-8', bytes: brotliCompressSync(page) }],
    ...['pdf.min.mjs', 'pdf.worker.min.mjs'].map(
      (name) =>
        [
          `/${name}`,
          { type: 'text/javascript', bytes: brotliCompressSync(readFileSync(join(build, name))) },
        ] as const,
    ),
  ]);
  const server = createServer((req, res) => {
    if (req.url === '/deck.pdf') sendPdf(pdf, req, res);
    else {
      const file = files.get(req.url ?? '');
      if (!file) res.writeHead(404).end();
      else
        res
          .writeHead(200, {
            'Content-Type': file.type,
            'Content-Encoding': 'br',
            'Content-Length': file.bytes.length,
            'Cache-Control': 'no-store',
          })
          .end(file.bytes);
    }
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, server };
}

function sendPdf(pdf: Buffer, req: IncomingMessage, res: ServerResponse): void {
  const [, from, to] = /^bytes=(\d+)-(\d+)?$/.exec(req.headers.range ?? '') ?? [];
  const type = { 'Content-Type': 'application/pdf', 'Accept-Ranges': 'bytes', 'Cache-Control': 'no-store' };
  if (from === undefined) {
    res.writeHead(200, { ...type, 'Content-Length': pdf.length });
    // As much as is on its way before pdf.js, having seen that ranges are served, hangs up.
    res.end(pdf);
    return;
  }
  const start = Number(from);
  const end = Math.min(pdf.length - 1, to === undefined ? pdf.length - 1 : Number(to));
  const part = pdf.subarray(start, end + 1);
  res
    .writeHead(206, {
      ...type,
      'Content-Length': part.length,
      'Content-Range': `bytes ${start}-${end}/${pdf.length}`,
    })
    .end(part);
}
