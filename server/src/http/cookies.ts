import type { Request } from 'express';
import type { Config } from '../config.ts';

/** Every value that a browser sent under this name; another page of the host may have set one of the same. */
export function listCookies(req: Request, name: string): string[] {
  return (req.headers.cookie ?? '').split(';').flatMap((part) => {
    const [key = '', ...value] = part.split('=');
    return key.trim() === name ? [value.join('=').trim()] : [];
  });
}

/** Over https a cookie must never travel in the clear. */
export function needsSecureCookies({ publicUrl }: Config): boolean {
  return publicUrl.startsWith('https://');
}

/** The same of cookies that prospects get, whose pages may be at an address of their own. */
export function needsSecureShareCookies({ shareUrl }: Config): boolean {
  return shareUrl.startsWith('https://');
}
