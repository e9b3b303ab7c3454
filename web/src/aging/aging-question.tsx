import type { SliceState } from '../slices/api.ts';
import { Question } from '../ui/question.tsx';

export function AgingQuestion(_: { slice: SliceState }) {
  return <Question ask="What is going off?" answer="This is not counted yet." />;
}
