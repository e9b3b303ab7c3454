import { resolve } from 'node:path';
import { defineConfig } from 'vite';

// The server reads these two files and puts them into each page, so their names stay the same.
export default defineConfig({
  publicDir: false,
  build: {
    outDir: resolve(import.meta.dirname, 'dist/viewer'),
    target: ['es2022', 'safari16'],
    cssTarget: ['safari16'],
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: resolve(import.meta.dirname, 'src/viewer/viewer.ts'),
      output: { entryFileNames: 'viewer.js', assetFileNames: 'viewer[extname]' },
    },
  },
});
