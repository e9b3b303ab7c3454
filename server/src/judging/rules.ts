import type { BrowserFacts, JudgementClass, RequestFacts } from './contract.ts';
import { declaredKindOf } from './declared.ts';

/** Everything that a judgement rests on. The same facts always give the same judgement. */
export interface VisitFacts {
  userAgent: string;
  /** Opened by a signed-in user of this instance. */
  isInternal: boolean;
  hasPassedPasscode: boolean;
  /** A code that was sent to the visitor's mailbox came back. */
  hasPassedCode: boolean;
  /** An address was typed to be let in. */
  hasTypedEmail: boolean;
  hasTrustedInput: boolean;
  hasDownloaded: boolean;
  /** Active time on pages; where there are none, from the first to the last sign of activity. */
  activeMs: number;
  pagesSeen: number;
  msSinceLinkMade: number;
  /** Null when we did not mail the share link. */
  msSinceMailed: number | null;
  /** Another network opened the same share link within half a minute, not counting what declares itself. */
  hasTwin: boolean;
  /** The same network asked for the head of the page shortly before or after. */
  hasProbe: boolean;
  /** The same network followed the link that no person sees. */
  hasTakenTrap: boolean;
  /** How many share links of one sender this network opened within a minute, this one included. */
  linksOpenedAtOnce: number;
  /** The visitor was here before, an hour ago or more. */
  hasComeBack: boolean;
  request: RequestFacts;
  browser: BrowserFacts;
}

export const ruleVersion = 2;

interface DecidingRule {
  name: string;
  class: JudgementClass;
  /** That it is a person. */
  probability: number;
  applies(facts: VisitFacts): boolean;
  sentence: string;
}

/** Each of these decides alone, and the first that applies counts: method, prefetch, what declares itself, and proof. */
export const decidingRules: readonly DecidingRule[] = [
  {
    name: 'internal',
    class: 'internal',
    probability: 0,
    applies: ({ isInternal }) => isInternal,
    sentence: 'Somebody of your own team opened it while signed in.',
  },
  {
    name: 'declared-scanner',
    class: 'scanner',
    probability: 0.01,
    applies: ({ userAgent }) => declaredKindOf(userAgent) === 'scanner',
    sentence: 'It says that it checks links for what is dangerous.',
  },
  {
    name: 'declared-preview',
    class: 'preview',
    probability: 0.01,
    applies: ({ userAgent }) => declaredKindOf(userAgent) === 'preview',
    sentence: 'It says that it makes previews of links for a messenger.',
  },
  {
    name: 'declared-agent',
    class: 'agent',
    probability: 0.02,
    applies: ({ userAgent }) => declaredKindOf(userAgent) === 'agent',
    sentence: 'It says that it is the agent of an AI service.',
  },
  {
    name: 'declared-bot',
    class: 'bot',
    probability: 0.01,
    applies: ({ userAgent }) => declaredKindOf(userAgent) === 'bot',
    sentence: 'It says that it is a program, not a browser that a person uses.',
  },
  {
    name: 'prefetch',
    class: 'prefetch',
    probability: 0.05,
    applies: ({ request }) => request.purpose !== undefined && request.purpose !== 'view',
    sentence: 'A browser loaded it ahead, in case somebody opens it.',
  },
  {
    name: 'head-request',
    class: 'scanner',
    probability: 0.02,
    applies: ({ request }) => request.method === 'HEAD' || request.method === 'OTHER',
    sentence: 'It asked whether the page is there, not for the page, as checkers of links do.',
  },
  {
    name: 'email-code',
    class: 'human-confirmed',
    probability: 0.99,
    applies: ({ hasPassedCode }) => hasPassedCode,
    sentence: 'The code that was sent to the mailbox came back.',
  },
  {
    name: 'passcode',
    class: 'human-confirmed',
    probability: 0.99,
    applies: ({ hasPassedPasscode }) => hasPassedPasscode,
    sentence: 'The passcode was typed, which scanners do not know.',
  },
];

export interface WeighedRule {
  name: string;
  /** Signs of one family say the same thing twice, so they count as one when it comes to deciding. */
  family: string;
  /** Log-odds towards a person. */
  weight: number;
  applies(facts: VisitFacts): boolean;
  sentence: string;
}

/** None of these decides alone. What is not known speaks neither for nor against. */
export const weighedRules: readonly WeighedRule[] = [
  {
    name: 'trusted-input',
    family: 'input',
    weight: 1.3,
    applies: ({ hasTrustedInput }) => hasTrustedInput,
    sentence: 'Somebody touched, moved or typed.',
  },
  {
    name: 'activated',
    family: 'input',
    weight: 0.4,
    applies: ({ browser, hasTrustedInput }) => browser.isActivated === true && hasTrustedInput,
    sentence: 'The browser itself saw somebody press a key, a button or the screen.',
  },
  {
    name: 'varied-input',
    family: 'input',
    weight: 0.4,
    applies: ({ browser }) => (browser.inputKinds ?? 0) >= 2,
    sentence: 'It was handled in more than one way, such as scrolling and pressing.',
  },
  {
    name: 'reading-time',
    family: 'time',
    weight: 1.2,
    applies: (facts) => facts.activeMs >= 5_000 && hasPlausiblePace(facts),
    sentence: 'It stayed for at least 5 seconds, at a pace at which people read.',
  },
  {
    name: 'long-reading-time',
    family: 'time',
    weight: 0.6,
    applies: (facts) => facts.activeMs >= 30_000 && hasPlausiblePace(facts),
    sentence: 'It stayed for more than 30 seconds.',
  },
  {
    name: 'download',
    family: 'download',
    weight: 1,
    applies: ({ hasDownloaded }) => hasDownloaded,
    sentence: 'Somebody pressed the download button.',
  },
  {
    name: 'typed-email',
    family: 'identity',
    weight: 1.2,
    applies: ({ hasTypedEmail }) => hasTypedEmail,
    sentence: 'An e-mail address was typed to open it.',
  },
  {
    name: 'came-back',
    family: 'return',
    weight: 0.7,
    applies: ({ hasComeBack }) => hasComeBack,
    sentence: 'The same visitor had been here before, on another occasion.',
  },
  {
    name: 'early',
    family: 'moment',
    weight: -0.6,
    applies: ({ msSinceLinkMade }) => msSinceLinkMade < 3_000,
    sentence: 'It came within 3 seconds of making the share link, faster than a message is opened.',
  },
  {
    name: 'on-delivery',
    family: 'moment',
    weight: -0.6,
    applies: ({ msSinceMailed }) => msSinceMailed !== null && msSinceMailed >= 0 && msSinceMailed < 60_000,
    sentence: 'It came within a minute of the mail, when gateways check what arrives.',
  },
  {
    name: 'twin',
    family: 'twin',
    weight: -0.7,
    applies: ({ hasTwin, hasTrustedInput }) => hasTwin && !hasTrustedInput,
    sentence:
      'Another network opened the same share link within half a minute, and here nobody touched anything.',
  },
  {
    name: 'probe',
    family: 'probe',
    weight: -0.9,
    applies: ({ hasProbe }) => hasProbe,
    sentence: 'The same network also asked only whether the page is there, as checkers of links do.',
  },
  {
    name: 'burst',
    family: 'burst',
    weight: -1.2,
    // Somebody may open what came in one mail in tabs, and colleagues share an address.
    applies: ({ linksOpenedAtOnce, hasTrustedInput }) => linksOpenedAtOnce >= (hasTrustedInput ? 6 : 3),
    sentence: 'The same network opened many share links of one sender within a minute.',
  },
  {
    name: 'trap',
    family: 'trap',
    weight: -2.5,
    applies: ({ hasTakenTrap, browser }) => hasTakenTrap || browser.hasTouchedTrap === true,
    sentence: 'It followed a link that no person can see.',
  },
  {
    name: 'webdriver',
    family: 'driven',
    weight: -2.2,
    applies: ({ browser }) => browser.isWebdriver === true,
    sentence: 'The browser says that a program drives it.',
  },
  {
    name: 'no-window',
    family: 'window',
    weight: -1,
    applies: ({ browser }) => browser.hasGeometry === false,
    sentence: 'Its window has no size that a window on a screen can have.',
  },
  {
    name: 'never-in-front',
    family: 'window',
    weight: -0.6,
    applies: ({ browser, hasTrustedInput }) => browser.hasHadFocus === false && !hasTrustedInput,
    sentence: 'The window never came to the front.',
  },
  {
    name: 'made-up-input',
    family: 'driven',
    weight: -0.9,
    applies: ({ browser, hasTrustedInput }) => browser.hasMadeUpInput === true && !hasTrustedInput,
    sentence: 'A script pretended to press or type.',
  },
  {
    name: 'stillness',
    family: 'stillness',
    weight: -0.9,
    applies: ({ browser, hasTrustedInput, activeMs }) =>
      activeMs >= 5_000 &&
      !hasTrustedInput &&
      browser.inputKinds === 0 &&
      browser.isActivated === false &&
      browser.hasScrolled === false,
    sentence: 'In all the time nobody moved, scrolled or touched anything.',
  },
  {
    name: 'pace',
    family: 'pace',
    weight: -1,
    applies: (facts) => facts.pagesSeen > 2 && !hasPlausiblePace(facts),
    sentence: 'It went through the pages faster than anybody reads.',
  },
  {
    name: 'headers-contradict',
    family: 'headers',
    weight: -1.2,
    applies: ({ request }) => request.fetchMetadata === 'contradictory' || request.clientHints === 'disagree',
    sentence: 'What it says of itself does not fit together.',
  },
  {
    name: 'headers-missing',
    family: 'headers',
    weight: -0.4,
    applies: ({ request }) => request.fetchMetadata === 'missing' || request.clientHints === 'missing',
    sentence: 'It leaves out what a browser such as it says to be always sends.',
  },
  {
    name: 'no-language',
    family: 'headers',
    weight: -0.9,
    applies: ({ request }) => request.hasLanguage === false || request.takesCompressed === false,
    sentence: 'It asked for no language or for nothing compressed, which every browser does.',
  },
];

/** What is known of a request that began no visit: what it says of itself. */
export function factsOfRequest(userAgent: string, request: RequestFacts): VisitFacts {
  return {
    userAgent,
    request,
    browser: {},
    isInternal: false,
    hasPassedPasscode: false,
    hasPassedCode: false,
    hasTypedEmail: false,
    hasTrustedInput: false,
    hasDownloaded: false,
    activeMs: 0,
    pagesSeen: 0,
    msSinceLinkMade: Number.POSITIVE_INFINITY,
    msSinceMailed: null,
    hasTwin: false,
    hasProbe: false,
    hasTakenTrap: false,
    linksOpenedAtOnce: 1,
    hasComeBack: false,
  };
}

function hasPlausiblePace({ activeMs, pagesSeen }: VisitFacts): boolean {
  return activeMs >= pagesSeen * 500;
}

/** The rules as they are kept, so that an old judgement can be explained by the rules of its time. */
export function describeRules() {
  return [
    ...decidingRules.map(({ name, class: decides, probability, sentence }) => ({
      name,
      decides,
      probability,
      weight: null,
      sentence,
    })),
    ...weighedRules.map(({ name, weight, sentence }) => ({
      name,
      decides: null,
      probability: null,
      weight,
      sentence,
    })),
  ];
}
