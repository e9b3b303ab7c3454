import { z } from 'zod';

/**
 * Every problem the API can answer: one spelling, one status, one title.
 * The detail of an occurrence says what happened and what to do next.
 */
export const problems = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  malformed_body: { status: 400, title: 'The body could not be read' },
  not_signed_in: { status: 401, title: 'You are not signed in' },
  wrong_credentials: { status: 401, title: 'E-mail or password is wrong' },
  passcode_required: { status: 401, title: 'This share link needs a passcode' },
  forbidden: { status: 403, title: 'You may not do this' },
  wrong_origin: { status: 403, title: 'The request came from another site' },
  quarantined: { status: 403, title: 'This file is kept aside' },
  not_found: { status: 404, title: 'Not found' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  conflict: { status: 409, title: 'Somebody else changed this' },
  already_exists: { status: 409, title: 'This is already there' },
  already_set_up: { status: 409, title: 'This instance is already set up' },
  duplicate_file: { status: 409, title: 'This file is already in the library' },
  share_link_expired: { status: 410, title: 'This share link has expired' },
  share_link_revoked: { status: 410, title: 'This share link was withdrawn' },
  ticket_expired: { status: 410, title: 'This link has been used or has expired' },
  too_large: { status: 413, title: 'The upload is too large' },
  unsupported_media_type: { status: 415, title: 'This kind of body is not understood' },
  range_not_satisfiable: { status: 416, title: 'That part of the file does not exist' },
  refused_file: { status: 422, title: 'This file cannot be taken' },
  refused_import: { status: 422, title: 'This import cannot be read' },
  too_many_attempts: { status: 429, title: 'Too many tries' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'Offshelf is not available right now' },
  storage_unavailable: { status: 507, title: 'The file store cannot take this' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

/** RFC 9457 `application/problem+json`, with a stable `code` and the fields at fault. */
export const problemDocument = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  instance: z.string(),
  code: z.string(),
  errors: z.array(z.object({ pointer: z.string(), detail: z.string() })).optional(),
});
export type ProblemDocument = z.infer<typeof problemDocument>;

/** A point in time: ISO 8601 in UTC on the wire, a `Date` on both sides of it. */
export const instant = z.codec(z.iso.datetime({ offset: true }), z.date(), {
  decode: (text) => new Date(text),
  encode: (date) => date.toISOString(),
});

/** A calendar day without a time zone, `2026-11-22`. */
export const day = z.iso.date();

const idKinds = [
  'usr',
  'trm',
  'ast',
  'ver',
  'act',
  'imp',
  'rnd',
  'srh',
  'svs',
  'req',
  'col',
  'lnk',
  'rcp',
  'vis',
  'hit',
  'room',
  'que',
  'code',
  'acc',
  'con',
  'deal',
  'din',
  'fup',
  'job',
  'rej',
  'prv',
  'ntf',
  'whk',
  'whd',
  'dec',
  'svw',
  'obn',
  'fla',
] as const;
export type IdKind = (typeof idKinds)[number];

/** An id is text with the prefix of its kind: `ast_3f…`; another kind's id is refused. */
export function id(kind: IdKind) {
  return z
    .string()
    .regex(new RegExp(`^${kind}_[0-9a-z]{10,40}$`), `This must be an id that starts with ${kind}_.`);
}

/** One page of a list. The cursor is opaque; null means that there is no more. */
export function list<Item extends z.ZodType>(item: Item) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() });
}

/** The query of every list that pages. */
export const paging = {
  cursor: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
};

/** A query parameter that may be given several times: `?stage=a&stage=b`. */
export function many<Item extends z.ZodType<string, string>>(item: Item) {
  return z
    .union([z.array(item), item])
    .optional()
    .transform((value) => (value === undefined ? [] : Array.isArray(value) ? value : [value]));
}

const nothing = z.object({});

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

export interface Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Response extends z.ZodType = z.ZodType,
> {
  method: Method;
  /** Below `/api`. */
  path: `/${string}`;
  params: Params;
  query: Query;
  body: Body;
  response: Response;
  /** What success is: 200, 201 for a POST that creates, 204 without a body. */
  status: 200 | 201 | 202 | 204;
  /** How the body travels: JSON, one multipart form that the route reads itself, or none. */
  bodyKind: 'json' | 'multipart' | 'none';
  /** Largest JSON body that is read. */
  bodyLimitBytes: number;
}

interface EndpointInput<P, Q, B, R> {
  method: Method;
  path: `/${string}`;
  params?: P;
  query?: Q;
  body?: B;
  response?: R;
  status?: 200 | 201 | 202 | 204;
  bodyKind?: 'multipart';
  bodyLimitBytes?: number;
}

/** Declares what may be asked and what is answered; the server and the browser both hold to it. */
export function endpoint<
  P extends z.ZodType = typeof nothing,
  Q extends z.ZodType = typeof nothing,
  B extends z.ZodType = typeof nothing,
  R extends z.ZodType = z.ZodVoid,
>(input: EndpointInput<P, Q, B, R>): Endpoint<P, Q, B, R> {
  const createsByDefault = input.method === 'POST' ? 201 : 200;
  return {
    method: input.method,
    path: input.path,
    params: (input.params ?? nothing) as P,
    query: (input.query ?? nothing) as Q,
    body: (input.body ?? nothing) as B,
    response: (input.response ?? z.void()) as R,
    status: input.status ?? (input.response ? createsByDefault : 204),
    bodyKind: input.bodyKind ?? (input.body ? 'json' : 'none'),
    bodyLimitBytes: input.bodyLimitBytes ?? 1_048_576,
  };
}

/** What a caller hands over: the parsed shape, where a field with a default may be left out. */
export type Caller<S extends z.ZodType> = {
  [K in keyof z.output<S> as K extends keyof z.input<S>
    ? undefined extends z.input<S>[K]
      ? never
      : K
    : never]: z.output<S>[K];
} & {
  [K in keyof z.output<S> as K extends keyof z.input<S>
    ? undefined extends z.input<S>[K]
      ? K
      : never
    : never]?: z.output<S>[K];
};
