import type { RequestHandler } from 'express';
import { Problem } from './problem.ts';

const harmless = new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Refuses every write that does not say that it comes from our own pages. Browsers send `Origin` with
 * each write and a page can not change it, so this stops forged requests without tokens in forms.
 */
export function refuseOtherOrigins(publicUrl: string): RequestHandler {
  const ownOrigin = new URL(publicUrl).origin;
  return (req, _res, next) => {
    if (harmless.has(req.method) || isOwn(req.headers.origin, req.headers.host)) {
      next();
      return;
    }
    next(
      new Problem(
        'wrong_origin',
        `Send an Origin header that names this instance. If people use another address than ${ownOrigin}, set PUBLIC_URL to it.`,
      ),
    );
  };

  function isOwn(origin: string | undefined, host: string | undefined): boolean {
    if (!origin || !URL.canParse(origin)) return false;
    return origin === ownOrigin || new URL(origin).host === host;
  }
}
