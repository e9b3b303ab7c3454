import { useQuery } from '@tanstack/react-query';
import { influenceLineQuery } from './api.ts';
import { lineWords } from './influence-words.ts';

/** What is known of an asset's influence, or how far that is, in a line. */
export function AssetInfluenceLine({ assetId }: { assetId: string }) {
  const { data } = useQuery(influenceLineQuery(assetId));
  if (!data) return null;
  return <p className="quiet">{lineWords(data)}</p>;
}
