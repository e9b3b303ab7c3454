import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import express, { type RequestHandler, Router } from 'express';

const builtFolder = resolve(import.meta.dirname, '../../../web/dist/app');

/** Mantine sets inline styles, hence 'unsafe-inline' for styles; scripts come from our own files only. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the built web app; every page address that is not a file answers its one HTML page. */
export function serveWebApp(): RequestHandler {
  const router = Router();
  router.use((_req, res, next) => {
    res.set({ 'Content-Security-Policy': contentSecurityPolicy, 'X-Frame-Options': 'DENY' });
    next();
  });
  router.use(
    '/assets-built',
    express.static(resolve(builtFolder, 'assets-built'), { immutable: true, maxAge: '1y', index: false }),
    // A tab from before an update asks for scripts that are gone; the page instead of them would be no script either.
    (_req, res) => void res.status(404).type('text').send('There is no such file in this version.\n'),
  );
  router.use(express.static(builtFolder, { index: false, maxAge: '1h' }));
  router.get('/{*page}', (req, res, next) => {
    if (!req.accepts('html')) {
      next();
      return;
    }
    if (!existsSync(resolve(builtFolder, 'index.html'))) {
      res.status(503).type('text').send('The web app is not built. Start Offshelf with: npm start\n');
      return;
    }
    res.set('Cache-Control', 'no-cache').sendFile('index.html', { root: builtFolder });
  });
  return router;
}
