import {
  chromePhone,
  chromeWindows,
  desktops,
  edgeWindows,
  firefoxWindows,
  phones,
  safariMac,
  safariPhone,
} from './agents.ts';
import { type Agent, machine, person, program, type Situation, stays } from './situation.ts';

const agents = 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/User-Agent';
const reduction = 'https://www.chromium.org/updates/ua-reduction/';
const inApp = 'https://developer.android.com/develop/ui/views/layout/webapps';
const relay = 'https://www.apple.com/icloud/docs/iCloud_Private_Relay_Overview_Dec2021.pdf';
const proxies = 'https://developer.mozilla.org/en-US/docs/Web/HTTP/Guides/Proxy_servers_and_tunneling';
const mail = 'https://www.rfc-editor.org/rfc/rfc6302';
const readers = 'https://www.nngroup.com/articles/how-long-do-users-stay-on-web-pages/';

const sourceOf = ({ family, userAgent }: Agent) =>
  /wv\)|App|GSA|FBAN|Teams/.test(userAgent) ? inApp : family === 'chromium' ? reduction : agents;

/** Everybody reads two pages, in the way of their device. */
export const onDesktops: Situation[] = Object.entries(desktops).map(([name, agent]) => ({
  name: `somebody reads in ${name}`,
  source: sourceOf(agent),
  actors: { reader: person(agent) },
  steps: stays('reader'),
}));

export const onPhones: Situation[] = Object.entries(phones).map(([name, agent]) => ({
  name: `somebody reads in ${name}`,
  source: sourceOf(agent),
  actors: { reader: person(agent) },
  steps: stays('reader', { seconds: [12, 9], signals: { hasTouch: true, inputKinds: 1 } }),
}));

/** Where an address says little of who is behind it, or a proxy changes what a browser says. */
export const networks: Situation[] = [
  {
    name: 'a reader behind iCloud Private Relay',
    source: relay,
    actors: { reader: person(safariPhone) },
    steps: stays('reader', { signals: { hasTouch: true } }),
  },
  {
    name: 'a reader whose relay changes the address between the page and its script',
    source: relay,
    actors: {
      before: { agent: safariMac, is: 'glance', expected: 'unsure' },
      reader: person(safariMac),
    },
    steps: [{ at: 0, who: 'before', does: 'get' }, ...stays('reader', { at: 0.5 })],
  },
  {
    name: 'two people behind the same relay open their own share links at the same time',
    source: relay,
    linkCount: 2,
    actors: {
      one: person(safariPhone, { network: 'relay' }),
      other: person(safariMac, { network: 'relay' }),
    },
    steps: [...stays('one'), ...stays('other', { at: 2, link: 1 })].sort((a, b) => a.at - b.at),
  },
  {
    name: 'a reader in a VPN whose way out is in a data centre',
    source: proxies,
    actors: { reader: person(firefoxWindows) },
    steps: stays('reader'),
  },
  {
    name: 'a proxy of a company leaves out what Chrome says of itself',
    source: proxies,
    actors: {
      reader: person(edgeWindows, {
        headers: {
          'sec-ch-ua': null,
          'sec-ch-ua-platform': null,
          'sec-fetch-site': null,
          'sec-fetch-mode': null,
          'sec-fetch-dest': null,
          'sec-fetch-user': null,
        },
      }),
    },
    steps: stays('reader'),
  },
  {
    name: 'a proxy of a company names an older browser than the hints do, and the reader stays',
    source: proxies,
    actors: { reader: person(chromeWindows, { headers: { 'sec-ch-ua': '"Chromium";v="120"' } }) },
    steps: stays('reader', { seconds: [40], signals: { isActivated: false, inputKinds: 1 } }),
  },
  {
    name: 'a proxy of a company takes the compression away',
    source: proxies,
    actors: { reader: person(edgeWindows, { headers: { 'accept-encoding': null } }) },
    steps: stays('reader'),
  },
  {
    name: 'two colleagues behind one address open the same share link',
    source: mail,
    actors: {
      one: person(edgeWindows, { network: 'office' }),
      other: person(chromeWindows, { network: 'office' }),
    },
    steps: [...stays('one'), ...stays('other', { at: 8 })].sort((a, b) => a.at - b.at),
  },
  {
    name: 'two colleagues behind one address with the same browser',
    source: mail,
    actors: {
      one: person(edgeWindows, { network: 'office' }),
      other: person(edgeWindows, { network: 'office', expected: ['human-likely', 'human-likely'] }),
    },
    steps: [...stays('one'), ...stays('other', { at: 60 })],
  },
  {
    name: 'three colleagues behind one address open a share link each',
    source: mail,
    linkCount: 3,
    actors: {
      one: person(edgeWindows, { network: 'office' }),
      second: person(chromeWindows, { network: 'office' }),
      third: person(firefoxWindows, { network: 'office' }),
    },
    steps: [
      ...stays('one'),
      ...stays('second', { at: 5, link: 1 }),
      ...stays('third', { at: 9, link: 2 }),
    ].sort((a, b) => a.at - b.at),
  },
  {
    name: 'somebody opens three share links of one mail in tabs and reads the last',
    source: mail,
    linkCount: 3,
    actors: { reader: person(chromeWindows) },
    steps: [
      { at: 0, who: 'reader', does: 'get' },
      { at: 1, who: 'reader', does: 'get', link: 1 },
      ...stays('reader', { at: 2, link: 2 }),
    ],
  },
  {
    name: 'a window within an app that gives no size, handled by touch',
    source: inApp,
    actors: { reader: person(phones['the LinkedIn app on an iPhone']) },
    steps: stays('reader', { seconds: [9], signals: { hasGeometry: false, inputKinds: 1 } }),
  },
  {
    name: 'a window within an app that gives no size and does not say whether somebody pressed',
    source: inApp,
    actors: { reader: person(phones['the Facebook app on an iPhone']) },
    steps: stays('reader', { seconds: [9], signals: { hasGeometry: false, isActivated: false } }),
  },
];

/** What people do with a share link besides reading it once. */
export const habits: Situation[] = [
  {
    name: 'a recipient forwards it, and a colleague elsewhere reads it as well',
    source: readers,
    actors: { recipient: person(edgeWindows), colleague: person(safariMac) },
    steps: [...stays('recipient'), ...stays('colleague', { at: 7_200 })],
  },
  {
    name: 'a recipient sends it on at once, and both read at the same time',
    source: readers,
    actors: { recipient: person(safariPhone), colleague: person(chromeWindows) },
    steps: [...stays('recipient', { seconds: [60] }), ...stays('colleague', { at: 15 })].sort(
      (a, b) => a.at - b.at,
    ),
  },
  {
    name: 'it is passed on in Slack: the preview, and then three people',
    source: 'https://api.slack.com/robots',
    actors: {
      preview: machine(program('Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'), 'preview'),
      one: person(chromeWindows),
      second: person(safariMac),
      third: person(chromePhone),
    },
    steps: [
      { at: 0, who: 'preview', does: 'get' as const },
      ...stays('one', { at: 5 }),
      ...stays('second', { at: 12 }),
      ...stays('third', { at: 18 }),
    ].sort((a, b) => a.at - b.at),
  },
  {
    name: 'a reader loads the page again',
    source: readers,
    actors: { reader: person(chromeWindows) },
    steps: [
      { at: 0, who: 'reader', does: 'get' },
      { at: 2, who: 'reader', does: 'get' },
      ...stays('reader', { at: 4 }),
    ],
  },
  {
    name: 'a reader comes back the next day for a glance',
    source: readers,
    actors: { reader: person(chromeWindows, { expected: ['human-likely', 'human-likely'] }) },
    steps: [
      ...stays('reader'),
      ...stays('reader', { at: 86_400, seconds: [3], signals: { isActivated: false, inputKinds: 1 } }),
    ],
  },
  {
    name: 'a reader downloads it at once and leaves',
    source: readers,
    actors: { reader: person(edgeWindows) },
    steps: [
      ...stays('reader', { seconds: [3], signals: { isActivated: false, inputKinds: 1 } }),
      { at: 5, who: 'reader', does: 'download' },
    ],
  },
  {
    name: 'a reader reads for a long time with the wheel and nothing else',
    source: readers,
    actors: { reader: person(safariMac) },
    steps: stays('reader', {
      seconds: [60, 45, 30],
      signals: { isActivated: false, inputKinds: 1 },
    }),
  },
  {
    name: 'a reader typed their address, and reads without touching anything',
    source: readers,
    actors: { reader: person(phones['Safari 26 on an iPhone']) },
    steps: stays('reader', {
      seconds: [20],
      hasInput: false,
      signals: { hasScrolled: true },
      guest: { email: 'ada@example.com', isVerified: false },
    }),
  },
  {
    name: 'a reader sent back the code from their mailbox',
    source: readers,
    actors: { reader: person(chromeWindows, { expected: 'human-confirmed' }) },
    steps: stays('reader', { guest: { email: 'grace@example.com', isVerified: true } }),
  },
  {
    name: 'a reader knows the passcode',
    source: readers,
    link: { hasPasscode: true },
    actors: { reader: person(safariPhone, { expected: 'human-confirmed' }) },
    steps: stays('reader', { guest: { email: 'lin@example.com', isVerified: false } }),
  },
  {
    name: 'the sender looks at what they sent',
    source: readers,
    actors: {
      sender: { agent: chromeWindows, is: 'ours', expected: 'internal', isSignedIn: true },
    },
    steps: stays('sender'),
  },
  {
    name: 'somebody opens it and goes away at once',
    source: readers,
    actors: { reader: { agent: chromePhone, is: 'glance', expected: 'unsure' } },
    steps: stays('reader', { seconds: [1], hasInput: false }),
  },
  {
    name: 'somebody lets it stand in a tab behind others',
    source: readers,
    actors: { reader: { agent: firefoxWindows, is: 'glance', expected: 'unsure' } },
    steps: stays('reader', { seconds: [2], hasInput: false, signals: { hasHadFocus: false } }),
  },
  {
    name: 'a reader whose extension presses buttons of its own reads all the same',
    source: readers,
    actors: { reader: person(chromeWindows) },
    steps: stays('reader', { signals: { hasMadeUpInput: true } }),
  },
  {
    name: 'the sender sends it to a neighbour, who opens it in the next second',
    source: readers,
    link: { madeSecondsBefore: 1 },
    actors: { reader: person(chromePhone) },
    steps: stays('reader', { at: 0.5 }),
  },
  {
    name: 'a recipient is quicker than a minute after the mail',
    source: readers,
    link: { mailedSecondsBefore: 25, madeSecondsBefore: 40 },
    actors: { reader: person(edgeWindows) },
    steps: stays('reader'),
  },
];
