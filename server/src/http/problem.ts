import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express';
import { type ProblemCode, type ProblemDocument, problems } from './contract.ts';
import type { Log } from './log.ts';

export interface ProblemError {
  /** JSON pointer to the field at fault, e.g. `/body/title`. */
  pointer: string;
  detail: string;
}

/** The only thing that is thrown on purpose: a code of the problem table and a sentence that says what to do. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly errors: ProblemError[] | undefined;
  /** Travels as the header `Retry-After`. */
  retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail?: string, errors?: ProblemError[]) {
    super(detail ?? problems[code].title);
    this.name = 'Problem';
    this.code = code;
    this.errors = errors;
  }
}

/** The faults that a schema found in this part of a request, e.g. its `body`. */
export function listFaults(
  part: string,
  issues: readonly { path: readonly PropertyKey[]; message: string }[],
): ProblemError[] {
  const spell = (key: PropertyKey) => String(key).replaceAll('~', '~0').replaceAll('/', '~1');
  return issues.map(({ path, message }) => ({
    pointer: `/${[part, ...path].map(spell).join('/')}`,
    detail: message,
  }));
}

/** What travels of a problem; `instance` is the number of the request. */
export function toDocument(problem: Problem, instance: string): ProblemDocument {
  const { status, title } = problems[problem.code];
  return {
    type: `urn:offshelf:problem:${problem.code}`,
    title,
    status,
    detail: problem.message,
    instance,
    code: problem.code,
    ...(problem.errors && { errors: problem.errors }),
  };
}

function sendProblem(req: Request, res: Response, problem: Problem): void {
  if (res.headersSent) {
    res.destroy();
    return;
  }
  const document = toDocument(problem, requestId(req));
  if (problem.retryAfterSeconds !== undefined) res.set('Retry-After', String(problem.retryAfterSeconds));
  res
    .status(document.status)
    .type('application/problem+json')
    .set('Cache-Control', 'no-store')
    .send(JSON.stringify(document));
}

const requestIds = new WeakMap<Request, string>();

export function setRequestId(req: Request, value: string): void {
  requestIds.set(req, value);
}

export function requestId(req: Request): string {
  return requestIds.get(req) ?? 'unknown';
}

/** Says which problem an error of an outside library or of the platform stands for; the first match wins. */
export type ProblemTranslator = (error: unknown) => Problem | undefined;

export const noRoute: RequestHandler = (req, res) => {
  sendProblem(req, res, new Problem('not_found', 'There is nothing at this address.'));
};

/** The last middleware: deliberate problems are answered, anything else is a bug that is logged whole and told to no one. */
export function problemHandler(log: Log, translators: ProblemTranslator[]): ErrorRequestHandler {
  return (error, req, res, _next) => {
    const problem = error instanceof Problem ? error : translate(error, [...translators, translateBodyError]);
    if (problem) {
      // Whoever asked is told what to do; the cause, with its folders and addresses, is for the log.
      if (problem !== error && problems[problem.code].status >= 500)
        log.warn({ event: 'request_unavailable', requestId: requestId(req), code: problem.code, err: error });
      sendProblem(req, res, problem);
      return;
    }
    log.error({ event: 'request_failed', requestId: requestId(req), method: req.method, err: error });
    sendProblem(
      req,
      res,
      new Problem('internal', 'Try again. If it happens again, give your admin the number of this request.'),
    );
  };
}

function translate(error: unknown, translators: ProblemTranslator[]): Problem | undefined {
  for (const translator of translators) {
    const problem = translator(error);
    if (problem) return problem;
  }
  return undefined;
}

/** express.json() and the router throw errors with a `type` or a `status`. */
function translateBodyError(error: unknown): Problem | undefined {
  if (!(error instanceof Error)) return undefined;
  const { type, status } = error as Error & { type?: string; status?: number };
  if (type === 'entity.too.large')
    return new Problem('too_large', 'The body is larger than this address takes. Send less at once.');
  if (type === 'encoding.unsupported' || type === 'charset.unsupported')
    return new Problem('unsupported_media_type', 'Send the body as UTF-8 JSON without compression.');
  if (type?.startsWith('entity.') || type?.startsWith('request.'))
    return new Problem('malformed_body', 'The body is not valid JSON. Check it and send it again.');
  if (type === 'parameters.too.many')
    return new Problem('too_large', 'The form has more fields than this address takes.');
  if (status === 416)
    return new Problem('range_not_satisfiable', 'Ask for a part within the file, or for the whole file.');
  if (status === 400)
    return new Problem('invalid_request', 'The address could not be read. Check its %-encoding.');
  if (status !== undefined && status > 400 && status < 500)
    return new Problem('invalid_request', 'Check the headers of the request and send it again.');
  return undefined;
}
