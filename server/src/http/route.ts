import { type IRouter, json, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import { type Access, type Actor, findActor } from './actor.ts';
import type { Endpoint } from './contract.ts';
import { listFaults, Problem, type ProblemError } from './problem.ts';

interface RouteInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> {
  params: z.output<P>;
  query: z.output<Q>;
  body: z.output<B>;
  req: Request;
  res: Response;
}

type Handler<A, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> = (
  input: RouteInput<P, Q, B> & { actor: A },
) => Promise<z.output<R>> | z.output<R>;

export interface RouteEntry {
  endpoint: Endpoint;
  access: Access;
}

const entries: RouteEntry[] = [];

/** Every endpoint that was mounted, for the test that walks endpoint × role. */
export function listRouteEntries(): readonly RouteEntry[] {
  return entries;
}

/**
 * Mounts an endpoint: refuses who may not call it, parses params, query and body, and answers with
 * nothing but what the contract names. With `anybody` the actor may be missing.
 */
export function route<
  A extends Access,
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
>(
  router: IRouter,
  endpoint: Endpoint<P, Q, B, R>,
  access: A,
  handler: Handler<A extends 'anybody' ? Actor | undefined : Actor, P, Q, B, R>,
): void {
  const existing = entries.find(
    (e) => e.endpoint.method === endpoint.method && e.endpoint.path === endpoint.path,
  );
  if (!existing) entries.push({ endpoint: endpoint as unknown as Endpoint, access });
  const readJson = jsonReader(endpoint.bodyLimitBytes);
  const verb = endpoint.method.toLowerCase() as 'get' | 'post' | 'patch' | 'put' | 'delete';
  router[verb](endpoint.path, async (req, res) => {
    const actor = admit(req, access);
    const faults: ProblemError[] = [];
    const input = {
      params: parse(endpoint.params, req.params, 'params', faults),
      query: parse(endpoint.query, req.query, 'query', faults),
      body:
        endpoint.bodyKind === 'json' ? parse(endpoint.body, await readJson(req, res), 'body', faults) : {},
    };
    if (faults.length > 0) refuse(faults);
    const answer = await handler({ ...input, req, res, actor } as never);
    if (res.headersSent || res.writableEnded) return;
    if (endpoint.status === 204) {
      res.status(204).end();
      return;
    }
    res.status(endpoint.status).set('Cache-Control', 'no-store').json(z.encode(endpoint.response, answer));
  });
}

function admit(req: Request, access: Access): Actor | undefined {
  const actor = findActor(req);
  if (access === 'anybody') return actor;
  if (!actor) throw new Problem('not_signed_in', 'Sign in and try again.');
  if (!access.includes(actor.role))
    throw new Problem(
      'forbidden',
      `This needs the role ${access.join(' or ')}. Ask an admin if you need it.`,
    );
  return actor;
}

/** Bodies are read only after the caller was let in, so that strangers can not make us hold large ones. */
function jsonReader(limit: number) {
  const read: RequestHandler = json({ limit });
  return async (req: Request, res: Response): Promise<unknown> => {
    await new Promise<void>((resolve, reject) => {
      read(req, res, (error?: unknown) => (error ? reject(error) : resolve()));
    });
    if (req.body !== undefined) return req.body;
    const hasBody =
      Number(req.headers['content-length'] ?? 0) > 0 || req.headers['transfer-encoding'] !== undefined;
    if (hasBody) throw new Problem('unsupported_media_type', 'Send the body as application/json.');
    return {};
  };
}

function parse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  place: string,
  faults: ProblemError[],
): z.output<S> | undefined {
  const result = z.safeDecode(schema, value as z.input<S>);
  if (result.success) return result.data;
  faults.push(...listFaults(place, result.error.issues));
  return undefined;
}

function refuse(faults: ProblemError[]): never {
  const inPath = faults.find((fault) => fault.pointer.startsWith('/params/'));
  if (inPath) throw new Problem('not_found', 'Nothing has this id. Check the address.');
  const first = faults[0];
  const field = first?.pointer.split('/').slice(2).join('.') ?? '';
  throw new Problem('invalid_request', field ? `${field}: ${first?.detail}` : first?.detail, faults);
}
