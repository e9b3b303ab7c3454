import { readdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { defaultMigrationsDir } from '../server/src/db/migrate.ts';

// Makes the next migration file: npm run db:new -- add_team

const [name = ''] = process.argv.slice(2);
if (!/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('Say what the migration does in small letters and underscores: npm run db:new -- add_team');
  process.exit(1);
}
const numbers = (await readdir(defaultMigrationsDir)).map((file) => Number.parseInt(file, 10) || 0);
const number = String(Math.max(0, ...numbers) + 1).padStart(4, '0');
const path = join(defaultMigrationsDir, `${number}_${name}.sql`);
await writeFile(path, `-- Why: \n`, { flag: 'wx' });
console.log(`${relative(process.cwd(), path)} made. Write it, then run "npm run db:types".`);
