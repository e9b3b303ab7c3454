/** A limit on how often something may happen, kept in this process: a bucket per key that refills steadily. */
export interface RateLimit {
  /** Takes one; false when there is none left. */
  take(key: string, now: number): boolean;
}

interface Bucket {
  level: number;
  at: number;
}

const mostKeys = 50_000;

export function createRateLimit({ perSecond, burst }: { perSecond: number; burst: number }): RateLimit {
  let recent = new Map<string, Bucket>();
  let older = new Map<string, Bucket>();
  return {
    take(key, now) {
      let bucket = recent.get(key);
      if (!bucket) {
        bucket = older.get(key) ?? { level: burst, at: now };
        recent.set(key, bucket);
        // Two generations bound the memory: a key that is not seen for one whole generation is forgotten.
        if (recent.size > mostKeys) {
          older = recent;
          recent = new Map();
        }
      }
      bucket.level = Math.min(burst, bucket.level + (Math.max(0, now - bucket.at) / 1000) * perSecond);
      bucket.at = now;
      if (bucket.level < 1) return false;
      bucket.level -= 1;
      return true;
    },
  };
}

const mostVisits = 20_000;
const mostTabs = 100;

/** Every tab of a visit keeps rows of its own, so a visit may not have any number of them. */
export function createTabLimit() {
  let known = new Map<string, Set<string>>();
  return {
    admits(visitId: string, tabKey: string): boolean {
      const tabs = known.get(visitId);
      if (tabs) return tabs.has(tabKey) || (tabs.size < mostTabs && tabs.add(tabKey).size > 0);
      if (known.size >= mostVisits) known = new Map();
      known.set(visitId, new Set([tabKey]));
      return true;
    },
  };
}
