import type { JudgementClass } from '@offshelf/server/contract/judging';
import type { Tone } from './badges.tsx';

interface ClassWords {
  name: string;
  tone: Tone;
  /** People and doubtful visits are shown at once; the rest one click away. */
  isHidden: boolean;
}

/** What a visit is judged to be, in plain words. */
export const classWords: Record<JudgementClass, ClassWords> = {
  'human-confirmed': { name: 'A person', tone: 'good', isHidden: false },
  'human-likely': { name: 'Probably a person', tone: 'good', isHidden: false },
  unsure: { name: 'Not sure', tone: 'look', isHidden: false },
  scanner: { name: 'Mail scanner', tone: 'quiet', isHidden: true },
  preview: { name: 'Link preview', tone: 'quiet', isHidden: true },
  prefetch: { name: 'Loaded ahead', tone: 'quiet', isHidden: true },
  bot: { name: 'Bot', tone: 'quiet', isHidden: true },
  agent: { name: 'AI agent', tone: 'quiet', isHidden: true },
  internal: { name: 'Our own visit', tone: 'quiet', isHidden: true },
};
