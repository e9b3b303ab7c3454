/** The rows that the page shows and the template holds; columns beyond these are in the note below the table. */
const templateColumns = [
  'file',
  'url',
  'title',
  'description',
  'use_when',
  'content_type',
  'personas',
  'stages',
  'objections',
  'audience',
  'review_by',
  'owner_role',
] as const;

const templateRows: string[][] = [
  [
    'files/pricing-one-pager.pdf',
    '',
    'Pricing one-pager',
    'What each plan costs and what is in it.',
    'The buyer asks for a number before a call.',
    'One-pager',
    'Economic buyer;Procurement',
    'Proposal;Negotiation',
    'Too expensive',
    'external',
    '2027-03-31',
    'product marketing',
  ],
  [
    '',
    'https://example.com/customers/harbour',
    'Harbour case study',
    'How Harbour halved the time to onboard.',
    'A larger company asks who else does this.',
    'Case study',
    'Technical lead',
    'Evaluation',
    '',
    'external',
    '',
    'customer marketing',
  ],
];

/** A library.csv to fill in, with a byte order mark so that Excel keeps the accents. */
export function templateCsv(): string {
  const line = (cells: readonly string[]) =>
    cells.map((cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)).join(',');
  return `\ufeff${[templateColumns, ...templateRows].map(line).join('\r\n')}\r\n`;
}
