import { open } from 'node:fs/promises';

/**
 * What the list of streams of an old Office file says of it. Their names are looked for as bytes, wherever they stand:
 * following the chains of sectors would only give a hostile file more to lie about.
 */
export async function inspectCompoundFile(
  path: string,
): Promise<{ isEncrypted: boolean; hasMacros: boolean }> {
  const found = await findAll(path, {
    encryptedPackage: streamName('EncryptedPackage'),
    macros: streamName('_VBA_PROJECT'),
  });
  return { isEncrypted: found.has('encryptedPackage'), hasMacros: found.has('macros') };
}

function streamName(name: string): Buffer {
  return Buffer.from(`${name}\0`, 'utf16le');
}

async function findAll<K extends string>(path: string, wanted: Record<K, Buffer>): Promise<Set<K>> {
  const found = new Set<K>();
  const longest = 64;
  const handle = await open(path);
  try {
    let carried = Buffer.alloc(0);
    for await (const chunk of handle.createReadStream({ highWaterMark: 1_048_576 })) {
      const bytes = Buffer.concat([carried, chunk]);
      for (const key in wanted) if (bytes.includes(wanted[key])) found.add(key);
      carried = bytes.subarray(-longest);
    }
  } finally {
    await handle.close();
  }
  return found;
}
