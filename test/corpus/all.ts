import { mailScanners } from './mail-scanners.ts';
import { habits, networks, onDesktops, onPhones } from './people.ts';
import { loadedAhead, programs } from './programs.ts';
import type { Situation } from './situation.ts';
import { unfurlers } from './unfurlers.ts';

export const corpus: readonly Situation[] = [
  ...unfurlers,
  ...mailScanners,
  ...loadedAhead,
  ...programs,
  ...onDesktops,
  ...onPhones,
  ...networks,
  ...habits,
];
