import type { IncomingMessage, ServerResponse } from 'node:http';

const smallBytes = 1_048_576;
const smallMs = 30_000;
const largeMs = 5 * 60_000;
/** An upload may take hours, but not stand still. */
const stalledMs = 2 * 60_000;

/**
 * Ends connections on which a body does not arrive, so that nobody holds them by sending slowly. The server's own
 * limit knows no difference between a form and an upload of many gigabytes, hence this one.
 */
export function limitBodyTime(req: IncomingMessage, res: ServerResponse): void {
  const { 'content-length': length, 'transfer-encoding': encoding, 'content-type': type } = req.headers;
  if (encoding === undefined && (length === undefined || length === '0')) return;
  const cut = () => {
    if (!req.complete) req.socket.destroy();
  };
  const cutAfter = (milliseconds: number) => {
    if (req.complete) return;
    const timer = setTimeout(cut, milliseconds).unref();
    req.once('close', () => clearTimeout(timer));
  };
  if (
    /^(multipart\/form-data|application\/octet-stream|text\/csv)/.test(type ?? '') &&
    req.url?.startsWith('/api/')
  ) {
    req.setTimeout(stalledMs, cut);
    // What is still sent after the answer is read and dropped for a while, so that the answer can be received.
    res.once('finish', () => cutAfter(smallMs));
  } else cutAfter(Number(length ?? 0) > smallBytes ? largeMs : smallMs);
}
