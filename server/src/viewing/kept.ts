/** Values by their key, up to so many bytes in all; what was asked for last stays longest. */
export interface Kept<T> {
  get(key: string): T | undefined;
  /** Keeps a value until a change of one of those that it depends on is told of. One that is too large is not kept. */
  keep(key: string, value: T, dependsOn?: readonly string[]): void;
  /** Counts a value anew that has grown or shrunk. */
  measure(key: string): void;
  forget(key: string): void;
  forgetDependents(changed: string): void;
  clear(): void;
}

interface Entry<T> {
  value: T;
  bytes: number;
  dependsOn: readonly string[];
}

export function createKept<T>(mostBytes: number, sizeOf: (value: T) => number): Kept<T> {
  const entries = new Map<string, Entry<T>>();
  const dependents = new Map<string, Set<string>>();
  let bytes = 0;

  function forget(key: string): void {
    const entry = entries.get(key);
    if (!entry) return;
    entries.delete(key);
    bytes -= entry.bytes;
    for (const id of entry.dependsOn) {
      const keys = dependents.get(id);
      keys?.delete(key);
      if (keys?.size === 0) dependents.delete(id);
    }
  }

  function makeRoom(): void {
    for (const oldest of entries.keys()) {
      if (bytes <= mostBytes) break;
      forget(oldest);
    }
  }

  return {
    get(key) {
      const entry = entries.get(key);
      if (!entry) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return entry.value;
    },
    keep(key, value, dependsOn = []) {
      forget(key);
      const size = sizeOf(value) + 2 * key.length;
      if (size > mostBytes / 8) return;
      entries.set(key, { value, bytes: size, dependsOn });
      bytes += size;
      for (const id of dependsOn) dependents.set(id, (dependents.get(id) ?? new Set()).add(key));
      makeRoom();
    },
    measure(key) {
      const entry = entries.get(key);
      if (!entry) return;
      const size = sizeOf(entry.value) + 2 * key.length;
      bytes += size - entry.bytes;
      entry.bytes = size;
      makeRoom();
    },
    forget,
    forgetDependents(changed) {
      for (const key of dependents.get(changed) ?? []) forget(key);
    },
    clear() {
      entries.clear();
      dependents.clear();
      bytes = 0;
    },
  };
}
