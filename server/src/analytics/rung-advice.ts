import type { Rung, RungAdvice } from './contract.ts';

interface Standing {
  rung: Rung;
  isStale: boolean;
  ownerName: string | null;
  contentType: string | null;
  personas: string[];
  stages: string[];
  hasUseWhen: boolean;
  hasTalkTrack: boolean;
  publishedAt: Date;
  /** Shared or downloaded in the window or in the one before. */
  isUsedLately: boolean;
  windowEnd: Date;
  /** Else of certain buyers, of whom nobody can tell what happened inside. */
  isOfEverybody: boolean;
}

/** So long on the shelf and still not used: it had its time. */
const retireAfterDays = 365;

/**
 * The one thing to do about an asset where it stands. What is wrong with the asset itself comes first, then what holds
 * it where it is: that it isn't found, doesn't look right, isn't trusted, isn't opened or isn't read.
 */
export function adviseFor(asset: Standing): { advice: RungAdvice; says: string } {
  if (asset.isStale)
    return { advice: 'review', says: 'Review it: it is past its review date, or its owner has left' };
  if (asset.rung === 'published' && !asset.isOfEverybody)
    return { advice: 'brief', says: 'Brief the reps who sell to them' };
  const isOld = asset.windowEnd.getTime() - asset.publishedAt.getTime() >= retireAfterDays * 86_400_000;
  const isInside = asset.rung === 'published' || asset.rung === 'surfaced' || asset.rung === 'opened';
  if (isInside && isOld && !asset.isUsedLately)
    return {
      advice: 'retire',
      says: 'Retire it: out for over a year, and not used in these days or in those before',
    };
  if (asset.rung === 'published') return adviseUnseen(asset);
  return adviceOf[asset.rung](asset);
}

function adviseUnseen({ contentType, personas, stages, hasUseWhen }: Standing): {
  advice: RungAdvice;
  says: string;
} {
  const missing = [
    ...(contentType === null ? ['a content type'] : []),
    ...(personas.length === 0 ? ['a persona'] : []),
    ...(stages.length === 0 ? ['a stage'] : []),
    ...(hasUseWhen ? [] : ['a “use when” line']),
  ];
  if (missing.length === 0)
    return { advice: 'retitle', says: 'Retitle it in the words that reps search with: it is tagged well' };
  const list = new Intl.ListFormat('en-GB').format(missing);
  return { advice: 'tag', says: `Tag it: add ${list}` };
}

const adviceOf: Record<
  Exclude<Rung, 'published'>,
  (asset: Standing) => { advice: RungAdvice; says: string }
> = {
  surfaced: ({ hasUseWhen }) => ({
    advice: 'retitle',
    says: hasUseWhen ? 'Retitle it' : 'Retitle it: say when to use it',
  }),
  opened: ({ hasTalkTrack }) => ({
    advice: 'brief',
    says: hasTalkTrack ? 'Brief the reps' : 'Brief the reps: write a talk track first',
  }),
  shared: ({ hasTalkTrack }) => ({
    advice: 'brief',
    says: hasTalkTrack
      ? 'Brief the reps: change the talk track'
      : 'Brief the reps: write a talk track to send it with',
  }),
  reached: () => ({
    advice: 'fix',
    says: 'Fix it: shorten it, or move the answer to page 1',
  }),
  read: () => ({ advice: 'spread', says: 'Tell the reps who don’t use it yet' }),
  moved: () => ({ advice: 'keep', says: 'Keep it fresh' }),
};
