import { chromeWindows, edgeWindows, safariPhone, windows } from './agents.ts';
import { asks, atFirst, machine, person, program, type Situation, stays } from './situation.ts';

const safeLinks = 'https://github.com/edalzell/laravel-passwordless-login/issues/79';
const safeLinksForm = 'https://github.com/FusionAuth/fusionauth-site/pull/2922';
const safeLinksWave = 'https://techqa.club/v/q/prevent-microsoft-safe-links-scanning-67179134';
const defender = 'https://check.live-direct-marketing.online/blog/microsoft-defender-link-click-pattern';
const fieldGuide = 'https://check.live-direct-marketing.online/blog/bot-clicks-security-scanners-detect';
const headWithoutName = 'https://github.com/SergeyMosin/Appointments/issues/293';
const oneTimeLinks = 'https://github.com/onetimesecret/onetimesecret/issues/359';
const mimecast = 'https://github.com/goauthentik/authentik/issues/8953';
const barracuda = 'https://campus.barracuda.com/product/sentinel/doc/498468311/unwanted-link-clicks';
const clickthroughs =
  'https://support.arternal.com/en/articles/15216436-smart-mail-clickthroughs-triggered-by-email-security-scanners';
const endpoint =
  'https://mycommunity.validity.com/t5/sender-certification/how-to-deal-with-clicks-from-endpoint-protection-bots/m-p/2910';

const chrome97 = {
  userAgent: `Mozilla/5.0 (${windows}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/97.0.4692.99 Safari/537.36`,
  family: 'chromium' as const,
};
/** A sandbox sends what its tool sends: no language, and nothing that a page in a tab would. */
const bare = { 'accept-language': null, 'sec-ch-ua': null, 'sec-ch-ua-platform': null };
const unseen = { hasHadFocus: false };

/** Most of them pretend to be a browser; those that run the script of the page are the reason why judging is hard. */
export const mailScanners: Situation[] = [
  asks('Safe Links asks for the page and runs nothing', safeLinks, chrome97, 'unsure', {}, { headers: bare }),
  asks('Safe Links asks without a name', headWithoutName, program(''), 'bot'),
  asks('Safe Links asks for the head, without a name', headWithoutName, program(''), 'bot', { does: 'head' }),
  asks(
    'Outlook asks for the head as Chrome',
    'https://github.com/indigo-iam/iam/issues/862',
    chrome97,
    'scanner',
    { does: 'head' },
  ),
  asks(
    'Office asks whether the page is there',
    defender,
    program('Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17928; Pro)'),
    'scanner',
  ),
  asks('Barracuda says who it is', fieldGuide, program('Barracuda Sentinel (EE)'), 'scanner'),
  asks(
    'Proofpoint says who it is',
    fieldGuide,
    program('Mozilla/5.0 (compatible; proofpoint-url-defense/1.0; bot)'),
    'scanner',
  ),
  asks(
    'TwinWave, of Splunk, says who it is',
    'https://github.com/monperrus/crawler-user-agents',
    program('TwinWaveScanner/1.0'),
    'scanner',
  ),
  asks(
    'VirusTotal says who it is',
    'https://github.com/monperrus/crawler-user-agents',
    program('virustotalcloud'),
    'scanner',
  ),
  {
    name: 'Safe Links runs the script as soon as the mail is delivered',
    source: defender,
    link: { mailedSecondsBefore: 20, madeSecondsBefore: 300 },
    actors: { sandbox: machine(chrome97, 'scanner', { headers: bare }) },
    steps: stays('sandbox', { seconds: [2], hasInput: false, signals: unseen }),
  },
  {
    name: 'Safe Links runs the script of every share link that a mail holds',
    source: safeLinksWave,
    linkCount: 5,
    link: { madeSecondsBefore: 60 },
    actors: { sandbox: machine(chrome97, 'scanner', { headers: bare, isForgetful: true }) },
    steps: [
      ...[1, 2, 3, 4].map((link) => ({ at: link, who: 'sandbox', does: 'get' as const, link })),
      ...stays('sandbox', { at: 6, seconds: [2], hasInput: false, signals: unseen }),
    ],
  },
  {
    name: 'a sandbox opens three share links of one sender, in a browser that gives nothing away, right after they were made',
    source: clickthroughs,
    linkCount: 3,
    link: { madeSecondsBefore: 1 },
    actors: { sandbox: machine(edgeWindows, 'scanner') },
    steps: [
      { at: 0.2, who: 'sandbox', does: 'get', link: 1 },
      { at: 0.4, who: 'sandbox', does: 'get', link: 2 },
      { at: 0.6, who: 'sandbox', does: 'get' },
      { at: 1, who: 'sandbox', does: 'begin', signals: atFirst },
    ],
  },
  {
    name: 'Safe Links checks at the time of the click: the sandbox first, the person right behind it',
    source: defender,
    actors: {
      sandbox: machine(chrome97, 'scanner', { headers: bare }),
      reader: person(edgeWindows),
    },
    steps: [
      ...stays('sandbox', { seconds: [1], hasInput: false, signals: unseen }),
      ...stays('reader', { at: 3 }),
    ],
  },
  {
    name: 'Safe Links asks twice from two clouds, and the person comes between',
    source: oneTimeLinks,
    actors: {
      first: machine(chrome97, 'unsure', { headers: bare }),
      second: machine(chrome97, 'unsure', { headers: bare }),
      reader: person(edgeWindows),
    },
    steps: [
      { at: 0, who: 'first', does: 'get' },
      ...stays('reader', { at: 1 }),
      { at: 4, who: 'second', does: 'get' },
    ],
  },
  {
    name: 'Safe Links submits the form by itself: the script runs, a script presses, nobody does',
    source: safeLinksForm,
    link: { mailedSecondsBefore: 15, madeSecondsBefore: 600 },
    actors: { sandbox: machine(chrome97, 'scanner', { headers: bare }) },
    steps: stays('sandbox', { seconds: [3], hasInput: false, signals: { hasMadeUpInput: true } }),
  },
  {
    name: 'a script presses what it finds in a browser without a language',
    source: safeLinksForm,
    actors: { sandbox: machine(edgeWindows, 'scanner', { headers: { 'accept-language': null } }) },
    steps: stays('sandbox', { seconds: [2], hasInput: false, signals: { hasMadeUpInput: true } }),
  },
  {
    name: 'Proofpoint renders the page when the mail arrives, having asked for the head',
    source: clickthroughs,
    link: { mailedSecondsBefore: 8, madeSecondsBefore: 900 },
    actors: { sandbox: machine(edgeWindows, 'scanner') },
    steps: [
      { at: 0, who: 'sandbox', does: 'head' },
      { at: 1, who: 'sandbox', does: 'get' },
      { at: 2, who: 'sandbox', does: 'begin', signals: atFirst },
    ],
  },
  {
    name: 'Proofpoint asks for the page only, as a browser',
    source: clickthroughs,
    actors: { it: machine(edgeWindows, 'unsure') },
    steps: [{ at: 0, who: 'it', does: 'get' }],
  },
  {
    name: 'Mimecast rewrites the link and checks it before the reader gets there',
    source: mimecast,
    actors: {
      sandbox: machine(chrome97, 'unsure', { headers: bare }),
      reader: person(chromeWindows),
    },
    steps: [{ at: 0, who: 'sandbox', does: 'get' }, ...stays('reader', { at: 2 })],
  },
  {
    name: 'Mimecast opens the page in a browser of its own that never comes to the front',
    source: mimecast,
    actors: {
      sandbox: machine(edgeWindows, 'scanner'),
    },
    steps: [
      { at: 0, who: 'sandbox', does: 'head' },
      ...stays('sandbox', { at: 2, seconds: [1], hasInput: false, signals: unseen }),
    ],
  },
  {
    name: 'Mimecast and another gateway open the share link at the same moment, right after it was made',
    source: endpoint,
    link: { madeSecondsBefore: 1 },
    actors: {
      first: machine(edgeWindows, 'scanner'),
      second: machine(chromeWindows, 'scanner'),
    },
    steps: [
      { at: 0, who: 'first', does: 'get' },
      { at: 0.2, who: 'second', does: 'get' },
      { at: 0.5, who: 'first', does: 'begin', signals: atFirst },
      { at: 0.7, who: 'second', does: 'begin', signals: atFirst },
    ],
  },
  {
    name: 'Barracuda follows every link of the page, also the one that no person sees',
    source: barracuda,
    link: { madeSecondsBefore: 1 },
    actors: { sandbox: machine(edgeWindows, 'scanner') },
    steps: [
      { at: 0, who: 'sandbox', does: 'get' },
      { at: 0.5, who: 'sandbox', does: 'begin', signals: atFirst },
      { at: 20, who: 'sandbox', does: 'trap' },
    ],
  },
  {
    name: 'Barracuda leafs through the pages at once',
    source: barracuda,
    link: { madeSecondsBefore: 1 },
    actors: { sandbox: machine(edgeWindows, 'scanner') },
    steps: [
      { at: 0, who: 'sandbox', does: 'get' },
      { at: 0.5, who: 'sandbox', does: 'begin', signals: atFirst },
      {
        at: 3,
        who: 'sandbox',
        does: 'read',
        seconds: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
        hasInput: false,
        signals: { ...atFirst, hasScrolled: true },
      },
    ],
  },
  {
    name: 'a sandbox without a window asks for nothing compressed',
    source: fieldGuide,
    actors: {
      sandbox: machine(edgeWindows, 'scanner', { headers: { 'accept-encoding': 'identity' } }),
    },
    steps: stays('sandbox', { seconds: [2], hasInput: false, signals: { hasGeometry: false } }),
  },
  {
    name: 'a sandbox in a window of no size leaves out what Chrome sends',
    source: fieldGuide,
    actors: {
      sandbox: machine(chromeWindows, 'scanner', {
        headers: { 'sec-ch-ua': null, 'sec-ch-ua-platform': null },
      }),
    },
    steps: stays('sandbox', { seconds: [2], hasInput: false, signals: { hasGeometry: false } }),
  },
  {
    name: 'a sandbox with a foreign name forgets to change its hints',
    source: fieldGuide,
    link: { madeSecondsBefore: 1 },
    actors: {
      sandbox: machine(chromeWindows, 'scanner', {
        headers: { 'sec-ch-ua': '"Chromium";v="118"', 'sec-ch-ua-platform': '"Linux"' },
      }),
    },
    steps: [
      { at: 0, who: 'sandbox', does: 'get' },
      { at: 0.5, who: 'sandbox', does: 'begin', signals: atFirst },
    ],
  },
  {
    name: 'the gateway in the own house checks from the address that its people have, too',
    source: endpoint,
    actors: {
      gateway: machine(chrome97, 'scanner', { network: 'house', headers: bare }),
      reader: person(edgeWindows, { network: 'house' }),
    },
    steps: [
      { at: 0, who: 'gateway', does: 'head' },
      ...stays('gateway', { at: 1, seconds: [1], hasInput: false, signals: unseen }),
      { at: 5, who: 'gateway', does: 'trap' },
      ...stays('reader', { at: 60 }),
    ],
  },
  {
    name: 'a person opens it, and the scanner of their telephone looks at it half a minute later',
    source: endpoint,
    actors: {
      reader: person(safariPhone),
      scanner: machine(edgeWindows, 'scanner', { headers: { 'accept-language': null } }),
    },
    steps: [
      ...stays('reader', { at: 0, seconds: [50] }),
      ...stays('scanner', { at: 20, seconds: [1], hasInput: false }),
    ].sort((a, b) => a.at - b.at),
  },
  {
    name: 'a sandbox that waits like a reader, in a browser that gives nothing away, is left undecided',
    source: fieldGuide,
    actors: { sandbox: machine(edgeWindows, 'unsure') },
    steps: stays('sandbox', { seconds: [12], hasInput: false }),
  },
];
