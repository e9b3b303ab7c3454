import type { TestApp, TestClient, TestResponse } from './app.ts';

/** Sends one file as a browser does. */
export async function upload(
  client: TestClient,
  fileName: string,
  content: string | Uint8Array<ArrayBuffer>,
): Promise<TestResponse> {
  const form = new FormData();
  form.append('file', new Blob([content]), fileName);
  return read(await client.fetch('/api/uploads', { method: 'POST', body: form }));
}

/** Sends a multipart body as it stands, however damaged. */
export async function uploadRaw(
  client: TestClient,
  body: string,
  contentType = 'multipart/form-data; boundary=xyz',
): Promise<TestResponse> {
  const headers = { 'content-type': contentType };
  return read(await client.fetch('/api/uploads', { method: 'POST', headers, body }));
}

async function read(response: Response): Promise<TestResponse> {
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** What the file store holds, finished and unfinished. */
export async function listStored({ ctx }: TestApp): Promise<{ hashes: string[]; stagedCount: number }> {
  const hashes: string[] = [];
  for await (const { hash } of ctx.blobs.list()) hashes.push(hash);
  const stagedCount = await ctx.blobs.sweepStaged(new Date(Date.now() + 86_400_000));
  return { hashes, stagedCount };
}
