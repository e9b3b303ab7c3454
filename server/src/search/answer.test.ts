import { expect, it } from 'vitest';
import { type AnswerCandidate, cutPassageFrom, isProof, shapeAnswer } from './answer.ts';

function candidate(assetId: string, given: Partial<AnswerCandidate> = {}): AnswerCandidate {
  return {
    assetId,
    title: assetId,
    score: 1,
    contentTypeIds: ['guide'],
    contentTypeWords: 'Guide',
    hasTalkTrack: false,
    isShareable: true,
    isRefused: false,
    ...given,
  };
}

it('the best is followed by another kind of content and by a proof', () => {
  expect(
    shapeAnswer([
      candidate('best'),
      candidate('same kind', { score: 0.95 }),
      candidate('story', {
        score: 0.9,
        contentTypeIds: ['case'],
        contentTypeWords: 'Case study, customer story',
      }),
      candidate('card', { score: 0.8, contentTypeIds: ['card'], hasTalkTrack: true }),
    ]),
  ).toEqual({ bestId: 'best', alternativeId: 'card', proofId: 'story', talkTrackId: 'card' });
});

it('what fits far worse, is nearly the same, or was refused is no alternative', () => {
  const other = { contentTypeIds: ['card'] };
  expect(
    shapeAnswer([candidate('best'), candidate('weak', { ...other, score: 0.3 })])?.alternativeId,
  ).toBeNull();
  expect(
    shapeAnswer([
      candidate('one', { title: 'Pricing guide for buyers' }),
      candidate('two', { ...other, title: 'Pricing guide for all buyers' }),
    ])?.alternativeId,
  ).toBeNull();
  expect(shapeAnswer([candidate('refused', { isRefused: true }), candidate('best')])?.bestId).toBe('best');
  expect(shapeAnswer([])).toBeNull();
});

it('what may be sent goes before what may not when it fits nearly as well, and what gave way is to be read', () => {
  const kept = candidate('kept', { isShareable: false, contentTypeIds: ['card'] });
  const other = { contentTypeIds: ['page'] };
  expect(
    shapeAnswer([kept, candidate('other', other), candidate('sent', { ...other, score: 0.9 })]),
  ).toMatchObject({
    bestId: 'other',
    alternativeId: 'kept',
  });
  expect(shapeAnswer([kept, candidate('weak', { ...other, score: 0.7 })])).toMatchObject({
    bestId: 'kept',
    alternativeId: 'weak',
  });
  const story = { contentTypeWords: 'Case study', isShareable: false };
  expect(shapeAnswer([candidate('story', story), candidate('sent')])).toMatchObject({
    bestId: 'sent',
    alternativeId: null,
    proofId: 'story',
  });
});

it('a proof is known by its kind or its title', () => {
  const proves = (title: string, contentTypeWords = '') => isProof({ title, contentTypeWords });
  expect(proves('Acme case study')).toBe(true);
  expect(proves('ROI calculator')).toBe(true);
  expect(proves('Acme', 'Case study, success story')).toBe(true);
  expect(proves('Proof of concept guide')).toBe(false);
  expect(proves('Roiling waters')).toBe(false);
});

it('a passage begins with the sentence that holds the words and ends with one', () => {
  const page = `# Security\n\nIntroduction.\n\n- **Who can see our code?** Only your own people can see it.\n${'More of it follows here. '.repeat(30)}`;
  const passage = cutPassageFrom(page, 'Who can see our code?');
  expect(passage).toMatch(/^Who can see our code\? Only your own people can see it\. More of it/);
  expect(passage).toMatch(/follows here\.$/);
  expect(passage?.length).toBeLessThanOrEqual(420);
  expect(cutPassageFrom(page, 'Nothing like it')).toBeNull();
  expect(cutPassageFrom('Too short. ', 'Too short.')).toBeNull();
  expect(cutPassageFrom('', '')).toBeNull();
});
