import * as contract from '@offshelf/server/contract/auth';
import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { useRef } from 'react';
import { call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';

export type { Role } from '@offshelf/server/contract/auth';
export type SignedInUser = typeof contract.signedInUser._output;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call(contract.readSession, { signal }),
  staleTime: 5 * 60_000,
});

/** Who is signed in and what this instance can do. Routes load it before any page shows. */
export function useSession() {
  return useSuspenseQuery(sessionQuery).data;
}

/** The signed-in user; only for pages behind the sign-in. A page that is being left keeps the user it was shown to. */
export function useUser(): SignedInUser {
  const { user } = useSession();
  const latest = useRef(user);
  if (user) latest.current = user;
  if (!latest.current) throw new Error('This page was shown without a signed-in user.');
  return latest.current;
}

/** Those who own the library's content. */
export function isCurator(user: SignedInUser): boolean {
  return user.role === 'admin' || user.role === 'marketing';
}

/** Forgets everything that the last session saw, then reads the new one. */
export async function renewSession(): Promise<void> {
  queryClient.removeQueries({ predicate: (query) => query.queryKey[0] !== 'session' });
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

/** Ends the session, leaves the page, and only then forgets: a page that still shows would ask anew for what is gone. */
export async function signOut(leave: () => Promise<void>): Promise<void> {
  await call(contract.signOut);
  queryClient.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, user: null });
  try {
    await leave();
  } finally {
    await renewSession();
  }
}

export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) => call(contract.listUsers, { signal }),
});

export const roleWords: Record<contract.Role, { name: string; may: string }> = {
  rep: { name: 'Rep', may: 'Finds assets, makes share links, sees what became of them.' },
  manager: { name: 'Manager', may: 'Everything a rep may, and sees the shelf of the team.' },
  marketing: { name: 'Marketing', may: 'Owns the library: adds, edits and imports assets and terms.' },
  admin: { name: 'Admin', may: 'Everything, also users and background jobs.' },
};
