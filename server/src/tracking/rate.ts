import { networkOf, plainAddressOf } from '../http/client-address.ts';

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

/** Whom a limit counts together: one IPv4 address, or the network of an IPv6 address, which one person has whole. */
export function limitKeyOf(address: string | undefined): string {
  const plain = plainAddressOf(address);
  return plain.includes(':') ? networkOf(plain) : plain;
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

/** What a page said last of its surroundings, so that saying it again costs nothing. */
export function createFactsMemory() {
  let known = new Map<string, string>();
  return {
    isNew(visitId: string, facts: object): boolean {
      const said = JSON.stringify(facts);
      if (known.get(visitId) === said) return false;
      if (known.size >= mostVisits) known = new Map();
      known.set(visitId, said);
      return true;
    },
  };
}
