import type { SliceState } from '../slices/api.ts';
import { Question } from '../ui/question.tsx';

export function GapsQuestion(_: { slice: SliceState }) {
  return <Question ask="What did sales ask for and not find?" answer="This is not counted yet." />;
}
