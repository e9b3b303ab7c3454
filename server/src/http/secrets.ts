import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';

/** Hashes a password or passcode with argon2id (19 MiB, two passes), after OWASP's password storage advice. */
export function hashSecret(secret: string): Promise<string> {
  return hash(secret.normalize('NFKC'));
}

export function verifySecret(hashed: string, secret: string): Promise<boolean> {
  return verify(hashed, secret.normalize('NFKC'));
}

const derivedKeys = new WeakMap<Buffer, Map<string, Buffer>>();

/** One key per purpose, so that a token of one kind can never pass as another. */
function deriveKey(instanceKey: Buffer, purpose: string): Buffer {
  const keys = derivedKeys.get(instanceKey) ?? new Map<string, Buffer>();
  derivedKeys.set(instanceKey, keys);
  const key =
    keys.get(purpose) ?? Buffer.from(hkdfSync('sha256', instanceKey, '', `offshelf:${purpose}`, 32));
  keys.set(purpose, key);
  return key;
}

/** Encrypts text with AES-256-GCM; only `unseal` with the same instance key and purpose reads it. */
export function seal(instanceKey: Buffer, purpose: string, plain: string): string {
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(instanceKey, purpose), iv);
  return Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  );
}

/** Answers undefined for text that was changed or sealed with another key. */
export function unseal(instanceKey: Buffer, purpose: string, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url');
  if (bytes.length < 28) return undefined;
  try {
    const decipher = createDecipheriv('aes-256-gcm', deriveKey(instanceKey, purpose), bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(-16));
    return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]).toString('utf8');
  } catch {
    return undefined;
  }
}

/** Appends an HMAC-SHA-256 to a payload that may be read by anybody but made by us only. */
export function sign(instanceKey: Buffer, purpose: string, payload: string): string {
  const body = Buffer.from(payload, 'utf8').toString('base64url');
  return `${body}.${macOf(instanceKey, purpose, body).toString('base64url')}`;
}

/** The payload of a signed text, or undefined when the signature is not ours. */
export function unsign(instanceKey: Buffer, purpose: string, signed: string): string | undefined {
  const [body, mac, ...rest] = signed.split('.');
  if (!body || !mac || rest.length > 0) return undefined;
  const given = Buffer.from(mac, 'base64url');
  const expected = macOf(instanceKey, purpose, body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return Buffer.from(body, 'base64url').toString('utf8');
}

function macOf(instanceKey: Buffer, purpose: string, body: string): Buffer {
  return createHmac('sha256', deriveKey(instanceKey, purpose)).update(body).digest();
}
