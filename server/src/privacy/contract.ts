import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';
import { keptKind } from '../settings/contract.ts';
import { recipientEmail } from '../shares/contract.ts';

/** How many rows of which table. */
const counts = z.record(z.string(), z.int());

/** What a look through every text and JSON column of the database found. */
export const proof = z.object({
  checkedAt: instant,
  tableCount: z.int(),
  columnCount: z.int(),
  /** Where the address still stands; nothing of it is about the person's own data. */
  left: z.array(z.object({ table: z.string(), column: z.string(), count: z.int() })),
  /** Too large to be looked through in the time that there was. */
  unchecked: z.array(z.string()),
  /** Files of what waits to be written in which the address stands. */
  waitingFileCount: z.int(),
});
export type Proof = z.infer<typeof proof>;

export const privacyRequest = z.object({
  id: id('prv'),
  kind: z.enum(['export', 'erase']),
  /** For whoever knows the address and has the instance key: HMAC-SHA-256 of each way to write it. */
  addressHashes: z.array(z.string()),
  /** Null where it was asked for by command. */
  requestedBy: z.string().nullable(),
  requestedAt: instant,
  counts,
  proof: proof.nullable(),
});
export type PrivacyRequest = z.infer<typeof privacyRequest>;

const personBody = z.object({ email: recipientEmail });

export const readPrivacy = endpoint({
  method: 'GET',
  path: '/privacy',
  response: z.object({
    sweeps: z.array(z.object({ kind: keptKind, sweptAt: instant, deletedCount: z.int() })),
    requests: z.array(privacyRequest),
  }),
});

/** Looks through all kinds of rows now instead of at night. */
export const sweepNow = endpoint({
  method: 'POST',
  path: '/privacy/sweeps',
  status: 202,
  response: z.object({}),
});

/** What is known, in numbers; nothing is changed. The address is never part of a URL. */
export const lookUpPerson = endpoint({
  method: 'POST',
  path: '/privacy/look-ups',
  status: 200,
  body: personBody,
  response: z.object({
    /** Rows that erasing would change, by table. */
    counts,
    /** Whose address this is, if somebody signs in with it. */
    userName: z.string().nullable(),
    /** When the same address was erased before. */
    erasedAt: instant.nullable(),
  }),
});
export type LookUp = z.infer<typeof lookUpPerson.response>;

/** Everything that is known, in the order in which one would ask for it. */
export const exportPerson = endpoint({
  method: 'POST',
  path: '/privacy/exports',
  status: 200,
  body: personBody,
  response: z.record(z.string(), z.unknown()),
});

export const erasePerson = endpoint({
  method: 'POST',
  path: '/privacy/erasures',
  body: personBody,
  response: privacyRequest,
});
