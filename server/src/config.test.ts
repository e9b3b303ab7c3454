import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { ConfigError, loadConfig, variables } from './config.ts';

const example = readFileSync(resolve(import.meta.dirname, '../../.env.example'), 'utf8');

test('.env.example names every variable once, with its description', () => {
  const named = [...example.matchAll(/^#?\s?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
  expect(named).toEqual(Object.keys(variables));
  for (const schema of Object.values(variables)) expect(example).toContain(`# ${schema.description}`);
});

test('an empty environment is enough', () => {
  const config = loadConfig({});
  expect(config).toMatchObject({
    port: 7420,
    publicUrl: 'http://localhost:7420',
    databaseUrl: null,
    s3: null,
    mail: null,
  });
});

test('an empty variable counts as unset', () => {
  expect(loadConfig({ S3_BUCKET: '', PORT: ' ' })).toMatchObject({ s3: null, port: 7420 });
});

test('a wrong environment names every fault at once', () => {
  const load = () =>
    loadConfig({
      PORT: 'http',
      DATABASE_URL: 'mysql://db',
      S3_BUCKET: 'content',
      MEILI_KEY: 'x',
      LOG_LEVEL: 'loud',
    });
  expect(load).toThrow(ConfigError);
  expect(load).toThrow('The configuration has 6 faults');
  for (const name of [
    'PORT',
    'DATABASE_URL',
    'LOG_LEVEL',
    'MEILI_URL',
    'S3_ACCESS_KEY_ID',
    'S3_SECRET_ACCESS_KEY',
  ])
    expect(load).toThrow(name);
});

test('an integration is whole or refused', () => {
  expect(() => loadConfig({ S3_BUCKET: 'content' })).toThrow(
    /S3_ACCESS_KEY_ID is needed because S3_BUCKET is set/,
  );
  expect(() => loadConfig({ S3_REGION: 'eu-central-1' })).toThrow(
    /S3_BUCKET is needed because S3_REGION is set/,
  );
  expect(() => loadConfig({ SMTP_URL: 'smtp://mail:25' })).toThrow(
    /MAIL_FROM is needed because SMTP_URL is set/,
  );
  expect(() => loadConfig({ MEILI_KEY: 'x' })).toThrow(/MEILI_URL is needed because MEILI_KEY is set/);
});

test('share links are at the public address, unless they have one of their own', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://content.example.com' }).shareUrl).toBe(
    'https://content.example.com',
  );
  expect(loadConfig({ SHARE_URL: 'https://share.example.com/' }).shareUrl).toBe('https://share.example.com');
});

test('share links have another host name, or the same address', () => {
  const load = (SHARE_URL: string) => loadConfig({ PUBLIC_URL: 'https://content.example.com', SHARE_URL });
  expect(load('https://content.example.com').shareUrl).toBe('https://content.example.com');
  expect(() => load('https://content.example.com:8443')).toThrow(/another host name/);
  expect(() => load('http://content.example.com')).toThrow(/another host name/);
  expect(() => load('https://share.example.com/links')).toThrow(/end after the host name/);
});

test('the public address loses its trailing slash', () => {
  expect(loadConfig({ PUBLIC_URL: 'https://content.example.com/' }).publicUrl).toBe(
    'https://content.example.com',
  );
});
