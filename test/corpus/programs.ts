import { chromePhone, chromeWindows, desktops, safariPhone } from './agents.ts';
import { asks, atFirst, machine, person, program, type Situation, stays } from './situation.ts';

const list = 'https://github.com/monperrus/crawler-user-agents';
const speculation = 'https://html.spec.whatwg.org/multipage/speculative-loading.html';
const prerendering = 'https://wicg.github.io/nav-speculation/prerendering.html';
const openai = 'https://platform.openai.com/docs/bots';
const headless = 'https://developer.chrome.com/docs/chromium/headless';
const webdriver = 'https://w3c.github.io/webdriver/#dom-navigatorautomationinformation-webdriver';

/** What a browser loads in case somebody opens it, and what happens when somebody does. */
export const loadedAhead: Situation[] = [
  asks('Chrome loads the page ahead', speculation, chromeWindows, 'prefetch', {
    headers: { 'sec-purpose': 'prefetch' },
  }),
  asks('Chrome loads the page ahead for a telephone', speculation, chromePhone, 'prefetch', {
    headers: { 'sec-purpose': 'prefetch', purpose: 'prefetch' },
  }),
  asks(
    'a search engine has the page loaded through its proxy',
    'https://developer.chrome.com/blog/private-prefetch-proxy',
    chromePhone,
    'prefetch',
    {
      headers: { 'sec-purpose': 'prefetch;anonymous-client-ip' },
    },
  ),
  asks('Chrome renders the page ahead', prerendering, chromeWindows, 'prefetch', {
    headers: { 'sec-purpose': 'prefetch;prerender' },
  }),
  asks(
    'an old Firefox loads the page ahead',
    'https://developer.mozilla.org/en-US/docs/Glossary/Prefetch',
    desktops['the long-term Firefox of an authority'],
    'prefetch',
    {
      headers: { 'x-moz': 'prefetch' },
    },
  ),
  asks(
    'Safari makes a picture of the page for its start page',
    'https://developer.mozilla.org/en-US/docs/Glossary/Prefetch',
    desktops['Safari on a Mac'],
    'prefetch',
    {
      headers: { purpose: 'preview' },
    },
  ),
  {
    name: 'Chrome renders the page ahead, and then somebody opens it',
    source: prerendering,
    actors: { reader: person(chromeWindows) },
    steps: [
      { at: 0, who: 'reader', does: 'get', headers: { 'sec-purpose': 'prefetch;prerender' } },
      ...stays('reader', { at: 10 }).slice(1),
    ],
  },
  {
    name: 'Chrome loads the page ahead, and the reader comes through the cache',
    source: speculation,
    actors: { reader: person(chromePhone) },
    steps: [
      { at: 0, who: 'reader', does: 'get', headers: { 'sec-purpose': 'prefetch' } },
      ...stays('reader', { at: 4 }),
    ],
  },
];

const bot = (name: string, source: string, userAgent: string, does: 'get' | 'head' = 'get') =>
  asks(name, source, program(userAgent), 'bot', { does });
const agent = (name: string, source: string, userAgent: string) =>
  asks(name, source, program(userAgent), 'agent');
const forAi = (words: string) => `Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; ${words})`;

/** Checkers of links, search engines, libraries, headless browsers, and the agents of AI services. */
export const programs: Situation[] = [
  bot('the W3C checks links', 'https://validator.w3.org/services', 'W3C-checklink/4.81 libwww-perl/5.836'),
  bot(
    'a checker asks for heads only',
    list,
    'Mozilla/5.0 (compatible; LinkCheckerBot/2.0; +https://linkchecker.pro/robot/)',
    'head',
  ),
  bot(
    'Dead Link Checker as an old Chrome',
    list,
    'www.deadlinkchecker.com Mozilla/5.0 (Windows NT 6.1; WOW64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/46.0.2490.86 Safari/537.36',
  ),
  asks(
    'a checker of links that says nothing asks for the head',
    'https://github.com/indigo-iam/iam/issues/862',
    desktops['Firefox on Linux'],
    'scanner',
    { does: 'head' },
  ),
  bot(
    'Googlebot',
    'https://developers.google.com/search/docs/crawling-indexing/googlebot',
    'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  ),
  bot(
    'Googlebot as a telephone',
    'https://developers.google.com/search/docs/crawling-indexing/googlebot',
    'Mozilla/5.0 (Linux; Android 6.0.1; Nexus 5X Build/MMB29P) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.122 Mobile Safari/537.36 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  ),
  bot(
    'bingbot',
    'https://www.bing.com/webmasters/help/which-crawlers-does-bing-use-8c184ec0',
    'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
  ),
  bot(
    'Applebot',
    'https://support.apple.com/en-us/119829',
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/13.1.1 Safari/605.1.15 (Applebot/0.1; +http://www.apple.com/go/applebot)',
  ),
  bot('Uptime Robot', list, 'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)', 'head'),
  bot('curl', 'https://curl.se/docs/manpage.html', 'curl/8.9.1'),
  bot('Python', 'https://requests.readthedocs.io/en/latest/user/advanced/', 'python-requests/2.32.3'),
  bot('Go', 'https://pkg.go.dev/net/http', 'Go-http-client/2.0'),
  bot(
    'a headless Chrome that says so',
    headless,
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
  ),
  {
    name: 'a headless Chrome that says so runs the script and looks like a reader',
    source: headless,
    actors: {
      it: machine(
        program(
          'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/142.0.0.0 Safari/537.36',
        ),
        'bot',
      ),
    },
    steps: stays('it'),
  },
  {
    name: 'a headless Chrome under a foreign name, driven by a program, waits for the page and leaves',
    source: webdriver,
    actors: { it: machine(chromeWindows, 'scanner') },
    steps: stays('it', {
      seconds: [2],
      hasInput: false,
      signals: { isWebdriver: true, hasHadFocus: false },
    }),
  },
  {
    name: 'a driven browser stays for long and does nothing',
    source: webdriver,
    actors: { it: machine(chromeWindows, 'scanner') },
    steps: stays('it', { seconds: [15], hasInput: false, signals: { isWebdriver: true } }),
  },
  {
    name: 'a headless Chrome under a foreign name still has its own in the hints',
    source: headless,
    actors: {
      it: machine(chromeWindows, 'scanner', {
        headers: { 'sec-ch-ua': '"HeadlessChrome";v="142", "Chromium";v="142", "Not_A Brand";v="99"' },
      }),
    },
    steps: stays('it', { seconds: [1], hasInput: false, signals: { isWebdriver: true } }),
  },
  {
    name: 'a driven browser follows the link that no person sees',
    source: webdriver,
    actors: { it: machine(chromePhone, 'scanner') },
    steps: stays('it', {
      seconds: [2],
      hasInput: false,
      signals: { isWebdriver: true, hasTouchedTrap: true },
    }),
  },
  {
    name: 'a tool of tests moves and presses as people do, and says that it is driven',
    source: webdriver,
    actors: { it: machine(chromeWindows, 'unsure') },
    steps: stays('it', { signals: { isWebdriver: true } }),
  },
  agent('GPTBot', openai, forAi('GPTBot/1.2; +https://openai.com/gptbot')),
  agent(
    'ChatGPT, because somebody asked',
    openai,
    `${forAi('')}; compatible; ChatGPT-User/1.0; +https://openai.com/bot`,
  ),
  agent('the search of ChatGPT', openai, forAi('OAI-SearchBot/1.0; +https://openai.com/searchbot')),
  agent(
    'ClaudeBot',
    'https://support.anthropic.com/en/articles/8896518',
    forAi('ClaudeBot/1.0; +claudebot@anthropic.com'),
  ),
  agent(
    'Claude, because somebody asked',
    'https://support.anthropic.com/en/articles/8896518',
    forAi('Claude-User/1.0; +Claude-User@anthropic.com'),
  ),
  agent(
    'PerplexityBot',
    'https://docs.perplexity.ai/guides/bots',
    forAi('PerplexityBot/1.0; +https://perplexity.ai/perplexitybot'),
  ),
  agent(
    'Perplexity, because somebody asked',
    'https://docs.perplexity.ai/guides/bots',
    forAi('Perplexity-User/1.0; +https://perplexity.ai/perplexity-user'),
  ),
  agent(
    'Mistral, because somebody asked',
    'https://docs.mistral.ai/robots',
    forAi('MistralAI-User/1.0; +https://docs.mistral.ai/robots'),
  ),
  agent(
    'the crawler of Meta for AI',
    'https://developers.facebook.com/docs/sharing/webmasters/web-crawlers',
    'meta-externalagent/1.1 (+https://developers.facebook.com/docs/sharing/webmasters/crawler)',
  ),
  agent('Amazon, because somebody asked', 'https://developer.amazon.com/amazonbot', forAi('Amzn-User/0.1')),
  agent('Common Crawl', 'https://commoncrawl.org/ccbot', 'CCBot/2.0 (https://commoncrawl.org/faq/)'),
  {
    name: 'an agent asks for the page on behalf of somebody, who then reads it',
    source: openai,
    actors: {
      agent: machine(program(`${forAi('')}; compatible; ChatGPT-User/1.0; +https://openai.com/bot`), 'agent'),
      reader: person(safariPhone),
    },
    steps: [{ at: 0, who: 'agent', does: 'get' }, ...stays('reader', { at: 20 })],
  },
  {
    name: 'a program asks for the page every ten minutes',
    source: list,
    actors: { it: machine(program('axios/1.7.7'), 'bot') },
    steps: [0, 600, 1200].map((at) => ({ at, who: 'it', does: 'get' as const })),
  },
  {
    name: 'what renders pages for a search engine runs the script at once',
    source: 'https://developers.google.com/search/docs/crawling-indexing/javascript/javascript-seo-basics',
    actors: {
      it: machine(program('Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'), 'bot'),
    },
    steps: [
      { at: 0, who: 'it', does: 'get' },
      { at: 1, who: 'it', does: 'begin', signals: atFirst },
    ],
  },
];
