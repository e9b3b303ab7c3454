import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { resolvePublicly, type Trust } from './safe-address.ts';
import { answerWith } from './web-request.ts';

export interface WebPost {
  body: string;
  headers: Record<string, string>;
  trusts: Trust;
  /** For everything: looking up, connecting, sending and reading. */
  timeoutMs: number;
  /** In bytes; what is longer is not read to its end. */
  longestAnswer: number;
}

export interface WebAnswer {
  status: number;
  text: string;
}

/** Sends a body to a public address, once: redirects are answered and not followed. */
export async function postToWeb(url: URL, post: WebPost): Promise<WebAnswer> {
  const signal = AbortSignal.timeout(post.timeoutMs);
  const vetted = await resolvePublicly(url, { signal, trusts: post.trusts });
  const isSecure = url.protocol === 'https:';
  // An agent of its own, so that neither a proxy of the environment nor an open connection stands in between.
  const agent = isSecure ? new HttpsAgent({ keepAlive: false }) : new HttpAgent({ keepAlive: false });
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const request = (isSecure ? requestHttps : requestHttp)(
    url,
    {
      agent,
      signal,
      method: 'POST',
      lookup: answerWith(vetted),
      headers: {
        'user-agent': 'Offshelf (webhooks)',
        'content-length': Buffer.byteLength(post.body).toString(),
        connection: 'close',
        ...post.headers,
      },
    },
    resolve,
  );
  request.on('error', reject);
  request.end(post.body);
  try {
    const response = await promise;
    try {
      return { status: response.statusCode ?? 0, text: await readStart(response, post.longestAnswer) };
    } finally {
      response.destroy();
    }
  } catch (error) {
    // The request says that it was aborted, and the signal why.
    throw signal.aborted ? signal.reason : error;
  }
}

async function readStart(response: IncomingMessage, longest: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= longest) break;
  }
  const text = Buffer.concat(chunks).subarray(0, longest).toString('utf8');
  // PostgreSQL keeps no zero bytes.
  return text.replaceAll('\0', '').replace(/�+$/, '');
}
