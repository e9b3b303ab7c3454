import type { NotRightReason } from '@offshelf/server/contract/search';

/** Why an asset was said to be not right, as it stands behind its title. */
export const notRightWords: Record<NotRightReason, string> = {
  off_topic: 'about something else',
  wrong_audience: 'not for this buyer',
  outdated: 'out of date',
  wrong: 'something in it is wrong',
  other: 'not right',
};
