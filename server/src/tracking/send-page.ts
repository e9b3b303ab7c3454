import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Request, Response } from 'express';
import { Html, html } from './html.ts';
import type { ViewerBundle } from './viewer-bundle.ts';

export interface Page {
  status: number;
  title: string;
  body: Html;
  /** Attributes of the body that the script reads; a page without them carries no script. */
  data?: Html;
  /** Forms are posted from here, so the browser has to be able to say where they come from. */
  hasForm?: boolean;
  headers?: Record<string, string>;
}

/** Answers a whole page: style and script within, nothing from elsewhere, kept by nobody on the way. */
export async function sendPage(req: Request, res: Response, bundle: ViewerBundle, page: Page): Promise<void> {
  const { script, style } = bundle;
  const hasScript = page.data !== undefined && script.text !== '';
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>
${raw('style', style.text)}
</head>
<body${page.data}>
${page.body}
${hasScript && raw('script', script.text)}
</body>
</html>
`;
  res.status(page.status).set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      "img-src 'self'",
      "media-src 'self'",
      `style-src ${style.hash}`,
      ...(hasScript ? [`script-src ${script.hash}`, "connect-src 'self'"] : []),
      `form-action ${page.hasForm ? "'self'" : "'none'"}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': page.hasForm ? 'same-origin' : 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'private, no-store',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    Vary: 'Accept-Encoding, Cookie, Sec-GPC, DNT',
    ...page.headers,
  });
  await sendCompressed(req, res, document);
}

/** Answers a part of a page for the script that puts it there; opened by itself it shows nothing that could run. */
export async function sendFragment(req: Request, res: Response, fragment: Html): Promise<void> {
  res.status(200).set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'private, no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Vary: 'Accept-Encoding, Cookie',
  });
  await sendCompressed(req, res, fragment);
}

async function sendCompressed(req: Request, res: Response, { text }: Html): Promise<void> {
  const { bytes, encoding } = await compress(req, text);
  if (encoding) res.set('Content-Encoding', encoding);
  res.set('Content-Length', String(bytes.length));
  // Node leaves the body out where the request is HEAD.
  res.end(bytes);
}

/** Style and script are ours, hashed as they are, and checked not to end their element. */
function raw(element: 'style' | 'script', text: string): Html | undefined {
  return text === ''
    ? undefined
    : new Html(`<${element}${element === 'script' ? ' type="module"' : ''}>${text}</${element}>`);
}

const brotliAsync = promisify(brotliCompress);
const gzipAsync = promisify(gzip);
const brotliOptions = { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } };

async function compress(
  req: Request,
  text: string,
): Promise<{ bytes: Buffer; encoding: string | undefined }> {
  const encoding = req.acceptsEncodings('br', 'gzip') || undefined;
  if (encoding === 'br') return { bytes: await brotliAsync(text, brotliOptions), encoding };
  if (encoding === 'gzip') return { bytes: await gzipAsync(text), encoding };
  return { bytes: Buffer.from(text), encoding: undefined };
}
