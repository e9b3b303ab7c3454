import crawlers from 'crawler-user-agents';
import { isbot } from 'isbot';

/** What says of itself that it is a program, by what it is there for. */
export type DeclaredKind = 'preview' | 'agent' | 'scanner' | 'bot';

/** Makes the card below a message, a post or a document; people send the share link on through it. */
const previews =
  /slack|facebookexternalhit|facebot|meta-?external(hit|fetcher)|whatsapp|twitterbot|linkedinbot|discordbot|telegrambot|skypeuripreview|microsoftpreview|bingpreview|pinterest|redditbot|iframely|embedly|viber|mastodon|vkshare|vkrobot|flipboard|snap ?url ?preview|keybasebot|summalybot|bluesky|unfurl|link-?preview|url-?preview|web preview|mattermost|notion\/|chatwork|dingtalk|groupmebot|evernoterichlink|metatagfetcher|discourse forum onebox|opengraph|tumblr|github-camo|googleimageproxy|yahoomailproxy|yahoo link preview|shortwave|trello|asana|zoomlinkpreview|applebot-linkpreview|line-?poker/i;

/** Reads for an AI service or acts for somebody through one. */
const agents =
  /gptbot|chatgpt|oai-searchbot|openai|claude|anthropic|perplexity|google-?(extended|notebooklm|agent|cloudvertexbot|gemini)|googleagent|gemini-deep-research|bytespider|ccbot|mistralai|cohere|duckassist|meta-externalagent|amzn-(user|searchbot)|amazonbuyforme|bedrock-agentcore|manus-user|devin|opencode|firecrawl|tavily|linkupbot|phindbot|kagi-fetcher|deepseek|chatglm|crawl4ai|ai2bot|iaskbot|linerbot|azureai|cloudflare-autorag|atlassian-bot|twinagent|anchor browser|trae\/|\bcode\/1\./i;

/** Looks for what is dangerous in links. Most of them pretend to be a browser; these say who they are. */
const scanners =
  /barracuda|proofpoint|mimecast|twinwave|ironport|ciscosecure|cisco-?umbrella|fortimail|fortinet|fortiguard|sophos|trend ?micro|\btmes\b|zscaler|symantec|messagelabs|forcepoint|websense|virustotal|urlscan|bitsight|netcraft|censys|expanse|palo ?alto|checkpoint|vade ?secure|hornetsecurity|avanan|abnormal ?security|ms-?office|microsoft office|safelinks|google-safety|nessus|nikto|sqlmap|zgrab|masscan|nmap|securityscan|url ?scanner/i;

/** What Office and gateways call themselves when they ask for a link; no list of crawlers has them. */
const gateways = /barracuda|proofpoint|mimecast|safelinks|ms-?office|^microsoft office\//i;

/** Of these the list names a single telephone or app in which people read; only its very words count. */
const tooWide = new Set(['AP3A\\.240617\\.008', 'MetaIAB Facebook']);

const crawlerPatterns = new RegExp(
  crawlers
    .map(({ pattern }) => pattern)
    .filter((pattern) => !tooWide.has(pattern))
    .join('|'),
);
const crawlerInstances = new Set(
  crawlers.filter(({ pattern }) => tooWide.has(pattern)).flatMap(({ instances }) => instances),
);

/** Every agent of the published list; those who test the rules ask for it. */
export function listCrawlerAgents(): string[] {
  return crawlers.flatMap(({ instances }) => instances);
}

const mostRemembered = 5_000;
let remembered = new Map<string, DeclaredKind | undefined>();

/** What the user agent declares itself to be; undefined for a browser that a person uses. */
export function declaredKindOf(userAgent: string): DeclaredKind | undefined {
  if (remembered.has(userAgent)) return remembered.get(userAgent);
  const kind = findDeclaredKind(userAgent);
  if (remembered.size >= mostRemembered) remembered = new Map();
  remembered.set(userAgent, kind);
  return kind;
}

function findDeclaredKind(userAgent: string): DeclaredKind | undefined {
  // Every browser has a name, and few programs have one as short as none.
  if (userAgent.trim() === '') return 'bot';
  const isDeclared =
    isbot(userAgent) ||
    gateways.test(userAgent) ||
    crawlerPatterns.test(userAgent) ||
    crawlerInstances.has(userAgent);
  if (!isDeclared) return undefined;
  if (scanners.test(userAgent)) return 'scanner';
  if (agents.test(userAgent)) return 'agent';
  return previews.test(userAgent) ? 'preview' : 'bot';
}
