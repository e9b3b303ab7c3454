import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const server = 'http://127.0.0.1:7420';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  server: {
    port: 5173,
    proxy: {
      '/api': server,
      '/s': { target: server, bypass: notOfTheApp },
      '/t': { target: server, bypass: notOfTheApp },
    },
  },
  build: {
    outDir: 'dist/app',
    // `/assets/…` are pages of the app.
    assetsDir: 'assets-built',
    emptyOutDir: true,
    target: 'es2023',
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // What every page needs and what seldom changes stays cached across releases.
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            {
              name: 'tanstack',
              test: /node_modules[\\/]@tanstack[\\/](query|react-query|router|react-router|history|store|react-store)/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
});

/** `/s` and `/t` are prefixes of the app's own addresses too (`/settings`, `/src`). */
function notOfTheApp(req: { url?: string }): string | undefined {
  return /^\/[st]\//.test(req.url ?? '') ? undefined : req.url;
}
