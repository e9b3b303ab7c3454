import type { SliceState } from '../slices/api.ts';
import { Question } from '../ui/question.tsx';

export function InfluenceQuestion(_: { slice: SliceState }) {
  return <Question ask="What helps deals move?" answer="This is not counted yet." />;
}
