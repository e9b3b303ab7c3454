import { createHash, randomBytes } from 'node:crypto';
import type { IdKind } from './contract.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new id: the kind's prefix, nine characters of time so that ids sort by age, and 62 random bits. */
export function newId(kind: IdKind): string {
  const time = Date.now().toString(36).padStart(9, '0');
  let random = '';
  while (random.length < 12) {
    const byte = takeRandomByte();
    if (byte < 252) random += alphabet[byte % 36];
  }
  return `${kind}_${time}${random}`;
}

let pool = Buffer.alloc(0);
let taken = 0;

/** Asking the system for a few bytes at a time takes longer than everything else about an id. */
function takeRandomByte(): number {
  if (taken >= pool.length) {
    pool = randomBytes(4_096);
    taken = 0;
  }
  return pool.readUInt8(taken++);
}

/** An unguessable secret of 192 random bits, safe in a URL. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Secrets are looked up by this and never stored themselves. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
