import { request } from 'node:http';
import { networkOf } from '../../server/src/http/client-address.ts';
import { requestFacts } from '../../server/src/judging/contract.ts';
import { listVisitFacts } from '../../server/src/judging/fact-queries.ts';
import { factsOf } from '../../server/src/judging/judge-visits.ts';
import { factsOfRequest, ruleVersion, type VisitFacts } from '../../server/src/judging/rules.ts';
import { judgeVisits } from '../../server/src/judging/service.ts';
import { signPageToken } from '../../server/src/tracking/token.ts';
import type { TestApp } from '../support/app.ts';
import { pageTokenOf } from '../support/prospect.ts';
import type { Actor, Situation, Step } from './situation.ts';

/** What one of those who came was judged to be, visit by visit, and by which facts. */
export interface Verdict {
  situation: string;
  who: string;
  actor: Actor;
  facts: VisitFacts[];
  judged: string[];
}

interface Visitor {
  actor: Actor;
  address: string;
  cookies: Map<string, string>;
  pageTokens: Map<number, string>;
  visitTokens: Map<number, string>;
}

let networkCount = 0;

/** Plays the situations one after the other against the running app, in its time. */
export async function replay(app: TestApp, situations: readonly Situation[]): Promise<Verdict[]> {
  const asset = await app.make.asset();
  await app.make.rendition({ assetVersionId: asset.versionId, pages: Array.from({ length: 12 }, () => 120) });
  const verdicts: Verdict[] = [];
  for (const situation of situations) verdicts.push(...(await replayOne(app, asset, situation)));
  return verdicts;
}

async function replayOne(
  app: TestApp,
  asset: { id: string; versionId: string },
  situation: Situation,
): Promise<Verdict[]> {
  const sender = await app.make.user();
  const began = app.ctx.clock().getTime();
  const { madeSecondsBefore = 7_200, mailedSecondsBefore, hasPasscode } = situation.link ?? {};
  const links: Awaited<ReturnType<typeof app.make.shareLink>>[] = [];
  for (let count = situation.linkCount ?? 1; count > 0; count--)
    links.push(
      await app.make.shareLink({
        assetId: asset.id,
        createdByUserId: sender.id,
        createdAt: new Date(began - madeSecondsBefore * 1_000),
        mailedAt: mailedSecondsBefore === undefined ? null : new Date(began - mailedSecondsBefore * 1_000),
        passcodeHash: hasPasscode ? 'typed long ago' : null,
      }),
    );
  const linkOf = ({ link = 0 }: Pick<Step, 'link'>) => {
    const made = links[link];
    if (!made) throw new Error(`${situation.name}: there is no share link ${link.toString()}.`);
    return made;
  };
  const visitors = await seat(app, situation, sender.id);
  const visitorOf = ({ who }: Step) => {
    const visitor = visitors.get(who);
    if (!visitor) throw new Error(`${situation.name}: nobody is called ${who}.`);
    return visitor;
  };

  for (const step of situation.steps) {
    app.travel(Math.max(0, began + step.at * 1_000 - app.ctx.clock().getTime()));
    await play(app, visitorOf(step), linkOf(step), step, asset.versionId);
  }
  const noted = situation.steps.filter(({ does }) => ['get', 'head', 'trap'].includes(does)).length;
  const linkIds = links.map(({ id }) => id);
  await settle(app, linkIds, noted, situation);
  return Promise.all([...visitors].map(([who, visitor]) => judgeOne(app, situation, who, visitor, linkIds)));
}

/** Gives everybody an address; those of one network share it. */
async function seat(app: TestApp, { actors }: Situation, senderId: string): Promise<Map<string, Visitor>> {
  const addresses = new Map<string, string>();
  const visitors = new Map<string, Visitor>();
  for (const [who, actor] of Object.entries(actors)) {
    const network = actor.network ?? who;
    if (!addresses.has(network)) {
      networkCount += 1;
      addresses.set(network, `23.${(networkCount >> 8).toString()}.${(networkCount & 255).toString()}.9`);
    }
    const cookies = new Map<string, string>();
    if (actor.isSignedIn) {
      const [name = '', value = ''] = (await app.make.sessionCookie(senderId)).split('=', 2);
      cookies.set(name, value);
    }
    visitors.set(who, {
      actor,
      address: addresses.get(network) ?? '',
      cookies,
      pageTokens: new Map(),
      visitTokens: new Map(),
    });
  }
  return visitors;
}

async function play(
  app: TestApp,
  visitor: Visitor,
  link: { id: string; token: string },
  step: Step,
  assetVersionId: string,
): Promise<void> {
  const at = step.link ?? 0;
  const path = `/s/${link.token}`;
  const { does, signals = {}, guest } = step;
  if (does === 'get' || does === 'head') {
    const page = await send(app, visitor, does.toUpperCase(), path, step.headers);
    const pageToken = pageTokenOf(page.body);
    if (pageToken) visitor.pageTokens.set(at, pageToken);
  } else if (does === 'trap') await send(app, visitor, 'GET', `${path}/trap`);
  else if (does === 'begin') {
    const pageToken = guest
      ? signPageToken(app.ctx.instanceKey, {
          shareLinkId: link.id,
          assetVersionId,
          issuedAt: app.ctx.clock().getTime(),
          guest: { name: null, ...guest },
        })
      : visitor.pageTokens.get(at);
    const answer = await post(app, visitor, '/t/visits', { pageToken, visitToken: null, tabKey, signals });
    visitor.visitTokens.set(at, (JSON.parse(answer.body) as { visitToken: string }).visitToken);
  } else if (does === 'read') {
    const pages = (step.seconds ?? []).map((seconds, index) => ({
      page: index + 1,
      activeMs: Math.round(seconds * 1_000),
    }));
    const visitToken = visitor.visitTokens.get(at);
    const { hasInput: hasTrustedInput = false } = step;
    await post(app, visitor, '/t/beats', { visitToken, tabKey, pages, hasTrustedInput, signals });
  } else await post(app, visitor, '/t/downloads', { visitToken: visitor.visitTokens.get(at) });
}

const tabKey = 'corpustab01';
const script = { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' };
const navigation = {
  'sec-fetch-site': 'none',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-user': '?1',
};

async function post(app: TestApp, visitor: Visitor, path: string, body: unknown) {
  const answer = await send(
    app,
    visitor,
    'POST',
    path,
    { 'content-type': 'application/json' },
    JSON.stringify(body),
  );
  if (answer.status >= 300) throw new Error(`${path} answered ${answer.status.toString()}: ${answer.body}`);
  return answer;
}

function send(
  app: TestApp,
  { actor, address, cookies }: Visitor,
  method: string,
  path: string,
  more: Record<string, string> = {},
  body?: string,
): Promise<{ status: number; body: string }> {
  const all = {
    ...headersOf(actor, method === 'POST'),
    ...more,
    ...actor.headers,
    'x-forwarded-for': address,
    ...(method === 'POST' && { origin: app.ctx.config.shareUrl }),
    ...(cookies.size > 0 && { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') }),
  };
  const headers = Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== ''),
  );
  return new Promise((resolve, reject) => {
    const outgoing = request(`${app.url}${path}`, { method, headers }, (response) => {
      for (const cookie of response.headers['set-cookie'] ?? []) {
        const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split('=', 2);
        if (!actor.isForgetful) cookies.set(name, value);
      }
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

/** What a browser of this family sends to a secure origin; a program sends its name. */
function headersOf({ agent }: Actor, isScript: boolean): Record<string, string> {
  const { userAgent, family } = agent;
  if (family === 'program') return { 'user-agent': userAgent };
  const safari = Number(/\bVersion\/(\d+)/.exec(userAgent)?.[1] ?? 18);
  const chromium = /\bChrome\/(\d+)/.exec(userAgent)?.[1] ?? '';
  return {
    'user-agent': userAgent,
    'accept-language': 'en-GB,en;q=0.9',
    // Compressed pages would have to be opened to find the token in them.
    'accept-encoding': 'gzip;q=0, br;q=0, identity',
    ...((family !== 'safari' || safari > 16) && (isScript ? script : navigation)),
    ...(family === 'chromium' && {
      'sec-ch-ua': `"Chromium";v="${chromium}", "Not_A Brand";v="99"`,
      'sec-ch-ua-platform': `"${platformOf(userAgent)}"`,
    }),
  };
}

function platformOf(userAgent: string): string {
  if (userAgent.includes('Windows')) return 'Windows';
  if (userAgent.includes('Android')) return 'Android';
  if (userAgent.includes('CrOS')) return 'Chrome OS';
  return userAgent.includes('Macintosh') ? 'macOS' : 'Linux';
}

/** Waits until everything that was told has reached the database. */
async function settle(app: TestApp, linkIds: string[], hitCount: number, { name, steps }: Situation) {
  const reads = steps.filter(({ does }) => does === 'read');
  const end = Date.now() + 15_000;
  for (;;) {
    const { db } = app.ctx;
    const hits = await db.selectFrom('linkHit').where('shareLinkId', 'in', linkIds).select('id').execute();
    const told = await db
      .selectFrom('visit')
      .innerJoin('pageView', 'pageView.visitId', 'visit.id')
      .where('shareLinkId', 'in', linkIds)
      .groupBy('visit.id')
      .select('visit.id')
      .execute();
    if (
      hits.length >= hitCount &&
      told.length >= new Set(reads.map(({ who, at }) => `${who} ${at.toString()}`)).size
    )
      return;
    if (Date.now() > end)
      throw new Error(
        `${name}: ${hits.length.toString()} of ${hitCount.toString()} requests and ${told.length.toString()} of ${reads.length.toString()} visits arrived.`,
      );
    await new Promise((done) => setTimeout(done, 15));
  }
}

async function judgeOne(
  { ctx }: TestApp,
  { name: situation }: Situation,
  who: string,
  { actor, address }: Visitor,
  linkIds: string[],
): Promise<Verdict> {
  const { db } = ctx;
  const network = networkOf(address);
  const ofThem = { userAgent: actor.agent.userAgent, network };
  const visits = await db
    .selectFrom('visit')
    .where('shareLinkId', 'in', linkIds)
    .where('userAgent', '=', ofThem.userAgent)
    .where('network', '=', ofThem.network)
    .orderBy('startedAt')
    .select('id')
    .execute();
  if (visits.length === 0) {
    const hits = await db
      .selectFrom('linkHit')
      .where('shareLinkId', 'in', linkIds)
      .where('userAgent', '=', ofThem.userAgent)
      .where('network', '=', ofThem.network)
      .select(['userAgent', 'facts'])
      .execute();
    const facts = hits.map((hit) => factsOfRequest(hit.userAgent, requestFacts.parse(hit.facts)));
    return { situation, who, actor, facts: facts.slice(0, 1), judged: [] };
  }
  const ids = visits.map(({ id }) => id);
  await judgeVisits(db, ctx.clock(), ids);
  const rows = await listVisitFacts(db, ids, ruleVersion);
  const current = await db
    .selectFrom('currentJudgement')
    .where('visitId', 'in', ids)
    .select(['visitId', 'class'])
    .execute();
  return {
    situation,
    who,
    actor,
    facts: ids.flatMap((id) => rows.filter((row) => row.id === id).map(factsOf)),
    judged: ids.map((id) => current.find(({ visitId }) => visitId === id)?.class ?? 'not judged'),
  };
}
