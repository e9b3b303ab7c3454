import { z } from 'zod';

const text = z.string().trim();
const number = z.string().trim().regex(/^\d+$/, 'must be a whole number').transform(Number);
const flag = z.enum(['true', 'false'], 'must be true or false').transform((value) => value === 'true');
const url = (...schemes: string[]) =>
  text.refine(
    (value) => URL.canParse(value) && schemes.includes(new URL(value).protocol.slice(0, -1)),
    `must be a URL that starts with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  );

/** Every environment variable that Offshelf reads, once, with what it means. */
export const variables = {
  HOST: text.default('127.0.0.1').describe('Address to listen on. 0.0.0.0 for every network interface.'),
  PORT: number
    .refine((port) => port <= 65_535, 'must be at most 65535')
    .default(7420)
    .describe('Port to listen on.'),
  PUBLIC_URL: url('http', 'https')
    .optional()
    .describe('The address people use, e.g. https://content.example.com. Default: http://localhost:PORT.'),
  SHARE_URL: url('http', 'https')
    .optional()
    .describe(
      'Another address for share links only, e.g. https://share.example.com: what prospects open then shares nothing with the app. Default: PUBLIC_URL.',
    ),
  TRUST_PROXY: number
    .default(0)
    .describe('How many reverse proxies in front of Offshelf may be believed about client addresses.'),
  DATA_DIR: text
    .default('.offshelf')
    .describe('Folder of the embedded database, the files and the instance key.'),
  DATABASE_URL: url('postgres', 'postgresql')
    .optional()
    .describe(
      'PostgreSQL 18 to use instead of the embedded one, e.g. postgres://user:password@host:5432/offshelf.',
    ),
  INSTANCE_KEY: text
    .regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits, e.g. from: openssl rand -hex 32')
    .optional()
    .describe('Key that seals share tokens, 64 hexadecimal digits. Default: made once and kept in DATA_DIR.'),
  ROLE: z
    .enum(['all', 'api', 'worker'], 'must be all, api or worker')
    .default('all')
    .describe('What this process runs: the API, the worker of background jobs, or both.'),
  LOG_LEVEL: z
    .enum(
      ['trace', 'debug', 'info', 'warn', 'error', 'silent'],
      'must be trace, debug, info, warn, error or silent',
    )
    .default('info')
    .describe('Least severe level that is logged.'),
  MAX_UPLOAD_MB: number
    .default(2048)
    .describe('Largest file that can be uploaded, in MB (1 MB = 1,048,576 bytes).'),
  S3_BUCKET: text.optional().describe('Bucket for files. Set it to keep files in S3 instead of DATA_DIR.'),
  S3_ENDPOINT: url('http', 'https').optional().describe('Address of an S3-compatible store. Default: AWS.'),
  S3_REGION: text.optional().describe('Region of the bucket. Default: us-east-1.'),
  S3_ACCESS_KEY_ID: text.optional().describe('Access key of the bucket.'),
  S3_SECRET_ACCESS_KEY: text.optional().describe('Secret key of the bucket.'),
  S3_PREFIX: text.optional().describe('Folder within the bucket.'),
  S3_FORCE_PATH_STYLE: flag
    .optional()
    .describe('true for stores that want the bucket in the path. Default: true with S3_ENDPOINT.'),
  MEILI_URL: url('http', 'https')
    .optional()
    .describe(
      'Address of a Meilisearch server that answers searches, e.g. http://meilisearch:7700. Without it, and whenever it cannot, PostgreSQL does.',
    ),
  MEILI_KEY: text.optional().describe('Key of the Meilisearch server: its master key or its admin key.'),
  SMTP_URL: url('smtp', 'smtps')
    .optional()
    .describe(
      'Mail server for invitations and resets, e.g. smtp://user:password@host:587. Without it links are copied.',
    ),
  MAIL_FROM: text
    .optional()
    .describe('Sender of mails, e.g. Offshelf <content@example.com>. Needed with SMTP_URL.'),
  WEBHOOK_HOSTS: text
    .optional()
    .describe(
      'Hosts in private networks that webhooks may be sent to, with port where it is an unusual one, separated by commas, e.g. n8n:5678. All others must be public and speak https.',
    ),
  OFFICE_CONVERTER: z
    .enum(['auto', 'wasm', 'soffice', 'gotenberg', 'off'], 'must be auto, wasm, soffice, gotenberg or off')
    .default('auto')
    .describe(
      'What turns Office files into pages. auto takes GOTENBERG_URL, else soffice of the system, else the one that came along (wasm, wants 4 GB of memory).',
    ),
  GOTENBERG_URL: url('http', 'https')
    .optional()
    .describe('Address of a Gotenberg server for Office files, e.g. http://gotenberg:3000.'),
  EXTRA_FONTS: text
    .optional()
    .describe(
      'Folders of more fonts (.ttf, .otf, .ttc), separated by commas; needed for Chinese, Japanese and Korean text in Office files and drawings.',
    ),
  RENDER_CONCURRENCY: number
    .optional()
    .describe('How many files are rendered at the same time. Default: by cores and memory.'),
  CLAMAV_HOST: text
    .optional()
    .describe(
      'Host of a ClamAV daemon, with port unless it is 3310. Files are then served only when it finds nothing in them.',
    ),
} as const;

const environment = z.object(variables);

type Given = Partial<Record<keyof typeof variables, string>>;

/** An integration is whole or off: what is missing, and because of which variable it is needed. */
function listMissing(given: Given): string[] {
  const missing: string[] = [];
  const need = (name: keyof Given, because: keyof Given) => {
    if (given[because] && !given[name]) missing.push(`${name} is needed because ${because} is set`);
  };
  need('S3_ACCESS_KEY_ID', 'S3_BUCKET');
  need('S3_SECRET_ACCESS_KEY', 'S3_BUCKET');
  for (const name of [
    'S3_ENDPOINT',
    'S3_REGION',
    'S3_ACCESS_KEY_ID',
    'S3_SECRET_ACCESS_KEY',
    'S3_PREFIX',
  ] as const)
    need('S3_BUCKET', name);
  need('MEILI_URL', 'MEILI_KEY');
  need('MAIL_FROM', 'SMTP_URL');
  if (given.OFFICE_CONVERTER === 'gotenberg') need('GOTENBERG_URL', 'OFFICE_CONVERTER');
  return missing;
}

/** Browsers keep cookies by name and not by port, so what shall share nothing needs another name. */
function listShareUrlFaults({ publicUrl, shareUrl }: Config): string[] {
  const [app, share] = [new URL(publicUrl), new URL(shareUrl)];
  if (share.origin === app.origin) return [];
  if (share.pathname !== '/') return ['SHARE_URL must end after the host name'];
  return share.hostname === app.hostname
    ? ['SHARE_URL must have another host name than PUBLIC_URL, or be the same address']
    : [];
}

export type Config = ReturnType<typeof shape>;

/** Thrown when the environment is wrong; the message names every fault at once. */
export class ConfigError extends Error {}

/** Reads the environment once. An empty variable counts as unset; an integration is whole or null. */
export function loadConfig(env: Record<string, string | undefined>): Config {
  const given: Given = Object.fromEntries(
    Object.keys(variables).flatMap((name) => (env[name]?.trim() ? [[name, env[name]]] : [])),
  );
  const result = environment.safeParse(given);
  const faults = [
    ...(result.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? []),
    ...listMissing(given),
  ];
  const config = result.success ? shape(result.data) : undefined;
  if (config) faults.push(...listShareUrlFaults(config));
  if (config && faults.length === 0) return config;
  const heading = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
  throw new ConfigError(
    `The configuration has ${heading}:\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
  );
}

function shape(env: z.infer<typeof environment>) {
  const publicUrl = (env.PUBLIC_URL ?? `http://localhost:${env.PORT}`).replace(/\/+$/, '');
  return {
    host: env.HOST,
    port: env.PORT,
    publicUrl,
    shareUrl: env.SHARE_URL?.replace(/\/+$/, '') ?? publicUrl,
    trustProxy: env.TRUST_PROXY,
    dataDir: env.DATA_DIR,
    databaseUrl: env.DATABASE_URL ?? null,
    instanceKey: env.INSTANCE_KEY ?? null,
    role: env.ROLE,
    logLevel: env.LOG_LEVEL,
    maxUploadBytes: env.MAX_UPLOAD_MB * 1_048_576,
    s3: env.S3_BUCKET
      ? {
          bucket: env.S3_BUCKET,
          endpoint: env.S3_ENDPOINT ?? null,
          region: env.S3_REGION ?? 'us-east-1',
          accessKeyId: env.S3_ACCESS_KEY_ID ?? '',
          secretAccessKey: env.S3_SECRET_ACCESS_KEY ?? '',
          prefix: env.S3_PREFIX ?? '',
          forcePathStyle: env.S3_FORCE_PATH_STYLE ?? env.S3_ENDPOINT !== undefined,
        }
      : null,
    meilisearch: env.MEILI_URL ? { url: env.MEILI_URL, key: env.MEILI_KEY ?? null } : null,
    rendering: {
      officeConverter: env.OFFICE_CONVERTER,
      gotenbergUrl: env.GOTENBERG_URL ?? null,
      extraFontFolders: (env.EXTRA_FONTS ?? '')
        .split(',')
        .map((folder) => folder.trim())
        .filter((folder) => folder !== ''),
      concurrency: env.RENDER_CONCURRENCY || null,
    },
    clamav: env.CLAMAV_HOST ? parseHost(env.CLAMAV_HOST, 3310) : null,
    webhookHosts: (env.WEBHOOK_HOSTS ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
    mail: env.SMTP_URL && env.MAIL_FROM ? { smtpUrl: env.SMTP_URL, from: env.MAIL_FROM } : null,
  };
}

function parseHost(text: string, defaultPort: number): { host: string; port: number } {
  const [, host = text, port] = /^(.*?)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return { host, port: port ? Number(port) : defaultPort };
}
