import type { Request, Response } from 'express';
import { acceptedEncoding, compress, type Encoding } from './compress.ts';
import { Html, html } from './html.ts';
import type { BundleName, ViewerBundle, ViewerBundles } from './viewer-bundle.ts';

export interface Page {
  status: number;
  title: string;
  body: Html;
  /** What others may show of the page, such as its title and a picture. */
  head?: Html;
  /** Attributes of the body that the script reads; a page without them carries no script. */
  data?: Html;
  /** Which style and script it has; else those of documents. */
  bundle?: BundleName;
  /** Forms are posted from here, so the browser has to be able to say where they come from. */
  hasForm?: boolean;
  headers?: Record<string, string>;
}

/** Answers a whole page: style and script within, nothing from elsewhere, kept by nobody on the way. */
export async function sendPage(req: Request, res: Response, bundles: ViewerBundles, page: Page) {
  const bundle = bundles[page.bundle ?? 'viewer'];
  const headers = headersOf(bundle, page);
  const { text } = renderDocument(bundle, page);
  res.status(page.status).set(headers);
  return { headers, text, ...(await sendCompressed(req, res, text)) };
}

function carriesScript({ script }: ViewerBundle, { data }: Page): boolean {
  return data !== undefined && script.text !== '';
}

function renderDocument(bundle: ViewerBundle, page: Page): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="color-scheme" content="light dark">
<title>${page.title}</title>${page.head}
${raw('style', bundle.style.text)}
</head>
<body${page.data}>
${page.body}
${carriesScript(bundle, page) && raw('script', bundle.script.text)}
</body>
</html>
`;
}

function headersOf(bundle: ViewerBundle, page: Page): Record<string, string> {
  const { script, style } = bundle;
  return {
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': [
      "default-src 'none'",
      "img-src 'self'",
      "media-src 'self'",
      `style-src ${style.hash}`,
      ...(carriesScript(bundle, page) ? [`script-src ${script.hash}`, "connect-src 'self'"] : []),
      `form-action ${page.hasForm ? "'self'" : "'none'"}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': page.hasForm ? 'same-origin' : 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'private, no-store',
    'Permissions-Policy': 'camera=(), microphone=(), geolocation=()',
    'Cross-Origin-Opener-Policy': 'same-origin',
    Vary: 'Accept-Encoding, Cookie, Sec-GPC, DNT',
    ...page.headers,
  };
}

/**
 * Answers a part of a page for the script that puts it there; opened by itself it shows nothing that could run. It is
 * asked for again each time, but not forbidden to be kept: that would take the page its place in the back/forward cache.
 */
export async function sendFragment(req: Request, res: Response, fragment: Html): Promise<void> {
  res.status(200).set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Security-Policy': "default-src 'none'; sandbox; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Robots-Tag': 'noindex, nofollow',
    'Cache-Control': 'private, no-cache',
    'Cross-Origin-Resource-Policy': 'same-origin',
    Vary: 'Accept-Encoding, Cookie',
  });
  await sendCompressed(req, res, fragment.text);
}

async function sendCompressed(
  req: Request,
  res: Response,
  text: string,
): Promise<{ encoding: Encoding; bytes: Buffer }> {
  const encoding = acceptedEncoding(req.headers['accept-encoding']);
  const bytes = await compress(text, encoding);
  if (encoding !== 'identity') res.set('Content-Encoding', encoding);
  res.set('Content-Length', String(bytes.length));
  // Node leaves the body out where the request is HEAD.
  res.end(bytes);
  return { encoding, bytes };
}

/** Style and script are ours, hashed as they are, and checked not to end their element. */
function raw(element: 'style' | 'script', text: string): Html | undefined {
  return text === ''
    ? undefined
    : new Html(`<${element}${element === 'script' ? ' type="module"' : ''}>${text}</${element}>`);
}
