import { defineConfig } from 'rolldown';

export default defineConfig({
  input: { main: 'src/main.ts', 'hash-worker': 'src/storage/hash-worker.ts' },
  platform: 'node',
  // Binaries stay in node_modules; pg-native is an option of pg that is not installed.
  external: ['@node-rs/argon2', 'pg-native'],
  output: { dir: 'dist/bundle', format: 'esm', entryFileNames: '[name].js', cleanDir: true },
});
