import type { SliceState } from '../slices/api.ts';
import { Question } from '../ui/question.tsx';

export function CoverageQuestion(_: { slice: SliceState }) {
  return <Question ask="Where are we thin or fat?" answer="This is not counted yet." />;
}
