import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// The server reads these files and puts them into each page, so their names stay the same. Each page has all it needs in
// one script and one style: those of rooms are built by themselves, in the mode `room`.
export default defineConfig(({ mode }) => ({
  publicDir: false,
  build: {
    emptyOutDir: mode !== 'room',
    outDir: resolve(import.meta.dirname, 'dist/viewer'),
    target: ['es2022', 'safari16'],
    cssTarget: ['safari16'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: resolve(import.meta.dirname, `src/viewer/${nameOf(mode)}.ts`),
      output: { entryFileNames: `${nameOf(mode)}.js`, assetFileNames: `${nameOf(mode)}[extname]` },
    },
  },
}));

function nameOf(mode: string): string {
  return mode === 'room' ? 'room' : 'viewer';
}
