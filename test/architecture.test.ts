import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, resolve } from 'node:path';
import { expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '..');
/** From left to right: a feature knows those before it. */
const features = [
  'auth',
  'settings',
  'accounts',
  'deals',
  'taxonomy',
  'assets',
  'rendering',
  'collections',
  'indexing',
  'search',
  'requests',
  'shares',
  'rooms',
  'judging',
  'tracking',
  'viewing',
  'notifications',
  'activity',
  'feedback',
  'privacy',
  'rollups',
  'slices',
  'decisions',
  'analytics',
  'attention',
  'influence',
  'coverage',
  'aging',
  'team',
  'report',
];
const foundations = ['http', 'db', 'jobs', 'storage', 'documents', 'words', 'statistics'];

/** Outside client → the only places that may import it. */
const owners: [RegExp, RegExp][] = [
  [/^kysely(\/|$)/, /^server\/src\/(db\/[a-z-]+|jobs\/[a-z-]+|[a-z]+\/([a-z-]+-)?queries)\.ts$/],
  [/^postgres$/, /^server\/src\/db\/[a-z-]+\.ts$/],
  [/^pg$/, /^server\/src\/jobs\/[a-z-]+\.ts$/],
  // The queue brings tables of its own, which are migrated with ours.
  [/^graphile-worker$/, /^server\/src\/(jobs\/[a-z-]+|db\/migrate)\.ts$/],
  [/^meilisearch$/, /^server\/src\/indexing\/meilisearch\.ts$/],
  [/^@aws-sdk\//, /^server\/src\/storage\/s3\.ts$/],
  [/^multer$/, /^server\/src\/assets\/upload\.ts$/],
  [/^nodemailer$/, /^server\/src\/auth\/mail\.ts$/],
  // What reads the bytes of strangers runs in a child process.
  [
    /^(@embedpdf\/|sharp$|yauzl$|saxes$|heic-decode$|mediabunny$|@matbee\/|htmlparser2$|markdown-it$|eld)/,
    /^server\/src\/documents\/child\/[a-z-]+\.ts$/,
  ],
];

/**
 * What a feature shows to those at its right; of auth also the middleware that says who asks and the mail, of indexing
 * what every engine promises and the one file in which all weights stand, of judging what headers say and how many people
 * there were, of tracking how a hit is noted, what a page is signed with, who is one of us and what counts as read, of
 * analytics how each number is defined.
 */
const doors =
  /\/(service|contract)\.ts$|^server\/src\/(auth\/(session|mail)|indexing\/(engine|weights)|judging\/(request-facts|human-opens)|tracking\/(hits|token|colleague|reading)|analytics\/metrics)\.ts$/;

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => existsSync(join(root, file)) && /\.(ts|tsx|mjs|css)$/.test(file));
const sources = files.filter((file) => /^(server|web)\/src\/.*\.tsx?$/.test(file));
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

interface Import {
  from: string;
  to: string;
}

const imports: Import[] = sources.flatMap((from) =>
  [...textOf(from).matchAll(/\b(?:from |import |import\()'([^']+)'/g)].map((match) => {
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
    if (!from.startsWith('server/') || here < 0 || isTest(from)) return false;
    if (/^server\/src\/(app|worker|main)\.ts$/.test(to)) return true;
    return there >= 0 && here !== there && (there > here || !doors.test(to));
  });
  expect(wrong.map(show)).toEqual([]);
});

test('only app.ts and worker.ts know the features', () => {
  const wrong = imports.filter(
    ({ from, to }) =>
      from.startsWith('server/') &&
      !features.includes(folderOf(from)) &&
      !/^server\/src\/(app|worker)\.ts$/.test(from) &&
      features.includes(folderOf(to)),
  );
  expect(wrong.map(show)).toEqual([]);
});

test('every folder of the server is a foundation or a feature', () => {
  const known = new Set([...foundations, ...features, '']);
  expect(sources.filter((file) => file.startsWith('server/src/') && !known.has(folderOf(file)))).toEqual([]);
});

test('a contract holds nothing but zod and other contracts', () => {
  const contracts = imports.filter(({ from }) => /^server\/src\/[a-z]+\/contract\.ts$/.test(from));
  expect(contracts.length).toBeGreaterThan(10);
  const wrong = contracts.filter(({ to }) => to !== 'zod' && !/^server\/src\/[a-z]+\/contract\.ts$/.test(to));
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

test('a web feature imports nothing of another but its api.ts, and ui and lib nothing of any', () => {
  const webFeatures = [...features, 'jobs'];
  const wrong = imports.filter(({ from, to }) => {
    const [here, there] = [folderOf(from), folderOf(to)];
    if (!from.startsWith('web/') || !to.startsWith('web/') || here === there || here === 'app') return false;
    if (here === 'ui' || here === 'lib') return webFeatures.includes(there) || there === 'app';
    return there === 'app' || (webFeatures.includes(there) && !to.endsWith('/api.ts'));
  });
  expect(wrong.map(show)).toEqual([]);
});

test('each outside client has one owner', () => {
  const held = imports.filter(({ from }) => !isTest(from));
  const wrong = held.filter(({ from, to }) =>
    owners.some(([client, owner]) => client.test(to) && !owner.test(from)),
  );
  expect(wrong.map(show)).toEqual([]);
  expect(owners.filter(([client]) => held.some(({ to }) => client.test(to))).length).toBeGreaterThan(6);
});

test('nothing but its own process loads the code of a child', () => {
  const child = /^server\/src\/documents\/child\//;
  const wrong = imports.filter(({ from, to }) => child.test(to) && !child.test(from));
  expect(wrong.map(show)).toEqual([]);
  const reaching = imports.filter(
    ({ from, to }) => child.test(from) && /^server\/src\//.test(to) && !/^server\/src\/documents\//.test(to),
  );
  expect(reaching.map(show)).toEqual([]);
});

test('only main.ts reads the environment', () => {
  const reading = /process\.env|\benv\b[^;\n]*(\} = process\b|from 'node:process')/;
  const readers = sources.filter((file) => !isTest(file) && reading.test(textOf(file)));
  expect(readers).toEqual(['server/src/main.ts']);
});

test('relative imports name a file, and there is no other way to name one', () => {
  const wrong = imports.filter(({ to }) =>
    /^(server|web)\//.test(to)
      ? !/\.(ts|tsx|css|svg|json)(\?\w+)?$/.test(to) || !existsSync(join(root, to.replace(/\?\w+$/, '')))
      : /^[#~/]|^@\//.test(to),
  );
  expect(wrong.map(show)).toEqual([]);
  const settings = files.filter((file) => /(^|\/)(vite[a-z.]*\.config\.ts)$/.test(file));
  expect(settings.filter((file) => /\balias\b/.test(textOf(file)))).toEqual([]);
});

test('a file is called after what it holds, and nothing is passed on by a barrel', () => {
  const vague = /(^|\/)(index|utils?|helpers?|constants|types|common)\.tsx?$/;
  expect(sources.filter((file) => vague.test(file) && file !== 'server/src/db/types.ts')).toEqual([]);
  const passedOn = /^export (default\b|\*|\{[^}]*\} from)/m;
  expect(sources.filter((file) => passedOn.test(textOf(file)))).toEqual([]);
});

test('no file is longer than 400 lines', () => {
  const long = files
    .filter((file) => file !== 'server/src/db/types.ts')
    .map((file) => ({ file, lines: textOf(file).split('\n').length - 1 }))
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
    const manifest = JSON.parse(textOf(file));
    return Object.entries<string>({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    });
  });
  expect(versions.length).toBeGreaterThan(30);
  expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
});
