/** How much it says that a word of the query stands in a field, where a title that holds it says 1. */
export const fieldWeights = {
  /** Whoever wrote the title said in a few words what the asset is. */
  title: 1,
  /** Tags and the words that people use for them were chosen with care, but many assets share them. */
  tag: 0.8,
  /** When to use it is written for the very question that a rep asks. */
  useWhen: 0.6,
  /** What to say with it speaks of the same matter, in more words. */
  talkTrack: 0.45,
  /** A description tells what is inside, often besides other things. */
  description: 0.4,
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
