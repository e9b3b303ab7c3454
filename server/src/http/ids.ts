import { createHash, randomBytes } from 'node:crypto';
import type { IdKind } from './contract.ts';

const alphabet = '0123456789abcdefghijklmnopqrstuvwxyz';

/** A new id: the kind's prefix, nine characters of time so that ids sort by age, and 62 random bits. */
export function newId(kind: IdKind): string {
  const time = Date.now().toString(36).padStart(9, '0');
  let random = '';
  while (random.length < 12) {
    for (const byte of randomBytes(16)) if (byte < 252 && random.length < 12) random += alphabet[byte % 36];
  }
  return `${kind}_${time}${random}`;
}

/** An unguessable secret of 192 random bits, safe in a URL. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Secrets are looked up by this and never stored themselves. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('base64url');
}
