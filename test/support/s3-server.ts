import { buildApp } from 'fauxqs';

/**
 * fauxqs in a process of its own, so that the memory it keeps objects in doesn't count as the store's. fauxqs can't
 * list multipart uploads, which is how a test sees what an aborted upload left behind, so they are recorded here and
 * the listing is answered from the record.
 */
const uploads = new Map<string, { bucket: string; key: string; initiated: Date }>();

const app = buildApp({ logger: false });

app.addHook('onRequest', async (request, reply) => {
  const { pathname, searchParams } = new URL(request.url, 'http://s3');
  if (request.method !== 'GET' || !searchParams.has('uploads')) return;
  const bucket = pathname.split('/')[1];
  const prefix = searchParams.get('prefix') ?? '';
  const open = [...uploads].filter(([, upload]) => upload.bucket === bucket && upload.key.startsWith(prefix));
  const rows = open.map(
    ([id, { key, initiated }]) =>
      `<Upload><Key>${key}</Key><UploadId>${id}</UploadId><Initiated>${initiated.toISOString()}</Initiated></Upload>`,
  );
  return reply
    .type('application/xml')
    .send(
      `<ListMultipartUploadsResult><IsTruncated>false</IsTruncated>${rows.join('')}</ListMultipartUploadsResult>`,
    );
});

app.addHook('onSend', async (request, reply, payload) => {
  const { pathname, searchParams } = new URL(request.url, 'http://s3');
  const id = searchParams.get('uploadId');
  if (reply.statusCode >= 300) return;
  if (request.method === 'POST' && searchParams.has('uploads')) {
    const [, bucket = '', ...key] = decodeURIComponent(pathname).split('/');
    const created = /<UploadId>([^<]+)</.exec(String(payload))?.[1];
    if (created) uploads.set(created, { bucket, key: key.join('/'), initiated: new Date() });
  }
  if (id && (request.method === 'DELETE' || request.method === 'POST')) uploads.delete(id);
});

const address = await app.listen({ host: '127.0.0.1', port: 0 });
process.send?.(Number(new URL(address).port));
process.on('disconnect', () => process.exit());
