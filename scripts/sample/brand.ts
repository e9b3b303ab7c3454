/** The look of the fictional company, shared by every writer. Colours without '#', as Office formats want them. */
export const brand = {
  company: 'Tarrowby',
  site: 'www.tarrowby.example',
  navy: '17324D',
  orange: 'D9692A',
  ink: '22303C',
  quiet: '66747F',
  pale: 'EEF3F7',
  line: 'D5DEE6',
  white: 'FFFFFF',
} as const;

/** Files carry this date, so that the same content always has the same hash, whatever the day of the demo. */
export const documentDate = new Date('2026-01-12T09:00:00Z');
