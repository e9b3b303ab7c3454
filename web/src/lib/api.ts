import type { Caller, Endpoint, ProblemCode } from '@offshelf/server/contract/http';
import { problemDocument } from '@offshelf/server/contract/http';
import { z } from 'zod';

/** Faults that never reached the server, or that it answered in a way we can't read. */
type LocalCode = 'unreachable' | 'unexpected_answer';

interface ProblemInput {
  code: string;
  title: string;
  status: number;
  detail: string;
  errors?: { pointer: string; detail: string }[] | undefined;
  requestId?: string | undefined;
}

/** What went wrong, why, and what to do: the only error that `call` and `uploadWithProgress` throw, besides an abort. */
export class ApiProblem extends Error {
  readonly code: ProblemCode | LocalCode;
  readonly title: string;
  /** 0 when the server was not reached. */
  readonly status: number;
  readonly detail: string;
  readonly errors: { pointer: string; detail: string }[];
  readonly requestId: string | undefined;

  constructor(input: ProblemInput) {
    super(`${input.title}. ${input.detail}`);
    this.name = 'ApiProblem';
    this.code = input.code as ProblemCode | LocalCode;
    this.title = input.title;
    this.status = input.status;
    this.detail = input.detail;
    this.errors = input.errors ?? [];
    this.requestId = input.requestId;
  }
}

/** The faults of a request's body by field (`recipient.email`), as a form's `setErrors` takes them. */
export function fieldErrors(error: unknown): Record<string, string> {
  if (!(error instanceof ApiProblem)) return {};
  return Object.fromEntries(
    error.errors
      .filter((fault) => fault.pointer.startsWith('/body/'))
      .map((fault) => [fault.pointer.slice('/body/'.length).replaceAll('/', '.'), fault.detail]),
  );
}

/** What is left to show above the submit button once a form shows the faults of these fields itself. */
export function problemBeside(error: unknown, fields: object): unknown {
  const faults = Object.keys(fieldErrors(error));
  const isShown = faults.length > 0 && faults.every((fault) => (fault.split('.')[0] ?? '') in fields);
  return isShown ? undefined : error;
}

type Part<Name extends string, S extends z.ZodType> =
  Record<never, never> extends Caller<S> ? { [K in Name]?: Caller<S> } : { [K in Name]: Caller<S> };

export type CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<'params', P> &
  Part<'query', Q> &
  Part<'body', B> & { signal?: AbortSignal | undefined };

type CallArguments<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> =
  Record<never, never> extends CallInput<P, Q, B>
    ? [input?: CallInput<P, Q, B>]
    : [input: CallInput<P, Q, B>];

/** Asks an endpoint of a contract and answers what the contract promises, with real dates. */
export async function call<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
>(endpoint: Endpoint<P, Q, B, R>, ...[input]: CallArguments<P, Q, B>): Promise<z.output<R>> {
  const { params, query, body, signal } = (input ?? {}) as RawInput;
  const hasBody = endpoint.bodyKind === 'json';
  let response: Response;
  try {
    response = await fetch(endpointUrl(endpoint.path, params, query), {
      method: endpoint.method,
      credentials: 'same-origin',
      headers: { accept: 'application/json', ...(hasBody && { 'content-type': 'application/json' }) },
      ...(hasBody && { body: JSON.stringify(body ?? {}) }),
      ...(signal && { signal }),
    });
  } catch (error) {
    if (isAbort(error)) throw error;
    throw unreachable();
  }
  const text = await response.text();
  if (!response.ok) throw problemOf(response.status, text);
  return decode(endpoint, response.status, text);
}

interface RawInput {
  params?: Record<string, unknown>;
  query?: Record<string, unknown>;
  body?: unknown;
  signal?: AbortSignal;
}

/** Where an endpoint is, with its parameters filled in: `/api/assets/ast_…?limit=20`. */
function endpointUrl(
  path: string,
  params: Record<string, unknown> = {},
  query: Record<string, unknown> = {},
): string {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(params[name])));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === null) continue;
    for (const item of Array.isArray(value) ? value : [value])
      search.append(name, item instanceof Date ? item.toISOString() : String(item));
  }
  const suffix = search.toString();
  return `/api${filled}${suffix && `?${suffix}`}`;
}

interface UploadInput<P extends z.ZodType, Q extends z.ZodType> {
  file: File;
  params?: Caller<P>;
  query?: Caller<Q>;
  /** Between 0 and 1; 1 means sent, not yet answered. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
  /** The file is the whole body, for endpoints that take it as it is. */
  isRaw?: boolean;
}

/** Sends one file, as the `file` field of a multipart form unless it is raw. `fetch` can't tell how much was sent, so this doesn't use it. */
export function uploadWithProgress<
  P extends z.ZodType,
  Q extends z.ZodType,
  B extends z.ZodType,
  R extends z.ZodType,
>(
  endpoint: Endpoint<P, Q, B, R>,
  { file, params, query, onProgress, signal, isRaw = false }: UploadInput<P, Q>,
): Promise<z.output<R>> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(abortError());
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    signal?.addEventListener('abort', abort, { once: true });
    request.open(
      endpoint.method,
      endpointUrl(
        endpoint.path,
        params as Record<string, unknown> | undefined,
        query as Record<string, unknown> | undefined,
      ),
    );
    request.setRequestHeader('accept', 'application/json');
    request.upload.onprogress = (event) => onProgress?.(event.total > 0 ? event.loaded / event.total : 0);
    request.onabort = () => reject(abortError());
    request.onerror = () => reject(unreachable());
    request.onload = () => {
      if (request.status < 200 || request.status > 299)
        return reject(problemOf(request.status, request.responseText));
      try {
        resolve(decode(endpoint, request.status, request.responseText));
      } catch (error) {
        reject(error);
      }
    };
    request.onloadend = () => signal?.removeEventListener('abort', abort);
    if (isRaw) {
      // What a browser takes a file for depends on the machine; the server needs to know that an upload comes.
      request.setRequestHeader('content-type', 'application/octet-stream');
      request.send(file);
      return;
    }
    const form = new FormData();
    form.append('file', file, file.name);
    request.send(form);
  });
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

function abortError(): DOMException {
  return new DOMException('The upload was cancelled.', 'AbortError');
}

function decode<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType>(
  endpoint: Endpoint<P, Q, B, R>,
  status: number,
  text: string,
): z.output<R> {
  if (endpoint.status === 204) return undefined as z.output<R>;
  const result = z.safeDecode(endpoint.response, parseJson(text) as z.input<R>);
  if (result.success) return result.data;
  throw new ApiProblem({
    code: 'unexpected_answer',
    title: 'This page does not understand the answer',
    status,
    detail: 'Offshelf was probably updated while this page was open. Reload the page.',
  });
}

function unreachable(): ApiProblem {
  return new ApiProblem({
    code: 'unreachable',
    title: 'Offshelf cannot be reached',
    status: 0,
    detail: 'Check your connection, then try again. Nothing that you entered is lost.',
  });
}

function problemOf(status: number, text: string): ApiProblem {
  const result = problemDocument.safeParse(parseJson(text));
  if (result.success) {
    const { code, title, detail, errors, instance } = result.data;
    return new ApiProblem({ code, title, status, detail, errors, requestId: instance });
  }
  return new ApiProblem({
    code: status >= 500 ? 'unavailable' : 'unexpected_answer',
    title: status >= 500 ? 'Offshelf is not available right now' : 'This page does not understand the answer',
    status,
    detail: `Something between you and Offshelf answered with status ${status}. Wait a minute, then try again.`,
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
