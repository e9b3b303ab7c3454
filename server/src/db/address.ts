import { createHmac } from 'node:crypto';
import { domainToASCII, domainToUnicode } from 'node:url';
import { type RawBuilder, sql } from 'kysely';

/** An e-mail address as it may stand in the database: in any case, and with its host name in either script. */
export interface Address {
  /** As it is shown. */
  email: string;
  /** Folded: what is the same mailbox has one of these. */
  spellings: string[];
  /** A PostgreSQL pattern that finds it in text, and not within a longer address. */
  pattern: string;
  /** What is taken out of text that holds it: the address, and the names that are known to go with it. */
  removed: string;
  /** Quick to look for; what has none of these is not looked at by the pattern. */
  likes: string[];
}

export function readAddress(typed: string): Address {
  const email = foldAddress(typed);
  const at = email.lastIndexOf('@');
  const [name, host] = [email.slice(0, at), email.slice(at + 1)];
  const hosts = [host, domainToASCII(host), domainToUnicode(host).normalize('NFC')].filter(Boolean);
  const spellings = [...new Set(hosts.map((each) => `${name}@${each}`))];
  const written = [...new Set(spellings.flatMap((each) => [each, encodeURIComponent(each).toLowerCase()]))];
  const pattern = `(?<![[:alnum:]_.+-]|[[:alnum:]]')(${written.map(escapePattern).join('|')})(?![[:alnum:]_-]|[.][[:alnum:]])`;
  return {
    email,
    spellings,
    pattern,
    removed: pattern,
    likes: [...new Set(written.flatMap((each) => [each, each.normalize('NFD')]))].map(
      (each) => `%${each.replace(/[\\%_]/g, '\\$&')}%`,
    ),
  };
}

/** A lone first name is too many people's and too many words to be taken out of text. */
export function withNames(address: Address, names: string[]): Address {
  const full = names.map((name) => name.trim().normalize('NFC')).filter((name) => /\S\s+\S/.test(name));
  if (full.length === 0) return address;
  const words = full.map((name) => name.split(/\s+/).map(escapePattern).join('[[:space:]]+'));
  return { ...address, removed: `${address.pattern}|(?<![[:alnum:]])(${words.join('|')})(?![[:alnum:]])` };
}

/** The same mailbox, however it was typed. */
export function foldAddress(typed: string): string {
  return typed.trim().normalize('NFC').toLowerCase();
}

/** Says nothing to anybody without the instance key, and the same of the same mailbox each time. */
export function hashAddress(instanceKey: Buffer, folded: string): string {
  return createHmac('sha256', instanceKey).update(`visitor\0${folded}`).digest('base64url');
}

/** Whether this column holds the address and nothing else. */
export function isAddress(column: string, { spellings }: Address): RawBuilder<boolean> {
  return sql<boolean>`coalesce(lower(normalize(trim(${sql.ref(column)}), nfc)) = any(${spellings}::text[]), false)`;
}

/** Whether the address stands somewhere in this column, whatever its type. */
export function mentions(column: string, { pattern, likes }: Address): RawBuilder<boolean> {
  const text = sql`${sql.ref(column)}::text`;
  return sql<boolean>`coalesce(
    lower(${text}) like any(${likes}::text[]) and normalize(${text}, nfc) ~* ${pattern}::text, false)`;
}

/** The text of this column with the address and the names taken out; right in JSON, too, where it stands within a string. */
export function withoutAddress(column: string, { removed }: Address): RawBuilder<string> {
  return sql<string>`regexp_replace(normalize(${sql.ref(column)}::text, nfc), ${removed}::text, '[erased]', 'gi')`;
}

function escapePattern(text: string): string {
  return text.replace(/[^\p{L}\p{N}\p{M}_@%-]/gu, '\\$&');
}
