import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const features = [
  'auth',
  'accounts',
  'taxonomy',
  'assets',
  'rendering',
  'search',
  'shares',
  'tracking',
  'analytics',
];
const foundations = ['http', 'db', 'jobs', 'storage'];

/** Outside client → the only places that may import it. */
const owners: [RegExp, RegExp][] = [
  [/^kysely(\/|$)/, /^server\/src\/(db\/|jobs\/|[a-z]+\/([a-z-]+-)?queries\.ts)/],
  [/^postgres$/, /^server\/src\/db\//],
  [/^pg$/, /^server\/src\/jobs\//],
  [/^graphile-worker$/, /^server\/src\/(jobs|db)\//],
  [/^@aws-sdk\//, /^server\/src\/storage\/s3\.ts/],
  [/^multer$/, /^server\/src\/assets\/upload\.ts/],
  [/^nodemailer$/, /^server\/src\/auth\/mail\.ts/],
];

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => existsSync(join(root, file)) && /\.(ts|tsx|mjs|css)$/.test(file));
const sources = files.filter((file) => /^(server|web)\/src\/.*\.tsx?$/.test(file));

interface Import {
  from: string;
  to: string;
}

const imports: Import[] = sources.flatMap((from) =>
  [...readFileSync(join(root, from), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)].map((match) => {
    const to = match[1] ?? '';
    return { from, to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to };
  }),
);
const isTest = (file: string) => /\.test\.tsx?$/.test(file);
const folderOf = (file: string) => /^(?:server|web)\/src\/([a-z]+)\//.exec(file)?.[1] ?? '';
const show = ({ from, to }: Import) => `${from} → ${to}`;

test('there is something to look at', () => {
  expect(sources.length).toBeGreaterThan(80);
  expect(imports.length).toBeGreaterThan(300);
});

test('a feature imports only the service and the contract of features to its left', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [here, there] = [features.indexOf(folderOf(from)), features.indexOf(folderOf(to))];
    if (!from.startsWith('server/') || here < 0 || there < 0 || here === there || isTest(from)) return false;
    return there > here || !/\/(service|contract|session)\.ts$/.test(to);
  });
  expect(wrong.map(show)).toEqual([]);
});

test('the foundations and the context know no feature', () => {
  const wrong = imports.filter(
    ({ from, to }) =>
      (foundations.includes(folderOf(from)) || from === 'server/src/context.ts') &&
      from.startsWith('server/') &&
      features.includes(folderOf(to)),
  );
  expect(wrong.map(show)).toEqual([]);
});

test('the browser sees contracts only, and the viewer nothing of the app', () => {
  const wrong = imports.filter(({ from, to }) => {
    if (!from.startsWith('web/')) return false;
    if (
      to.startsWith('server/') ||
      (to.startsWith('@offshelf/server') && !to.startsWith('@offshelf/server/contract/'))
    )
      return true;
    return from.startsWith('web/src/viewer/') && !to.startsWith('web/src/viewer/') && !isTest(from);
  });
  expect(wrong.map(show)).toEqual([]);
});

test('a web feature imports nothing of another but its api.ts', () => {
  const wrong = imports.filter(({ from, to }) => {
    const [here, there] = [folderOf(from), folderOf(to)];
    if (!from.startsWith('web/') || !to.startsWith('web/') || here === there) return false;
    return features.includes(there) && here !== 'app' && !to.endsWith('/api.ts');
  });
  expect(wrong.map(show)).toEqual([]);
});

test('each outside client has one owner', () => {
  const wrong = imports.filter(({ from, to }) =>
    owners.some(
      ([client, owner]) =>
        client.test(to) && from.startsWith('server/src/') && !isTest(from) && !owner.test(from),
    ),
  );
  expect(wrong.map(show)).toEqual([]);
});

test('only main.ts reads the environment', () => {
  const readers = sources.filter(
    (file) =>
      !isTest(file) &&
      /process\.env/.test(readFileSync(join(root, file), 'utf8')) &&
      file !== 'server/src/main.ts',
  );
  expect(readers).toEqual([]);
});

test('relative imports name a file', () => {
  const wrong = imports.filter(
    ({ to }) => /^(server|web)\//.test(to) && !/\.(ts|tsx|css|svg|json)(\?\w+)?$/.test(to),
  );
  expect(wrong.map(show)).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const long = files
    .filter((file) => file !== 'server/src/db/types.ts')
    .map((file) => ({ file, lines: readFileSync(join(root, file), 'utf8').split('\n').length - 1 }))
    .filter(({ lines }) => lines > 400);
  expect(long).toEqual([]);
});

test('the top level holds what it should and nothing else', () => {
  const top = new Set(
    execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
      .split('\n')
      .flatMap((file) => (file ? [file.split('/')[0] ?? ''] : []))
      .filter((name) => !name.startsWith('.')),
  );
  expect([...top].toSorted()).toEqual([
    'README.md',
    'db',
    'docker-compose.yml',
    'package-lock.json',
    'package.json',
    'scripts',
    'server',
    'test',
    'tsconfig.base.json',
    'web',
  ]);
});

test('every direct dependency is pinned exactly', () => {
  const versions = ['package.json', 'server/package.json', 'web/package.json'].flatMap((file) => {
    const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
    return Object.entries<string>({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
  });
  expect(versions.length).toBeGreaterThan(30);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
