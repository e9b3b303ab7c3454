import { createRobots } from './robots.ts';
import { AddressRefused, type Trust } from './safe-address.ts';
import { askWeb, TooManyRedirects } from './web-request.ts';

export type FetchedPage =
  | { kind: 'page'; url: string; status: number; contentType: string; body: Buffer }
  /** The link may be in order, but there is no page to read behind it; `reason` is a sentence for its owner. */
  | { kind: 'unread'; url: string; status: number | null; contentType: string; reason: string }
  /** It does not open. `isDead` when it will not come back by itself. */
  | { kind: 'broken'; url: string; status: number | null; reason: string; isDead: boolean };

export interface FetchOptions {
  signal?: AbortSignal;
  /** For tests, which have private addresses only. Nothing is trusted otherwise. */
  trusts?: Trust;
  timeoutMs?: number;
}

/** What a context offers of the web; tests bring one that reaches nothing. */
export interface WebReader {
  fetchPage: (address: string, options?: FetchOptions) => Promise<FetchedPage>;
  fetchPicture: (address: string, options?: FetchOptions) => Promise<FetchedPicture | null>;
}

const longestPage = 2_000_000;
const longestPicture = 5_000_000;
const longestAddress = 4000;
const usualTimeoutMs = 10_000;

class ForbiddenByRobots extends Error {}

/** Reads the page behind a web link. Never throws for what the web does, only when the caller's signal ends it. */
export async function fetchPage(address: string, options: FetchOptions = {}): Promise<FetchedPage> {
  const { signal, timeout, rules } = prepare(options);
  const mayRead = createRobots({ ...rules, signal });
  let url = address.slice(0, longestAddress);
  try {
    const answer = await askWeb(url, {
      ...rules,
      signal,
      accept: 'text/html, application/xhtml+xml;q=0.9, */*;q=0.1',
      wants: (contentType) => pageType.test(contentType),
      longestBody: longestPage,
      onAddress: async (next) => {
        url = next.href;
        if (url.length > longestAddress) throw new AddressRefused('The address is too long to be read.');
        if (!(await mayRead(next))) throw new ForbiddenByRobots();
      },
    });
    const { status, contentType, body } = answer;
    return judgeStatus(url, status) ?? describeBody(url, status, contentType, body);
  } catch (error) {
    options.signal?.throwIfAborted();
    return describeFailure(url, error, timeout);
  }
}

export interface FetchedPicture {
  contentType: string;
  bytes: Buffer;
}

/** The picture that a page shows for itself; null when there is none to be had. */
export async function fetchPicture(
  address: string,
  options: FetchOptions = {},
): Promise<FetchedPicture | null> {
  const { signal, rules } = prepare(options);
  const mayRead = createRobots({ ...rules, signal });
  try {
    const { status, contentType, body, isCut } = await askWeb(address.slice(0, longestAddress), {
      ...rules,
      signal,
      accept: 'image/webp, image/png, image/jpeg, image/*;q=0.8',
      wants: (found) => /^\s*image\//i.test(found),
      longestBody: longestPicture,
      onAddress: async (next) => {
        if (!(await mayRead(next))) throw new ForbiddenByRobots();
      },
    });
    if (status !== 200 || !body || isCut || body.length === 0) return null;
    return { contentType: contentType.split(';')[0]?.trim().toLowerCase() ?? '', bytes: body };
  } catch {
    options.signal?.throwIfAborted();
    return null;
  }
}

const pageType = /^\s*(text\/html|application\/xhtml\+xml)\s*(;|$)/i;

function prepare({ signal, trusts = () => false, timeoutMs = usualTimeoutMs }: FetchOptions) {
  const timeout = AbortSignal.timeout(timeoutMs);
  return {
    timeout,
    signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    rules: { trusts },
  };
}

function judgeStatus(url: string, status: number): FetchedPage | undefined {
  const broken = (reason: string, isDead: boolean): FetchedPage => ({
    kind: 'broken',
    url,
    status,
    reason,
    isDead,
  });
  if (status === 404 || status === 410)
    return broken(
      `The page is not there any more (the site answers ${status}). Change the link or retire it.`,
      true,
    );
  if (status === 401 || status === 403 || status === 407 || status === 429 || status === 451)
    return {
      kind: 'unread',
      url,
      status,
      contentType: '',
      reason: `The site shows this page to signed-in people or to browsers only (it answers ${status}), so its text is not read.`,
    };
  if (status >= 500)
    return broken(
      `The site has a fault of its own (it answers ${status}). It may come back by itself.`,
      false,
    );
  if (status < 200 || status >= 300)
    return broken(`The site answers ${status} instead of a page. Open the link to see what is wrong.`, false);
  return undefined;
}

function describeBody(url: string, status: number, contentType: string, body: Buffer | null): FetchedPage {
  if (body) return { kind: 'page', url, status, contentType, body };
  const type = /^\s*([\w.+-]{1,60}\/[\w.+-]{1,60})/.exec(contentType)?.[1];
  const reason = `The link opens ${type ? `a file (${type})` : 'something'} and not a web page, so its text is not read.`;
  return { kind: 'unread', url, status, contentType, reason };
}

/** What the system says, for people; whether it will stay so. */
const failures: [codes: RegExp, reason: (host: string) => string, isDead: boolean][] = [
  [
    /^(ENOTFOUND|ENODATA|ENONAME)$/,
    (host) => `There is no site called ${host}. Check the address, or retire the link.`,
    true,
  ],
  [
    /^EAI_|^ESERVFAIL$|^ETIMEOUT$/,
    (host) => `${host} could not be looked up just now. It is tried again later.`,
    false,
  ],
  [
    /^ECONNREFUSED$/,
    (host) => `${host} takes no connections. The site may be gone; open the link to see.`,
    true,
  ],
  [
    /^(EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/,
    (host) => `${host} can not be reached from here just now.`,
    false,
  ],
  [
    /^(ETIMEDOUT|ERR_SOCKET_CONNECTION_TIMEOUT)$/,
    (host) => `${host} did not answer in time. It may come back by itself.`,
    false,
  ],
  [
    /CERT|SIGNED|SIGNATURE|ISSUER|ALTNAME/,
    (host) =>
      `The certificate of ${host} is not valid, so browsers warn of this link. Tell the owner of the site.`,
    false,
  ],
];

function describeFailure(url: string, error: unknown, timeout: AbortSignal): FetchedPage {
  const unread = (reason: string): FetchedPage => ({
    kind: 'unread',
    url,
    status: null,
    contentType: '',
    reason,
  });
  const broken = (reason: string, isDead: boolean): FetchedPage => ({
    kind: 'broken',
    url,
    status: null,
    reason,
    isDead,
  });
  if (error instanceof AddressRefused) return unread(error.message);
  if (error instanceof ForbiddenByRobots)
    return unread('The site asks programs not to read this page (robots.txt), so only its address is kept.');
  if (error instanceof TooManyRedirects)
    return broken('The link leads from one address to the next without end. Link to the last one.', false);
  const host = URL.parse(url)?.hostname ?? 'The site';
  if (timeout.aborted) return broken(`${host} did not answer in time. It may come back by itself.`, false);
  const code = codeOf(error);
  const known = failures.find(([codes]) => codes.test(code));
  if (known) return broken(known[1](host), known[2]);
  return broken(`${host} broke off the answer. It may come back by itself.`, false);
}

/** Several attempts at once fail with one error around all of theirs. */
function codeOf(error: unknown): string {
  const own = (error as { code?: unknown }).code;
  if (typeof own === 'string') return own;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return first ? codeOf(first) : '';
}
