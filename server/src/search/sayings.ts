/**
 * How people in sales say the same thing, whatever they sell. A term whose name or synonym is one of a line's sayings
 * is also understood by the others; a taxonomy that has none of them is left as it is.
 */
export const sayings: string[][] = [
  [
    'too expensive',
    'costs too much',
    'price is too high',
    'price too high',
    'no budget',
    'over budget',
    'out of our budget',
    'cannot afford it',
    'cheaper elsewhere',
    'cheaper alternative',
    'need a discount',
  ],
  [
    'not a priority',
    'no priority',
    'not a priority now',
    'no urgency',
    'next quarter',
    'next year',
    'postponed',
  ],
  ['low adoption', 'low usage', 'nobody will use it', 'nobody uses it', 'shelfware'],
  [
    'build it ourselves',
    'we would build it ourselves',
    'in-house tool',
    'built our own tool',
    'home-grown tool',
  ],
  ['vendor lock-in', 'lock-in', 'locked in'],
  ['no resources', 'no capacity', 'no time', 'no people to install it'],
];
