import type { Config } from '../config.ts';
import { AddressRefused, resolvePublicly } from '../documents/safe-address.ts';
import { postToWeb, type WebAnswer } from '../documents/web-post.ts';
import { Problem } from '../http/problem.ts';

/** Whoever is told gets this long to answer. */
const timeoutMs = 10_000;
const lookUpMs = 3_000;

/** Whether whoever runs the instance named this host, which may then be a private one and without https. */
function trustsIn({ webhookHosts }: Config): (url: URL) => boolean {
  return ({ host, hostname }) => webhookHosts.includes(host) || webhookHosts.includes(hostname);
}

/** An address that other systems are told at: https, or a host that was named. */
function readTarget(config: Config, text: string, pointer: string): URL {
  const url = URL.parse(text);
  const refuse = (detail: string): never => {
    throw new Problem('invalid_request', detail, [{ pointer, detail }]);
  };
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:'))
    return refuse('This is not an address. Write it like https://example.com/hooks.');
  if (url.username !== '' || url.password !== '')
    return refuse(
      'The address holds a user name or a password. What is sent is signed instead; take it out.',
    );
  if (url.protocol === 'http:' && !trustsIn(config)(url))
    return refuse('The address has to begin with https://, so that nobody on the way reads what is sent.');
  return url;
}

/** Refuses at once what is known to be private; the address is looked up again with every connection. */
export async function checkWebhookUrl(config: Config, text: string): Promise<void> {
  const url = readTarget(config, text, '/body/url');
  try {
    await resolvePublicly(url, { signal: AbortSignal.timeout(lookUpMs), trusts: trustsIn(config) });
  } catch (error) {
    if (!(error instanceof AddressRefused)) return;
    const detail = privateWords(url);
    throw new Problem('invalid_request', detail, [{ pointer: '/body/url', detail }]);
  }
}

/** An incoming webhook of Slack, or of a chat that speaks the same and was named. */
export function checkSlackUrl(config: Config, text: string): void {
  const url = readTarget(config, text, '/body/slackUrl');
  if ((url.protocol === 'https:' && url.host === 'hooks.slack.com') || trustsIn(config)(url)) return;
  const detail =
    'This is not an incoming webhook of Slack. Its address begins with https://hooks.slack.com/services/.';
  throw new Problem('invalid_request', detail, [{ pointer: '/body/slackUrl', detail }]);
}

function privateWords({ hostname }: URL): string {
  return `${hostname} lies in a private network, and nothing is sent there. Whoever runs this instance can name it in WEBHOOK_HOSTS.`;
}

export type Sent = { isTaken: boolean; status: number | null; excerpt: string; fault: string | null };

/** Never throws: what went wrong is part of the answer. Redirects are not followed. */
export async function send(
  config: Config,
  address: string,
  body: string,
  headers: Record<string, string>,
): Promise<Sent> {
  const failed = (fault: string): Sent => ({ isTaken: false, status: null, excerpt: '', fault });
  const url = URL.parse(address);
  const trusts = trustsIn(config);
  if (!url || (url.protocol !== 'https:' && !trusts(url)))
    return failed('The address does not begin with https://.');
  try {
    return judge(await postToWeb(url, { body, headers, trusts, timeoutMs, longestAnswer: 1_000 }));
  } catch (error) {
    if (error instanceof AddressRefused) return failed(privateWords(url));
    const { name, code } = error as { name?: string; code?: string };
    if (name === 'TimeoutError' || name === 'AbortError')
      return failed(`It did not answer within ${(timeoutMs / 1_000).toString()} seconds.`);
    return failed(`The connection failed (${code ?? 'no reason given'}).`);
  }
}

function judge({ status, text }: WebAnswer): Sent {
  const isTaken = status >= 200 && status < 300;
  const fault = isTaken
    ? null
    : status >= 300 && status < 400
      ? `It answered ${status.toString()}, which leads elsewhere. Redirects are not followed; use the final address.`
      : `It answered ${status.toString()}.`;
  return { isTaken, status, excerpt: text, fault };
}
