import type { DimensionKey } from '../taxonomy/contract.ts';

/** How much it says that a word of the query stands in a field, where a title that holds it says 1. */
export const fieldWeights = {
  /** Whoever wrote the title said in a few words what the asset is. */
  title: 1,
  /** Tags and the words that people use for them were chosen with care, but many assets share them. */
  tag: 0.6,
  /** When to use it is written for the very question that a rep asks. */
  useWhen: 0.5,
  /** What to say with it speaks of the same matter, in more words. */
  talkTrack: 0.4,
  /** A description tells what is inside, often besides other things. */
  description: 0.35,
  /** A heading says what a page is about. */
  pageHeading: 0.3,
  /** A word on a page may be said by the way. */
  page: 0.15,
};

/** How much a word counts that is not quite the one that was asked for. */
export const wordWeights = {
  /** The word itself, apart from case and accents. */
  exact: 1,
  /** Another form of it, such as a plural: the same matter in other grammar. */
  form: 0.9,
  /** A longer word that begins like the last one, which is perhaps still being typed. */
  completion: 0.75,
  /** A word that it is taken for, because nothing or hardly anything holds it as it was typed. */
  respelling: 0.7,
};

/** Words that follow each other in the question and stand so in an asset, too, are more likely meant there. */
export const pairWeights = {
  /** So much of the fit they make out; the words themselves are the rest. */
  share: 0.2,
  /** In a text they say a little less than in a title or a tag. */
  inText: 0.8,
};

/** What makes one fitting asset come before another. Together the lesser ones never outweigh half the fit. */
export const rankingWeights = {
  /** How well the words fit is what was asked for. */
  fit: 1,
  /** The share of the situation that the asset's tags meet: somebody chose them for just such a moment. */
  situation: 0.5,
  /** What was published or changed lately is more likely to hold. */
  freshness: 0.06,
  /** An asset past its review date, or without its owner, may mislead a buyer. */
  verified: 0.06,
  /** Use by others breaks ties and no more: an old favourite must not bury a better fit. */
  evidence: 0.05,
};

/** How much it says about what somebody wants that a term of this dimension stands in the words. */
export const dimensionWeights: Record<DimensionKey, number> = {
  /** What has to be answered decides what helps. */
  objection: 1,
  /** Who asks, and how far they are, colours the answer. */
  persona: 0.7,
  stage: 0.7,
  /** What it is about is often said by the way, and the words find it, too. */
  industry: 0.4,
  region: 0.4,
  product: 0.4,
  language: 0.4,
  content_type: 0.4,
};

/** How far a reading is trusted: terms that are most of what was typed were meant, a word of a long text perhaps not. */
export const trustWeights = {
  /** Times the share of the telling words that were understood, up to full trust. */
  perShare: 1.5,
  /** An objection is never said by the way. */
  objection: 0.2,
};

/** When the figures above are reached. */
export const rankingScales = {
  /** After so many days half the freshness is gone. */
  freshHalfLifeDays: 120,
  /** So many people who shared it within 90 days are as good as more. */
  fullSharers: 8,
  /** So many human opens within 90 days are as good as more. */
  fullOpens: 30,
  /** Each "not right" takes away what so many sharers gave. */
  sharersPerNotRight: 1,
};

/** A rep wants to send something, so what may be shared is the answer when it is nearly as good as what may not. */
export const shareableFrom = 0.85;

/** Places on the first page that new assets get, so that they have a chance to be used at all. */
export const reservedForNew = {
  /** Low enough that the best answers stay on top. */
  places: [3, 8],
  /** So many days an asset is new. */
  days: 30,
  /** A new asset has to be nearly as good as what it goes before. */
  leastShareOfScore: 0.65,
};
