import type { IncomingMessage } from 'node:http';
import type { Config } from '../config.ts';

/**
 * Says which requests come to the host of share links, where they have one of their own; undefined where everything
 * has the same host. Only the header `Host` counts: no page can change it, while anybody can send `X-Forwarded-Host`.
 */
export function findShareHost({
  publicUrl,
  shareUrl,
}: Pick<Config, 'publicUrl' | 'shareUrl'>): ((req: IncomingMessage) => boolean) | undefined {
  const shareHost = new URL(shareUrl).host;
  if (shareHost === new URL(publicUrl).host) return undefined;
  return ({ headers }) => normalize(headers.host) === shareHost;
}

/** A browser takes a name with a dot at its end, and the port that goes without saying, for another origin. */
function normalize(host = ''): string {
  const url = `http://${host.trim()}`;
  if (!URL.canParse(url)) return '';
  const { hostname, port } = new URL(url);
  const name = hostname.replace(/\.$/, '');
  return port === '' || port === '443' ? name : `${name}:${port}`;
}
