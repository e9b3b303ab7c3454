import { expect, test } from 'vitest';
import { layOut } from './answer-parts.ts';
import type { SearchAnswer, SearchHit } from './api.ts';

const hit = (id: string, notRight: SearchHit['notRight'] = null, audience = 'external') =>
  ({ asset: { id, audience }, notRight }) as SearchHit;
const shapes = (answer: Partial<NonNullable<SearchAnswer['answer']>>, hits: SearchHit[]) =>
  layOut(
    { answer: { alternative: null, proof: null, ...answer }, message: null } as SearchAnswer,
    hits,
  ).list.map(({ key, shape, part }) => [key, shape, part].filter(Boolean).join(' '));

test('an answer leads the rest, and what is internal beside it is to be read', () => {
  const [best, other, proof] = [hit('best'), hit('other', null, 'internal'), hit('proof')];
  expect(shapes({ best, alternative: other, proof }, [other, best, hit('more')])).toEqual([
    'best best Best answer',
    'other side To read yourself',
    'proof side A proof',
    'more row More that fits',
  ]);
  expect(shapes({ best: other, alternative: best }, [other, best])).toContain('best side An alternative');
});

test('the next best takes the place of an answer that was put aside', () => {
  const [best, other, proof] = [hit('best', 'outdated'), hit('other'), hit('proof')];
  expect(shapes({ best, alternative: other, proof }, [best, other, hit('more')])).toEqual([
    'other best Best answer',
    'proof side A proof',
    'best row',
    'more row More that fits',
  ]);
  expect(shapes({ best, proof }, [best, proof, hit('more')])).toEqual([
    'more best Best answer',
    'proof side A proof',
    'best row',
  ]);
  expect(shapes({ best }, [best])).toEqual(['best row']);
  expect(shapes({ best: hit('only'), proof: hit('proof', 'wrong') }, [])).toEqual([
    'only best Best answer',
    'proof row',
  ]);
});
