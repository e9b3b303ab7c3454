import { globSync } from 'node:fs';
import { basename, resolve } from 'node:path';

// npm run bench -- NAME: one benchmark, one JSON line with the figure, its limit and their ratio.
const names = globSync('*.ts', { cwd: import.meta.dirname })
  .map((file) => basename(file, '.ts'))
  .filter((name) => !['run', 'median'].includes(name))
  .toSorted();
const name = process.argv[2] ?? '';
if (!names.includes(name)) {
  console.error(`There is no benchmark "${name}". Known are: ${names.join(', ')}.`);
  process.exit(1);
}
const { bench } = await import(resolve(import.meta.dirname, `${name}.ts`));
console.log(JSON.stringify(await bench()));
