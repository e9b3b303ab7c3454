import { isbot } from 'isbot';
import type { Judgement, JudgementClass } from './contract.ts';

/** Everything that a judgement rests on. The same facts always give the same judgement. */
export interface VisitFacts {
  userAgent: string;
  /** Opened by a signed-in user of this instance. */
  isInternal: boolean;
  hasPassedPasscode: boolean;
  hasTrustedInput: boolean;
  hasDownloaded: boolean;
  /** Active time on pages; where there are none, from the first to the last sign of activity. */
  activeMs: number;
  pagesSeen: number;
  msSinceLinkMade: number;
  /** Another network opened the same share link within half a minute. */
  hasTwin: boolean;
}

const ruleVersion = 1;

interface ClassRule {
  name: string;
  class: JudgementClass;
  probability: number;
  applies(facts: VisitFacts): boolean;
  reason: string;
}

/** Each of these decides alone; the first that applies counts. The probability is always that of a person. */
const decidingRules: ClassRule[] = [
  {
    name: 'internal',
    class: 'internal',
    probability: 0,
    applies: ({ isInternal }) => isInternal,
    reason: 'Somebody of your own team opened it while signed in.',
  },
  {
    name: 'declared-preview',
    class: 'preview',
    probability: 0.01,
    applies: ({ userAgent }) =>
      /slackbot|facebookexternalhit|whatsapp|twitterbot|linkedinbot|discordbot|telegrambot|skypeuripreview|microsoftpreview|pinterest|redditbot|iframely|embedly/i.test(
        userAgent,
      ),
    reason: 'It says that it makes previews of links for a messenger.',
  },
  {
    name: 'declared-agent',
    class: 'agent',
    probability: 0.02,
    applies: ({ userAgent }) =>
      /gptbot|chatgpt-user|oai-searchbot|claudebot|claude-user|claude-web|perplexity|google-extended|bytespider|ccbot|mistralai|cohere-ai/i.test(
        userAgent,
      ),
    reason: 'It says that it is the agent of an AI service.',
  },
  {
    name: 'declared-bot',
    class: 'bot',
    probability: 0.01,
    applies: ({ userAgent }) => userAgent.trim() === '' || isbot(userAgent),
    reason: 'It says that it is a program, not a browser that a person uses.',
  },
  {
    name: 'passcode',
    class: 'human-confirmed',
    probability: 0.99,
    applies: ({ hasPassedPasscode }) => hasPassedPasscode,
    reason: 'The passcode was typed, which scanners do not know.',
  },
];

interface WeighedRule {
  name: string;
  /** Log-odds towards a person. */
  weight: number;
  applies(facts: VisitFacts): boolean;
  reason: string;
}

/** None of these decides alone. */
const weighedRules: WeighedRule[] = [
  {
    name: 'trusted-input',
    weight: 1.3,
    applies: ({ hasTrustedInput }) => hasTrustedInput,
    reason: 'Somebody touched, moved or typed.',
  },
  {
    name: 'reading-time',
    weight: 1.2,
    applies: (facts) => facts.activeMs >= 5_000 && hasPlausiblePace(facts),
    reason: 'It stayed for at least 5 seconds, at a pace at which people read.',
  },
  {
    name: 'long-reading-time',
    weight: 0.6,
    applies: (facts) => facts.activeMs >= 30_000 && hasPlausiblePace(facts),
    reason: 'It stayed for more than 30 seconds.',
  },
  {
    name: 'download',
    weight: 1,
    applies: ({ hasDownloaded }) => hasDownloaded,
    reason: 'Somebody pressed the download button.',
  },
  {
    name: 'early',
    weight: -0.6,
    applies: ({ msSinceLinkMade }) => msSinceLinkMade < 3_000,
    reason: 'It came within 3 seconds of making the share link, faster than a message is opened.',
  },
  {
    name: 'twin',
    weight: -0.5,
    applies: ({ hasTwin }) => hasTwin,
    reason: 'Another network opened the same share link within half a minute, as scanners of mail do.',
  },
  {
    name: 'pace',
    weight: -1,
    applies: (facts) => facts.pagesSeen > 2 && !hasPlausiblePace(facts),
    reason: 'It went through the pages faster than anybody reads.',
  },
];

/** With no sign at all we do not know, and lean slightly towards a machine. */
const priorLogOdds = Math.log(0.4 / 0.6);

function hasPlausiblePace({ activeMs, pagesSeen }: VisitFacts): boolean {
  return activeMs >= pagesSeen * 500;
}

/** Says what a visit is, how sure we are that it was a person, and why. */
export function judge(facts: VisitFacts): Judgement {
  const decision = decidingRules.find((rule) => rule.applies(facts));
  if (decision) {
    const { class: decided, probability, reason } = decision;
    return { class: decided, probability, reasons: [reason], ruleVersion };
  }
  const signs = weighedRules.filter((rule) => rule.applies(facts));
  const logOdds = signs.reduce((sum, { weight }) => sum + weight, priorLogOdds);
  const probability = Math.round(100 / (1 + Math.exp(-logOdds))) / 100;
  return {
    class: classOf(probability, signs),
    probability,
    reasons:
      signs.length > 0
        ? signs.map(({ reason }) => reason)
        : ['It opened the page and did nothing that tells a person from a program.'],
    ruleVersion,
  };
}

/** A lone weak sign never decides, and staying long is one sign however long it is. */
function classOf(probability: number, signs: WeighedRule[]): JudgementClass {
  const count = (isFor: boolean) =>
    signs.filter(({ name, weight }) => weight > 0 === isFor && name !== 'long-reading-time').length;
  if (probability >= 0.8 && count(true) >= 2) return 'human-likely';
  if (probability <= 0.15 && count(false) >= 2) return 'scanner';
  return 'unsure';
}

/** Whether a new judgement says something new: another class, or a probability that moved. */
export function differs(before: { class: string; probability: number }, after: Judgement): boolean {
  return before.class !== after.class || Math.abs(before.probability - after.probability) >= 0.1;
}
