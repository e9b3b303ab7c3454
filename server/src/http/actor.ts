import type { Request } from 'express';

export const roles = ['admin', 'marketing', 'manager', 'rep'] as const;
export type Role = (typeof roles)[number];

/** The signed-in user on whose behalf a request runs. */
export interface Actor {
  userId: string;
  name: string;
  email: string;
  role: Role;
}

/** Who may call an endpoint: anybody at all, or the signed-in users of these roles. */
export type Access = 'anybody' | readonly Role[];

export const anybody = 'anybody' satisfies Access;
export const everyUser = roles satisfies Access;
/** Those who own the library's content. */
export const curators = ['admin', 'marketing'] as const satisfies Access;
export const admins = ['admin'] as const satisfies Access;

/** Whether the actor keeps the library: sees drafts and archived assets, and changes any. */
export function isCurator({ role }: Actor): boolean {
  return (curators as readonly Role[]).includes(role);
}

const actors = new WeakMap<Request, Actor>();

/** Set once, by the session middleware. */
export function setActor(req: Request, actor: Actor): void {
  actors.set(req, actor);
}

export function findActor(req: Request): Actor | undefined {
  return actors.get(req);
}
