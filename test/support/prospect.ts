import type { TestApp, TestClient } from './app.ts';

export const safari =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1';

export interface Prospect {
  client: TestClient;
  address: string;
  headers: Record<string, string>;
}

let serial = 0;

/** Somebody new, at an address of their own, because openings are limited per address. The app trusts one proxy. */
export async function prospect(app: TestApp, headers: Record<string, string> = {}): Promise<Prospect> {
  serial += 1;
  const address = `198.51.${serial}.7`;
  return {
    client: await app.client('anonymous'),
    address,
    headers: {
      'user-agent': safari,
      'accept-language': 'en-GB,en;q=0.9',
      'x-forwarded-for': address,
      ...headers,
    },
  };
}

export function get(
  { client, headers }: Prospect,
  path: string,
  more: Record<string, string> = {},
): Promise<Response> {
  return client.fetch(path, { headers: { ...headers, ...more } });
}

export function post({ client, headers }: Prospect, path: string, body: unknown): Promise<Response> {
  return client.fetch(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'sec-fetch-site': 'same-origin',
      'sec-fetch-dest': 'empty',
      ...headers,
    },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}

/** Fills in a form as a browser without script does; it follows no redirect. */
export function sendForm(
  who: Prospect,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return who.client.fetch(path, {
    method: 'POST',
    redirect: 'manual',
    headers: { ...who.headers, 'content-type': 'application/x-www-form-urlencoded', ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}

export function pageTokenOf(html: string): string | undefined {
  return /data-page-token="([^"]+)"/.exec(html)?.[1];
}

/** Loads the page as a reader does and lets its script begin the visit. */
export async function open(
  who: Prospect,
  token: string,
  visitToken: string | null = null,
  signals: object = {},
): Promise<string> {
  const pageToken = pageTokenOf(await (await get(who, `/s/${token}`)).text());
  const response = await post(who, '/t/visits', { pageToken, visitToken, tabKey: 'tabtab01', signals });
  if (response.status !== 201)
    throw new Error(`The visit was refused with ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { visitToken: string }).visitToken;
}

interface BeatInput {
  pages?: { page: number; activeMs: number }[];
  watched?: [number, number][];
  tabKey?: string;
  number?: number;
  hasTrustedInput?: boolean;
  ageMs?: number;
  signals?: object;
}

/** What the script of a page says where a person holds the device in their hands. */
export const livelySignals = {
  isWebdriver: false,
  hasGeometry: true,
  hasHadFocus: true,
  isActivated: true,
  hasTouch: true,
  inputKinds: 2,
  msToFirstInput: 900,
  hasMadeUpInput: false,
  hasScrolled: true,
  hasTouchedTrap: false,
};

export function beat(who: Prospect, visitToken: string, input: BeatInput = {}): Promise<Response> {
  return post(who, '/t/beats', { visitToken, tabKey: 'tabtab01', pages: [], ...input });
}

/** The raw requests to a share link, in the order of their arrival. */
export function hitsOf({ ctx }: TestApp, shareLinkId: string) {
  return ctx.db
    .selectFrom('linkHit')
    .selectAll()
    .where('shareLinkId', '=', shareLinkId)
    .orderBy('id')
    .execute();
}
