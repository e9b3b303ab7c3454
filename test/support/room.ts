import type { TestApp, TestClient } from './app.ts';
import { type Prospect, sendForm } from './prospect.ts';

/** A room of two readable items and a web link, with a share link to it. */
export async function makeRoom(
  app: TestApp,
  rep: TestClient,
  row: Parameters<TestApp['make']['shareLink']>[0] = {},
) {
  const [deck, guide] = [
    await app.make.asset({ title: 'The <deck>', mediaType: 'application/pdf', fileName: 'deck.pdf' }),
    await app.make.asset({ title: 'Pricing guide' }),
  ];
  const site = await app.make.asset({ kind: 'web_link', title: 'Status page' });
  await app.make.rendition({ assetVersionId: deck.versionId, pages: [50, 50, 50] });
  await app.make.rendition({ assetVersionId: guide.versionId, pages: [20], html: '<p>Prices</p>' });
  const assetIds = [deck.id, guide.id, site.id];
  const made = await rep.send('POST', '/rooms', { source: { assetIds }, name: 'For Northwind' });
  const roomId: string = made.body.room.id;
  const path = `/rooms/${roomId}`;
  await rep.send('PATCH', path, { note: 'Start with the deck.\n\nThen we talk.' });
  await rep.send('PATCH', `${path}/items/${deck.id}`, { note: 'You asked about <rollout>.' });
  const link = await app.make.shareLink({
    roomId,
    assetId: null,
    createdByUserId: rep.userId ?? '',
    recipientId: (await app.make.recipient({ name: 'Jane Doe' })).id,
    ...row,
  });
  return { roomId, path, link, deck, guide, site, token: link.token };
}

export function ask(
  who: Prospect,
  token: string,
  form: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  return sendForm(who, `/s/${token}/questions`, form, headers);
}
