import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import type { Readable } from 'node:stream';
import { constants, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { checkWebAddress, resolvePublicly, type Trust, type VettedAddress } from './safe-address.ts';

export interface WebAnswer {
  /** Where the redirects led. */
  url: URL;
  status: number;
  contentType: string;
  /** Null when the type was not wanted. */
  body: Buffer | null;
  /** The body is longer than what was read of it. */
  isCut: boolean;
}

export interface WebRequest {
  /** Ends everything: looking up, redirects and reading. */
  signal: AbortSignal;
  trusts: Trust;
  accept: string;
  wants: (contentType: string) => boolean;
  longestBody: number;
  /** Throws for an address that is not to be asked; called for the first one and for every redirect. */
  onAddress?: (url: URL) => Promise<void>;
}

/** Names the product, so that a site can allow it, count it or turn it away. */
const userAgent = 'Offshelf (reads the pages that its users link to)';

const mostRedirects = 5;

export class TooManyRedirects extends Error {
  constructor() {
    super('The address leads on and on.');
    this.name = 'TooManyRedirects';
  }
}

/** Asks for an address and follows where it leads, each step under the same rules. */
export async function askWeb(address: string, asked: WebRequest): Promise<WebAnswer> {
  let url = checkWebAddress(address, asked.trusts);
  for (let step = 0; step <= mostRedirects; step += 1) {
    await asked.onAddress?.(url);
    const response = await ask(url, asked);
    try {
      const { location } = response.headers;
      if (!isRedirect(response.statusCode) || !location) return await readAnswer(url, response, asked);
      const next = URL.parse(location, url.href);
      if (next && next.hash === '') next.hash = url.hash;
      url = checkWebAddress(next?.href ?? location, asked.trusts);
    } finally {
      response.destroy();
    }
  }
  throw new TooManyRedirects();
}

function isRedirect(status: number | undefined): boolean {
  return status !== undefined && [301, 302, 303, 307, 308].includes(status);
}

async function ask(url: URL, asked: WebRequest): Promise<IncomingMessage> {
  const vetted = await resolvePublicly(url, asked);
  const isSecure = url.protocol === 'https:';
  // An agent of its own, so that neither a proxy of the environment nor an open connection stands in between.
  const agent = isSecure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (isSecure ? requestHttps : requestHttp)(
    url,
    {
      agent,
      signal: asked.signal,
      lookup: answerWith(vetted),
      headers: {
        'user-agent': userAgent,
        accept: asked.accept,
        'accept-encoding': 'gzip, br, deflate',
        'accept-language': 'en, *;q=0.5',
        connection: 'close',
      },
    },
    resolve,
  );
  request.on('error', reject);
  request.end();
  return promise;
}

/** Connects to what was vetted and to nothing else, whatever the name server says by now. */
export function answerWith(vetted: VettedAddress[]): LookupFunction {
  return (_host, options, answer) => {
    const [first] = vetted;
    if (!first) answer(Object.assign(new Error('The host has no address.'), { code: 'ENOTFOUND' }), '', 4);
    else if (options.all) answer(null, vetted);
    else answer(null, first.address, first.family);
  };
}

async function readAnswer(url: URL, response: IncomingMessage, asked: WebRequest): Promise<WebAnswer> {
  const answer = {
    url,
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? '',
  };
  if (!asked.wants(answer.contentType)) return { ...answer, body: null, isCut: false };
  const chunks: Buffer[] = [];
  let length = 0;
  const content = unpacked(response);
  try {
    for await (const chunk of content) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > asked.longestBody) break;
    }
  } finally {
    content.destroy();
  }
  const body = Buffer.concat(chunks);
  return { ...answer, body: body.subarray(0, asked.longestBody), isCut: length > asked.longestBody };
}

/** Small on the wire can be endless unpacked, so the caller counts what comes out here. */
function unpacked(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase();
  // A body that ends early is read as far as it came.
  const forgiving = { finishFlush: constants.Z_SYNC_FLUSH };
  const unpack =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip(forgiving)
      : encoding === 'deflate'
        ? createInflate(forgiving)
        : encoding === 'br'
          ? createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH })
          : null;
  if (!unpack) return response;
  response.on('error', (error) => unpack.destroy(error));
  return response.pipe(unpack);
}
