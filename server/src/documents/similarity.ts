/*
 * What signatures say about two texts without reading them again. A signature is made in `child/minhash.ts`: the
 * share of equal places in two of them is, give or take 0.04, the overlap of their shingles, which is the number of
 * those that both texts have to the number that either has.
 */

const rowsPerBand = 3;

/** How much of two texts is the same, from 0 to 1: of all their shingles, those that stand in both. */
export function similarityOf(one: readonly number[], other: readonly number[]): number {
  if (one.length === 0 || one.length !== other.length) return 0;
  let equal = 0;
  for (let place = 0; place < one.length; place += 1) if (one[place] === other[place]) equal += 1;
  return similarityFrom(equal / one.length);
}

/**
 * People call two pages half the same when half of each stands in the other; of what either has, both then have
 * only a third.
 */
export function similarityFrom(overlap: number): number {
  return (2 * overlap) / (1 + overlap);
}

/** The other way round, for asking a database that counts equal places. */
export function overlapFrom(similarity: number): number {
  return similarity / (2 - similarity);
}

/**
 * A signature in 42 bands: texts with a similarity of 0.8 share at least one of them for certain, with 0.6 in 97% of
 * cases, with 0.5 in 79%, and texts that have little in common none, so a database that looks bands up finds what is
 * worth comparing. A band is a signed 32-bit number and differs by its place too.
 */
export function bandsOf(signature: readonly number[]): number[] {
  const bands: number[] = [];
  for (let start = 0; start + rowsPerBand <= signature.length; start += rowsPerBand) {
    let hash = Math.imul(start + 1, 0x9e3779b1);
    for (const value of signature.slice(start, start + rowsPerBand)) hash = mix(hash ^ value);
    bands.push(hash | 0);
  }
  return bands;
}

/** Every bit of the number touches every bit of the answer (the last step of MurmurHash3). */
function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
