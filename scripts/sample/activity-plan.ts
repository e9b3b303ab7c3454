import type { SampleDeal } from './deals.ts';
import type { SamplePerson } from './people.ts';

/** What the plan needs to know of an asset; `pageCount` is one when it is left out. */
export type ActivityAsset = {
  key: string;
  audience: string;
  publishedAt: Date | null;
  contentType: string;
  personas: string[];
  stages: string[];
  objections: string[];
  /** Where it may be used; left out or "Global" means anywhere. */
  regions?: string[];
  pageCount?: number;
};

export type PlannedSearch = {
  at: Date;
  userEmail: string;
  query: string;
  /** Asset keys in rank order. */
  shownKeys: string[];
  /** The first two fitted alike, and chance put one of them first. */
  isTie?: boolean;
  openedKeys: string[];
  /** How long what was opened stayed open. */
  dwellMs: number | null;
};

type PlannedOpen = {
  at: Date;
  userEmail: string;
  assetKey: string;
  via: 'search' | 'browse';
  dwellMs: number;
};
type PlannedDownload = { at: Date; userEmail: string; assetKey: string };

/** The steps of the usage ladder above "published", lowest first. */
export type Rung =
  | 'published'
  | 'surfaced'
  | 'opened'
  | 'shared'
  | 'opened-by-person'
  | 'read'
  | 'deal-moved';

export type ActivityPlan = {
  searches: PlannedSearch[];
  opens: PlannedOpen[];
  downloads: PlannedDownload[];
  shareLinks: PlannedShareLink[];
  requests: PlannedRequest[];
};

export type ActivityInput = {
  assets: ActivityAsset[];
  users: SamplePerson[];
  deals: SampleDeal[];
  today: Date;
  seed: number;
};

export type PlannedRequest = {
  title: string;
  details: string;
  status: 'open' | 'planned' | 'done' | 'declined';
  /** By name, of any dimension. */
  terms: string[];
  /** The searches that it came from; null when somebody asked freely. */
  query: string | null;
  dueInDays: number | null;
  answer: string;
  userEmail: string;
  voterEmails: string[];
  at: Date;
  closedAt: Date | null;
};

type JudgementClass = 'human-likely' | 'human-confirmed' | 'unsure' | 'scanner' | 'preview' | 'bot';

export type PlannedJudgement = { class: JudgementClass; probability: number; reasons: string[] };

/** A raw request to the share link: people, mail filters and chat tools alike. */
type PlannedHit = { at: Date; method: 'GET' | 'HEAD'; userAgent: string };

export type PlannedVisit = {
  startedAt: Date;
  userAgent: string;
  /** Tells the browsers of one share link apart; 1 is the recipient's. */
  visitor: number;
  /** By which key the visitor is known; a cookie when it is left out. */
  knownBy?: { key: 'code' | 'email' | 'daily' | 'visit'; email?: string; name?: string };
  country?: string;
  pages: { page: number; activeMs: number }[];
  judgement: PlannedJudgement;
};

export type PlannedFollowUp = {
  at: Date;
  userEmail: string;
  kind: 'mail' | 'call' | 'meeting';
  note: string;
};

export type PlannedShareLink = {
  userEmail: string;
  assetKey: string;
  /** A channel has a name and nothing else. */
  recipient: { name: string; email: string | null; account: string | null };
  /** What a guest is asked; nothing when it is left out. */
  gate?: 'ask' | 'required' | 'verified';
  /** Made by the recipient's own forward button: for whom, and by which of the visitors. */
  forwards?: { link: PlannedShareLink; byVisitor: number }[];
  followUps?: PlannedFollowUp[];
  /** The deal that the share link belongs to; null when none was open. */
  dealExternalId: string | null;
  createdAt: Date;
  expiresAt: Date | null;
  message: string;
  revokedAt: Date | null;
  hits: PlannedHit[];
  visits: PlannedVisit[];
};
