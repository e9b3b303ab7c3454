/** As many as pages that are drawn and encoded at the same time. */
const keptCount = 3;
const kept: Buffer[] = [];

/** Pages of a document are mostly of one size, and to be given megabytes by the system takes as long as to draw on them. */
export function takeBuffer(length: number): Buffer {
  const index = kept.findIndex((buffer) => buffer.length === length);
  const [known] = index < 0 ? [] : kept.splice(index, 1);
  // Never from the pool that Node shares among small buffers: pixels are read four bytes at a time.
  return known ?? Buffer.allocUnsafeSlow(length);
}

/** For the next page. Nothing may read the buffer any more. */
export function returnBuffer(buffer: Buffer): void {
  kept.push(buffer);
  if (kept.length > keptCount) kept.shift();
}
