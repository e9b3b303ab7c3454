import type { IncomingHttpHeaders } from 'node:http';
import type { RequestFacts } from './contract.ts';

interface IncomingFacts {
  method?: string | undefined;
  headers: IncomingHttpHeaders;
}

/**
 * What the headers of a request say of who sent it. Browsers send `Sec-Fetch-*` and client hints to secure origins only,
 * so their absence says something only where the visitor sees `https:`.
 * See https://www.w3.org/TR/fetch-metadata/ and https://wicg.github.io/ua-client-hints/.
 */
export function requestFactsOf({ method = 'GET', headers }: IncomingFacts, isSecure: boolean): RequestFacts {
  return {
    purpose: purposeOf(headers),
    method: method === 'GET' || method === 'HEAD' || method === 'POST' ? method : 'OTHER',
    fetchMetadata: fetchMetadataOf(headers, isSecure),
    clientHints: clientHintsOf(headers, isSecure),
    hasLanguage: textOf(headers['accept-language']) !== '',
    takesCompressed: /gzip|br|zstd/.test(textOf(headers['accept-encoding'])),
  };
}

function textOf(value: string | string[] | undefined): string {
  return typeof value === 'string' ? value : (value?.join(', ') ?? '');
}

/** `Sec-Purpose: prefetch;prerender` of browsers, `Purpose` and `X-Purpose` of older ones, `X-Moz` of old Firefox. */
function purposeOf(headers: IncomingHttpHeaders): RequestFacts['purpose'] {
  const said = textOf(
    headers['sec-purpose'] ?? headers.purpose ?? headers['x-purpose'] ?? headers['x-moz'],
  ).toLowerCase();
  if (said.includes('prerender')) return 'prerender';
  if (said.includes('prefetch')) return 'prefetch';
  return said.includes('preview') ? 'preview' : 'view';
}

function fetchMetadataOf(headers: IncomingHttpHeaders, isSecure: boolean): RequestFacts['fetchMetadata'] {
  const site = textOf(headers['sec-fetch-site']);
  const mode = textOf(headers['sec-fetch-mode']);
  const dest = textOf(headers['sec-fetch-dest']);
  if (site === '' && mode === '' && dest === '')
    return isSecure && sendsFetchMetadata(textOf(headers['user-agent'])) ? 'missing' : 'absent';
  // A browser sends the three together.
  if (site === '' || mode === '' || dest === '') return 'contradictory';
  if (mode === 'navigate' || dest === 'document')
    return mode === 'navigate' && /^(document|iframe|frame|embed|object|empty)$/.test(dest)
      ? 'navigation'
      : 'contradictory';
  // Only a navigation has a user who started it.
  if (headers['sec-fetch-user'] !== undefined) return 'contradictory';
  return site === 'same-origin' && dest === 'empty' ? 'script' : 'other';
}

/** Chrome since 80, Firefox since 90, Safari since 16.4 send them. */
function sendsFetchMetadata(userAgent: string): boolean {
  const chrome = /\bChrome\/(\d+)/.exec(userAgent)?.[1];
  if (chrome !== undefined) return Number(chrome) >= 80;
  const firefox = /\bFirefox\/(\d+)/.exec(userAgent)?.[1];
  if (firefox !== undefined) return Number(firefox) >= 90;
  const safari = /\bVersion\/(\d+)(?:\.(\d+))?.*\bSafari\//.exec(userAgent);
  return safari !== null && Number(safari[1]) + Number(safari[2] ?? 0) / 100 >= 16.04;
}

function clientHintsOf(headers: IncomingHttpHeaders, isSecure: boolean): RequestFacts['clientHints'] {
  const userAgent = textOf(headers['user-agent']);
  const brands = textOf(headers['sec-ch-ua']);
  const claimed = /\bChrome\/(\d+)/.exec(userAgent)?.[1];
  if (brands === '') {
    // A WebView and other browsers on the same engine may send none; Chrome itself does since 89.
    const isChrome = claimed !== undefined && Number(claimed) >= 89 && !/; wv\)/.test(userAgent);
    return isSecure && isChrome ? 'missing' : 'absent';
  }
  const engine = /"(?:Chromium|Google Chrome|Microsoft Edge)";\s*v="(\d+)/.exec(brands)?.[1];
  if (claimed === undefined || (engine !== undefined && engine !== claimed)) return 'disagree';
  if (/Headless/.test(brands) !== /Headless/.test(userAgent)) return 'disagree';
  return systemAgrees(textOf(headers['sec-ch-ua-platform']).replaceAll('"', ''), userAgent)
    ? 'agree'
    : 'disagree';
}

const systems: [RegExp, RegExp][] = [
  [/^Windows$/, /Windows NT/],
  [/^macOS$/, /Macintosh/],
  [/^Android$/, /Android/],
  [/^(Chrome OS|ChromeOS|Chromium OS)$/, /CrOS/],
  [/^Linux$/, /Linux|X11/],
];

/** A tablet that asks for the page of a computer says Linux in its user agent and Android in its hints. */
function systemAgrees(platform: string, userAgent: string): boolean {
  const known = systems.find(([name]) => name.test(platform));
  if (!known) return true;
  return known[1].test(userAgent) || (platform === 'Android' && /X11; Linux/.test(userAgent));
}
