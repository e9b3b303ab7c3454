import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from '../context.ts';
import { type OpenedShareLink, openShareLink } from '../shares/service.ts';
import type { HitRecorder } from '../tracking/hits.ts';
import { type PageGrant, readPageToken, signPageToken } from '../tracking/token.ts';
import { acceptedEncoding, compress, type Encoding } from './compress.ts';
import { createKept } from './kept.ts';
import { isForAnybody } from './open-graph.ts';

/** A whole page as it was sent to somebody. */
export interface SentPage {
  headers: Record<string, string>;
  text: string;
  encoding: Encoding;
  bytes: Buffer;
}

export interface PageCache {
  /** Answers a page that is the same for everybody from memory, in front of Express; whether it could. */
  answer(req: IncomingMessage, res: ServerResponse): boolean;
  /** Called before a page is made; what it answers is called with the page, and keeps it if it may be kept. */
  prepare(req: IncomingMessage, token: string): ((page: SentPage) => Promise<void>) | undefined;
}

interface KeptPage {
  startsAt: number;
  expiresAt: number;
  madeAt: number;
  headers: [string, string][];
  /** The document without its page token, which stood between. */
  before: string;
  after: string;
  grant: PageGrant;
  bodies: Map<Encoding, Buffer>;
  textBytes: number;
  renewal: Promise<void> | undefined;
}

const renewTokenMs = 60_000;
/** What is shown and has no trigger that tells of its change is at most this old, such as the name of an account. */
const mostAgeMs = 5 * 60_000;
const defaultMostBytes = 64 * 1_048_576;

export function createPageCache(ctx: Context, hits: HitRecorder, mostBytes = defaultMostBytes): PageCache {
  const { clock, listener, instanceKey } = ctx;
  const pages = createKept<KeptPage>(mostBytes, sizeOf);
  let changeCount = 0;

  listener.on('share_changed', (changed) => {
    changeCount += 1;
    if (isSettingKey(changed)) pages.clear();
    else pages.forgetDependents(changed);
  });
  listener.onGap(() => {
    changeCount += 1;
    pages.clear();
  });

  function find(token: string): KeptPage | undefined {
    const page = pages.get(token);
    if (!page) return undefined;
    const now = clock().getTime();
    const isOpen = page.startsAt <= now && now < page.expiresAt;
    // A change that was not heard of within a second is asked for: Express makes the page anew.
    return isOpen && now - page.madeAt <= mostAgeMs && listener.isCurrent() ? page : undefined;
  }

  async function send(req: IncomingMessage, res: ServerResponse, token: string, page: KeptPage) {
    const encoding = acceptedEncoding(req.headers['accept-encoding']);
    const noted = hits.record(req, page.grant.shareLinkId, 200);
    if (isTokenOld(page)) page.renewal ??= renew(token, page);
    await page.renewal;
    const body = page.bodies.get(encoding) ?? (await pack(token, page, encoding));
    await noted;
    const headers = ['X-Request-Id', randomUUID()];
    for (const [name, value] of page.headers) headers.push(name, value);
    if (encoding !== 'identity') headers.push('Content-Encoding', encoding);
    headers.push('Content-Length', String(body.length));
    // Node leaves the body out where the request is HEAD.
    res.writeHead(200, headers).end(body);
  }

  function isTokenOld({ grant }: KeptPage): boolean {
    const age = clock().getTime() - grant.issuedAt;
    return age > renewTokenMs || age < 0;
  }

  async function renew(token: string, page: KeptPage): Promise<void> {
    const grant = { ...page.grant, issuedAt: clock().getTime() };
    const text = textOf(page, grant);
    const encodings = [...page.bodies.keys()];
    const bodies = await Promise.all(encodings.map((encoding) => compress(text, encoding)));
    page.grant = grant;
    page.bodies = new Map(encodings.map((encoding, index) => [encoding, bodies[index] as Buffer]));
    page.renewal = undefined;
    pages.measure(token);
  }

  function textOf({ before, after }: KeptPage, grant: PageGrant): string {
    return before + signPageToken(instanceKey, grant) + after;
  }

  async function pack(token: string, page: KeptPage, encoding: Encoding): Promise<Buffer> {
    const { grant } = page;
    const body = await compress(textOf(page, grant), encoding);
    // It may have been thrown out, renewed or packed by another request meanwhile.
    if (pages.get(token) === page && page.grant === grant && !page.bodies.has(encoding)) {
      page.bodies.set(encoding, body);
      pages.measure(token);
    }
    return body;
  }

  return {
    answer(req, res) {
      const token = plainTokenOf(req);
      const page = token === undefined ? undefined : find(token);
      if (token === undefined || page === undefined) return false;
      send(req, res, token, page).catch((err: unknown) => {
        ctx.log.error({ event: 'kept_page_failed', err });
        pages.forget(token);
        res.destroy();
      });
      return true;
    },
    prepare(req, token) {
      // Asking keeps the proof going, so that the next reader finds it.
      if (!listener.isCurrent() || !isPlain(req.headers)) return undefined;
      const changesBefore = changeCount;
      const madeAt = clock().getTime();
      return async ({ headers, text, encoding, bytes: body }) => {
        const [, pageToken] = / data-page-token="([^"]+)"/.exec(text) ?? [];
        const grant = pageToken && readPageToken(instanceKey, pageToken, madeAt);
        if (!grant || typeof grant === 'string' || grant.guest !== null) return;
        const opened = await openShareLink(ctx, token);
        // What changed in the meantime may be in the page or not.
        if (changeCount !== changesBefore || !isSameForEverybody(opened)) return;
        const [before = '', after = '', ...more] = text.split(pageToken);
        if (more.length > 0) return;
        const page: KeptPage = {
          startsAt: opened.startsAt?.getTime() ?? Number.NEGATIVE_INFINITY,
          expiresAt: opened.expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
          madeAt,
          headers: Object.entries(headers),
          before,
          after,
          grant,
          bodies: new Map([[encoding, body]]),
          textBytes: text.length,
          renewal: undefined,
        };
        pages.keep(token, page, dependenciesOf(opened));
      };
    },
  };
}

type OpenAsset = Extract<OpenedShareLink, { assetId: string }>;

/** Whether what an open share link shows to whoever says nothing of themselves depends on nothing but the link. */
function isSameForEverybody(opened: OpenedShareLink): opened is OpenAsset {
  return (
    opened.state === 'active' && opened.roomId === null && isForAnybody(opened) && opened.threat === null
  );
}

/** A reader who asks for privacy, or whom a cookie of this link makes known, may be shown something else. */
function isPlain(headers: IncomingHttpHeaders): boolean {
  return !asksForPrivacy(headers) && !(headers.cookie?.includes('offshelf_') ?? false);
}

/** Whatever the instance makes of these headers. */
export function asksForPrivacy(headers: IncomingHttpHeaders): boolean {
  return headers['sec-gpc'] === '1' || headers.dnt === '1';
}

function plainTokenOf({ method, url = '', headers }: IncomingMessage): string | undefined {
  if (!url.startsWith('/s/') || (method !== 'GET' && method !== 'HEAD')) return undefined;
  const [, token, query] = /^\/s\/([\w-]{20,64})(\?.*)?$/.exec(url) ?? [];
  // Any spelling of what counts goes to where queries are read; what mailings add to an address changes nothing.
  if (query !== undefined && /private|colleague|%/i.test(query)) return undefined;
  return isPlain(headers) ? token : undefined;
}

function dependenciesOf(opened: OpenAsset): string[] {
  const { shareLinkId, recipientId, senderUserId, assetId, versionId, blobHash, mediaType } = opened;
  const ids = [shareLinkId, recipientId, senderUserId, assetId];
  // A rendition tells the key of its source: the file as this type, or the version of a web link.
  return blobHash === null ? [...ids, versionId] : [...ids, blobHash, `${blobHash} ${mediaType}`];
}

/** Everything else that is told is an id or a hash. */
function isSettingKey(changed: string): boolean {
  return /^[a-z]+[A-Z]?[A-Za-z]*$/.test(changed);
}

function sizeOf({ textBytes, bodies }: KeptPage): number {
  let total = 1_024 + 2 * textBytes;
  for (const body of bodies.values()) total += body.length;
  return total;
}
