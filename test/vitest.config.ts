import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

const unit = [
  'server/src/**/*.test.ts',
  'web/src/**/*.test.{ts,tsx}',
  'scripts/**/*.test.ts',
  'test/architecture.test.ts',
];

// What is polled for is polled for long: a machine that does other work too must not fail a test.
const expect = { poll: { timeout: 15_000 } };
// What runs in several processes and a browser is tried once more before it fails; the report names what needed it.
const retry = 1;

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    projects: [
      { test: { name: 'unit', include: unit } },
      {
        test: {
          name: 'api',
          include: ['test/{api,suites}/**/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 60_000,
          expect,
          retry,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/support/global-setup.ts',
          testTimeout: 180_000,
          expect,
          retry,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
