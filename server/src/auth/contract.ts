import { z } from 'zod';
import { endpoint, id, instant } from '../http/contract.ts';

export const role = z.enum(['admin', 'marketing', 'manager', 'rep']);
export type Role = z.infer<typeof role>;

export const emailAddress = z.email('This must be an e-mail address.').max(254);
/** Prospects read it as the sender of mails, so it can neither break a line nor turn one around. */
const personName = z
  .string()
  .trim()
  .min(1, 'Give a name.')
  .max(120)
  .regex(/^[^\p{Cc}\u202a-\u202e\u2066-\u2069]*$/u, 'Write the name on one line, in plain letters.');
const password = z
  .string()
  .min(12, 'Use at least 12 characters. A few words are easy to remember.')
  .max(200, 'Use at most 200 characters.');

export const signedInUser = z.object({
  id: id('usr'),
  name: z.string(),
  email: z.string(),
  role,
  team: z.string().nullable(),
});

/** The browser's first question: who am I, and what is this instance able to do? */
export const readSession = endpoint({
  method: 'GET',
  path: '/session',
  response: z.object({
    user: signedInUser.nullable(),
    isSetUp: z.boolean(),
    canMail: z.boolean(),
    maxUploadBytes: z.int(),
    hasSampleData: z.boolean(),
  }),
});

export const setUp = endpoint({
  method: 'POST',
  path: '/setup',
  body: z.object({ name: personName, email: emailAddress, password }),
  response: signedInUser,
});

export const signIn = endpoint({
  method: 'POST',
  path: '/session',
  body: z.object({ email: z.string().max(254), password: z.string().max(200) }),
  response: signedInUser,
});

export const signOut = endpoint({ method: 'DELETE', path: '/session' });

export const updateMe = endpoint({
  method: 'PATCH',
  path: '/me',
  body: z.object({
    name: personName.optional(),
    newPassword: password.optional(),
    currentPassword: z.string().max(200).optional(),
  }),
  response: signedInUser,
});

export const user = z.object({
  id: id('usr'),
  name: z.string(),
  email: z.string(),
  role,
  team: z.string().nullable(),
  state: z.enum(['invited', 'active', 'deactivated']),
  isSample: z.boolean(),
  createdAt: instant,
});
export type User = z.infer<typeof user>;

export const listUsers = endpoint({
  method: 'GET',
  path: '/users',
  response: z.object({ items: z.array(user) }),
});

/** The URL is shown once so that it can be copied; it is mailed too when a mail server is set. */
export const ticketLink = z.object({ url: z.string(), isMailed: z.boolean(), expiresAt: instant });

export const inviteUser = endpoint({
  method: 'POST',
  path: '/users',
  body: z.object({
    name: personName,
    email: emailAddress,
    role,
    team: z.string().trim().max(80).nullable().default(null),
  }),
  response: z.object({ user, invite: ticketLink }),
});

export const updateUser = endpoint({
  method: 'PATCH',
  path: '/users/:userId',
  params: z.object({ userId: id('usr') }),
  body: z.object({
    name: personName.optional(),
    role: role.optional(),
    team: z.string().trim().max(80).nullable().optional(),
    isActive: z.boolean().optional(),
  }),
  response: user,
});

/** A fresh invitation for somebody who has not joined yet, a password reset for everybody else. */
export const createTicket = endpoint({
  method: 'POST',
  path: '/users/:userId/tickets',
  params: z.object({ userId: id('usr') }),
  response: ticketLink,
});

/** Answers the same whether or not the address exists. */
export const requestReset = endpoint({
  method: 'POST',
  path: '/password-resets',
  body: z.object({ email: z.string().max(254) }),
});

const ticketToken = z.string().min(20).max(100);

export const readTicket = endpoint({
  method: 'POST',
  path: '/tickets/read',
  body: z.object({ token: ticketToken }),
  response: z.object({ kind: z.enum(['invite', 'reset']), name: z.string(), email: z.string() }),
  status: 200,
});

export const redeemTicket = endpoint({
  method: 'POST',
  path: '/tickets/redeem',
  body: z.object({ token: ticketToken, password }),
  response: signedInUser,
});
