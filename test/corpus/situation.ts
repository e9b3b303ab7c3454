import type { BrowserFacts, JudgementClass } from '../../server/src/judging/contract.ts';

/**
 * The corpus: what is publicly known of how programs and people open links, written down as sequences of requests. It
 * says what each of those who come should be judged to be, and where it is known from.
 */
export interface Situation {
  name: string;
  /** Where it is described in public. */
  source: string;
  link?: {
    /** How long before the first step the share link was made; two hours unless told otherwise. */
    madeSecondsBefore?: number;
    /** How long before the first step it was mailed by us; otherwise it was not. */
    mailedSecondsBefore?: number;
    hasPasscode?: boolean;
  };
  /** How many share links of the same sender there are; one unless told otherwise. */
  linkCount?: number;
  actors: Record<string, Actor>;
  steps: Step[];
}

export interface Actor {
  agent: Agent;
  /** Those who name the same network share an address; everybody else has their own. */
  network?: string;
  /** Instead of what such a browser sends; null: left out. */
  headers?: Record<string, string | null>;
  /** A glance is a person who leaves before anything can be told of them. */
  is: 'person' | 'glance' | 'machine' | 'ours';
  /** Of each visit in order, or of its requests when it begins none. */
  expected: JudgementClass | JudgementClass[];
  /** Carries no cookie from one visit to the next. */
  isForgetful?: boolean;
  /** Signed in as the sender. */
  isSignedIn?: boolean;
}

export interface Step {
  /** Seconds after the situation began. */
  at: number;
  who: string;
  does: 'get' | 'head' | 'trap' | 'begin' | 'read' | 'download';
  /** Which of the sender's share links. */
  link?: number;
  headers?: Record<string, string>;
  signals?: BrowserFacts;
  guest?: { email: string; isVerified: boolean };
  /** Active seconds on each of the pages from the first on. */
  seconds?: number[];
  hasInput?: boolean;
}

export interface Agent {
  userAgent: string;
  /** By its family a browser sends certain headers. */
  family: 'chromium' | 'firefox' | 'safari' | 'program';
  hasTouch?: boolean;
}

/** Opens the page, begins a visit after a second, and tells at the end how long it was active on which pages. */
export function stays(
  who: string,
  {
    at = 0,
    link = 0,
    seconds = [20, 15],
    hasInput = true,
    signals = {},
    guest,
  }: Partial<Step> & { at?: number } = {},
): Step[] {
  const total = seconds.reduce((sum, it) => sum + it, 0);
  return [
    { at, who, does: 'get', link },
    { at: at + 1, who, does: 'begin', link, signals: { ...atFirst, ...signals }, ...(guest && { guest }) },
    {
      at: at + 1 + total,
      who,
      does: 'read',
      link,
      seconds,
      hasInput,
      signals: { ...(hasInput ? handled : atFirst), ...signals },
    },
  ];
}

/** A page in front of somebody who has done nothing yet. */
export const atFirst: BrowserFacts = {
  isWebdriver: false,
  hasGeometry: true,
  hasHadFocus: true,
  isActivated: false,
  inputKinds: 0,
  msToFirstInput: null,
  hasMadeUpInput: false,
  hasScrolled: false,
  hasTouchedTrap: false,
};

/** After somebody scrolled and pressed. */
const handled: BrowserFacts = {
  ...atFirst,
  isActivated: true,
  inputKinds: 2,
  msToFirstInput: 900,
  hasScrolled: true,
};

/** A person alone with a browser of their own. */
export function person(agent: Agent, more: Partial<Actor> = {}): Actor {
  return { agent, is: 'person', expected: 'human-likely', ...more };
}

export function machine(agent: Agent, expected: Actor['expected'], more: Partial<Actor> = {}): Actor {
  return { agent, is: 'machine', expected, ...more };
}

export function program(userAgent: string): Agent {
  return { userAgent, family: 'program' };
}

/** A situation of one request by one program. */
export function asks(
  name: string,
  source: string,
  agent: Agent,
  expected: Actor['expected'],
  step: Partial<Step> = {},
  more: Partial<Actor> = {},
): Situation {
  return {
    name,
    source,
    actors: { it: machine(agent, expected, more) },
    steps: [{ at: 0, who: 'it', does: 'get', ...step }],
  };
}
