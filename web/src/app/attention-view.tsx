import { Freshness } from '../analytics/freshness.tsx';
import { AttentionPage } from '../attention/attention-page.tsx';
import { SliceBar } from '../slices/slice-bar.tsx';

/** How one asset is read, with the bar of the report that says in which days and by which buyers. */
export function AttentionView() {
  return <AttentionPage bar={<SliceBar isOfOneAsset aside={<Freshness />} />} />;
}
