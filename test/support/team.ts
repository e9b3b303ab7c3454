import type { Role } from '../../server/src/http/actor.ts';

/** Somebody who has joined, as a browser or a script can act for them. */
export interface Member {
  name: string;
  email: string;
  password: string;
  cookie: { name: string; value: string };
  /** The body of the answer; an answer that is not a success fails. */
  // biome-ignore lint/suspicious/noExplicitAny: a test asserts what comes over the wire, whatever its type
  call(method: string, path: string, body?: unknown): Promise<any>;
}

const names: Record<Role, string> = {
  admin: 'Ada Admin',
  marketing: 'Mia Marketing',
  manager: 'Max Manager',
  rep: 'Rob Rep',
};

/** Sets a fresh instance up with an admin and one person for each of the other roles, through the API. */
export async function foundTeam<R extends Exclude<Role, 'admin'>>(
  url: string,
  roles: readonly R[],
): Promise<Record<R | 'admin', Member>> {
  const admin = await enter(url, '/setup', person('admin'));
  const team: Partial<Record<Role, Member>> = { admin };
  for (const role of roles) team[role] = await joinByInvite(url, admin, { ...person(role), role });
  return team as Record<R | 'admin', Member>;
}

/** The admin invites somebody, who chooses a password and is in. */
export async function joinByInvite(
  url: string,
  admin: Member,
  { name, email, role }: { name: string; email: string; role: Role },
): Promise<Member> {
  const { invite } = await admin.call('POST', '/users', { name, email, role });
  const token = new URL(invite.url).hash.slice(1);
  return enter(url, '/tickets/redeem', { name, email, password: `the password of ${role}`, token });
}

/** Somebody who has an account signs in. */
export function signIn(url: string, credentials: { email: string; password: string }): Promise<Member> {
  return enter(url, '/session', { name: credentials.email, ...credentials });
}

function person(role: Role) {
  return { name: names[role], email: `${role}@offshelf.example`, password: `the password of ${role}` };
}

async function enter(
  url: string,
  path: string,
  input: { name: string; email: string; password: string; token?: string },
): Promise<Member> {
  const answer = await send(url, '', 'POST', path, input);
  const [pair = ''] = (answer.headers.getSetCookie()[0] ?? '').split(';');
  const [name = '', value = ''] = pair.split('=', 2);
  const { email, password } = input;
  return {
    name: input.name,
    email,
    password,
    cookie: { name, value },
    call: async (method, to, body) => {
      const text = await (await send(url, pair, method, to, body)).text();
      return text ? JSON.parse(text) : undefined;
    },
  };
}

async function send(
  url: string,
  cookie: string,
  method: string,
  path: string,
  body: unknown,
): Promise<Response> {
  const headers: Record<string, string> = { origin: url, cookie };
  const isForm = body instanceof FormData;
  if (body !== undefined && !isForm) headers['content-type'] = 'application/json';
  const response = await fetch(`${url}/api${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
  return response;
}

/** A Markdown file that buyers may see, unless the fields say otherwise. */
export async function addAsset(
  member: Member,
  {
    title,
    text,
    ...fields
  }: { title: string; text: string; status?: string; audience?: string; termIds?: string[] },
): Promise<{ id: string; title: string }> {
  const form = new FormData();
  form.set('file', new Blob([text]), `${title}.md`);
  const { uploadTicket } = await member.call('POST', '/uploads', form);
  return member.call('POST', '/assets', {
    uploadTicket,
    title,
    audience: 'external',
    status: 'published',
    ...fields,
  });
}
