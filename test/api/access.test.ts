import { afterAll, beforeAll, expect, test } from 'vitest';
import { listRouteEntries } from '../../server/src/http/route.ts';
import { startTestApp, type TestApp, type TestClient, type TestResponse } from '../support/app.ts';

/** Who may call what. An endpoint without a row fails. */
const everyUser = ['admin', 'marketing', 'manager', 'rep'];
const curators = ['admin', 'marketing'];
const admins = ['admin'];
const dealKeepers = [...curators, 'manager'];
const reportReaders = [...curators, 'manager'];
const anybody = 'anybody';

const rows: Record<string, string[] | typeof anybody> = {
  'GET /health': anybody,
  'GET /job-runs': admins,
  'POST /job-runs/:jobRunId/retry': admins,
  'GET /session': anybody,
  'POST /setup': anybody,
  'POST /session': anybody,
  'DELETE /session': anybody,
  'PATCH /me': everyUser,
  'GET /users': everyUser,
  'POST /users': admins,
  'PATCH /users/:userId': admins,
  'POST /users/:userId/tickets': admins,
  'POST /password-resets': anybody,
  'POST /tickets/read': anybody,
  'POST /tickets/redeem': anybody,
  'GET /settings': everyUser,
  'GET /counting': everyUser,
  'PATCH /settings': admins,
  'GET /visits/:visitId/judgement': everyUser,
  'POST /visits/:visitId/judgement': everyUser,
  'DELETE /visits/:visitId/judgement': everyUser,
  'GET /measurement': curators,
  'POST /measurement/rejudgings': admins,
  'GET /accounts': everyUser,
  'GET /contacts': everyUser,
  'GET /deals': everyUser,
  'GET /deals/:dealId/activity': everyUser,
  'POST /deals/upsert': dealKeepers,
  'PUT /deals/:externalId': dealKeepers,
  'DELETE /deals/:externalId': dealKeepers,
  'POST /deal-imports': dealKeepers,
  'GET /deal-imports': dealKeepers,
  'GET /deal-imports/:dealImportId': dealKeepers,
  'POST /deal-imports/:dealImportId/check': dealKeepers,
  'POST /deal-imports/:dealImportId/start': dealKeepers,
  'POST /deal-imports/:dealImportId/stop': dealKeepers,
  'GET /deal-imports/:dealImportId/errors': dealKeepers,
  'GET /currencies': dealKeepers,
  'PUT /currencies': admins,
  'GET /dimensions': everyUser,
  'POST /dimensions/:dimensionKey/terms': curators,
  'PATCH /terms/:termId': curators,
  'POST /terms/:termId/merge': curators,
  'PUT /dimensions/:dimensionKey/order': curators,
  'GET /assets': everyUser,
  'POST /uploads': curators,
  'POST /assets': curators,
  'POST /assets/bulk': curators,
  'GET /assets/:assetId': everyUser,
  'PATCH /assets/:assetId': curators,
  'DELETE /assets/:assetId': curators,
  'POST /assets/:assetId/versions': curators,
  'GET /assets/:assetId/file': everyUser,
  'POST /assets/:assetId/activities': everyUser,
  'POST /imports': curators,
  'GET /imports': curators,
  'GET /imports/:importRunId': curators,
  'POST /imports/:importRunId/start': curators,
  'GET /asset-versions/:assetVersionId/rendition': everyUser,
  'POST /asset-versions/:assetVersionId/rendition/retry': curators,
  'GET /asset-versions/:assetVersionId/pages/:pageNumber/image': everyUser,
  'GET /asset-versions/:assetVersionId/pages/:pageNumber/text': everyUser,
  'GET /asset-versions/:assetVersionId/find': everyUser,
  'POST /posters': curators,
  'GET /rendering': curators,
  'GET /rendering/faults': curators,
  'GET /upload-insights': curators,
  'GET /upload-insights/thumbnail': curators,
  'GET /similar-assets': curators,
  'GET /collections': everyUser,
  'POST /collections': everyUser,
  'GET /collections/:collectionId': everyUser,
  'PATCH /collections/:collectionId': everyUser,
  'DELETE /collections/:collectionId': everyUser,
  'POST /collections/:collectionId/restore': everyUser,
  'PUT /collections/:collectionId/pin': curators,
  'DELETE /collections/:collectionId/pin': curators,
  'PUT /collections/:collectionId/items/:assetId': everyUser,
  'PATCH /collections/:collectionId/items/:assetId': everyUser,
  'DELETE /collections/:collectionId/items/:assetId': everyUser,
  'PUT /collections/:collectionId/order': everyUser,
  'GET /assets/:assetId/collections': everyUser,
  'GET /search-index': curators,
  'POST /search-index/rebuilds': admins,
  'POST /searches': everyUser,
  'GET /searches/recent': everyUser,
  'GET /searches/:searchId': everyUser,
  'POST /searches/:searchId/actions': everyUser,
  'DELETE /searches/:searchId/not-right/:assetId': everyUser,
  'GET /saved-searches': everyUser,
  'POST /saved-searches': everyUser,
  'PATCH /saved-searches/:savedSearchId': everyUser,
  'DELETE /saved-searches/:savedSearchId': everyUser,
  'GET /requests': everyUser,
  'POST /requests': everyUser,
  'PATCH /requests/:requestId': curators,
  'DELETE /requests/:requestId': everyUser,
  'PUT /requests/:requestId/vote': everyUser,
  'DELETE /requests/:requestId/vote': everyUser,
  'POST /assets/:assetId/share-links': everyUser,
  'POST /share-links': everyUser,
  'POST /share-links/check': everyUser,
  'GET /sharing': everyUser,
  'GET /share-links': everyUser,
  'GET /share-links/:shareLinkId/children': everyUser,
  'PATCH /share-links/:shareLinkId': everyUser,
  'POST /share-links/revoke': everyUser,
  'POST /share-links/restore': everyUser,
  'POST /share-links/undo': everyUser,
  'POST /share-links/mail': everyUser,
  'POST /share-links/transfer': everyUser,
  'POST /users/:userId/share-links/transfer': everyUser,
  'GET /share-links/:shareLinkId/url': everyUser,
  'POST /share-links/:shareLinkId/revoke': everyUser,
  'POST /share-links/:shareLinkId/restore': everyUser,
  'GET /share-links/:shareLinkId/visits': everyUser,
  'GET /rooms': everyUser,
  'POST /rooms': everyUser,
  'GET /rooms/:roomId': everyUser,
  'PATCH /rooms/:roomId': everyUser,
  'PUT /rooms/:roomId/items/:assetId': everyUser,
  'PATCH /rooms/:roomId/items/:assetId': everyUser,
  'DELETE /rooms/:roomId/items/:assetId': everyUser,
  'PUT /rooms/:roomId/order': everyUser,
  'GET /room-questions': everyUser,
  'PATCH /room-questions/:questionId': everyUser,
  'GET /act-now': everyUser,
  'GET /share-links/:shareLinkId/timeline': everyUser,
  'POST /share-links/:shareLinkId/follow-ups': everyUser,
  'POST /follow-ups/:followUpId/undo': everyUser,
  'POST /share-links/:shareLinkId/snooze': everyUser,
  'DELETE /share-links/:shareLinkId/snooze': everyUser,
  'GET /accounts/:accountId/activity': everyUser,
  'GET /notifications': everyUser,
  'GET /notifications/stream': everyUser,
  'POST /notifications/:notificationId/read': everyUser,
  'DELETE /notifications/:notificationId/read': everyUser,
  'POST /notifications/read': everyUser,
  'GET /notifications/muted': everyUser,
  'PUT /share-links/:shareLinkId/mute': everyUser,
  'DELETE /share-links/:shareLinkId/mute': everyUser,
  'GET /notifications/preferences': everyUser,
  'PATCH /notifications/preferences': everyUser,
  'POST /notifications/test': everyUser,
  'GET /webhooks': admins,
  'POST /webhooks': admins,
  'PATCH /webhooks/:webhookId': admins,
  'DELETE /webhooks/:webhookId': admins,
  'POST /webhooks/:webhookId/secret': admins,
  'GET /webhooks/:webhookId/deliveries': admins,
  'POST /webhooks/:webhookId/test': admins,
  'POST /webhook-deliveries/:webhookDeliveryId/replay': admins,
  'GET /privacy': admins,
  'POST /privacy/sweeps': admins,
  'POST /privacy/look-ups': admins,
  'POST /privacy/exports': admins,
  'POST /privacy/erasures': admins,
  'GET /metrics': everyUser,
  'GET /report/freshness': everyUser,
  'GET /report/reach': everyUser,
  'GET /report/reach/shelf': everyUser,
  'GET /report/reach/assets': everyUser,
  'GET /slice': everyUser,
  'GET /slice-choices': everyUser,
  'GET /saved-views': everyUser,
  'POST /saved-views': everyUser,
  'PATCH /saved-views/:savedViewId': everyUser,
  'DELETE /saved-views/:savedViewId': everyUser,
  'POST /saved-views/:savedViewId/restore': everyUser,
  'GET /my-links': everyUser,
  'GET /asset-evidence': everyUser,
  'GET /assets/:assetId/not-right': everyUser,
  'GET /objection-notes': everyUser,
  'POST /objection-notes': everyUser,
  'POST /objection-notes/suggestions': everyUser,
  'GET /objection-notes/deals': everyUser,
  'PATCH /objection-notes/:objectionNoteId': everyUser,
  'DELETE /objection-notes/:objectionNoteId': everyUser,
  'GET /report/objections': everyUser,
  'GET /report/coverage': reportReaders,
  'GET /report/coverage/cell': reportReaders,
  'PUT /coverage-targets': curators,
  'GET /gaps': reportReaders,
  'POST /gaps/request': curators,
  'POST /gaps/synonym': curators,
  'POST /gaps/dismiss': curators,
  'POST /gaps/undo': curators,
  'GET /taxonomy-health': curators,
  'GET /report/aging': reportReaders,
  'GET /assets/:assetId/attention': everyUser,
  'GET /assets/:assetId/use': reportReaders,
  'POST /assets/:assetId/flag-answers': everyUser,
  'GET /assets/:assetId/flag-answers': everyUser,
  'DELETE /flag-answers/:answerId': everyUser,
  'GET /report/gaps': reportReaders,
  'GET /report/brief': reportReaders,
  'GET /brief-subscription': reportReaders,
  'PUT /brief-subscription': reportReaders,
  'DELETE /brief-subscription': reportReaders,
  'POST /brief-subscription/unsubscribe': anybody,
  'GET /report/influence': reportReaders,
  'GET /report/influence/first-place': reportReaders,
  'GET /report/influence/pipeline': reportReaders,
  'GET /report/influence/assets/:assetId': reportReaders,
  'POST /report/influence/count': curators,
  'GET /asset-influence': everyUser,
  'GET /report/teams': everyUser,
  'PATCH /teams': ['admin', 'manager'],
  'GET /decisions': reportReaders,
  'POST /decisions': curators,
  'POST /decisions/:decisionId/undo': curators,
  'GET /promotions': everyUser,
};

const sampleParams: Record<string, string> = {
  savedViewId: 'svw_000000000000000000000',
  answerId: 'fla_000000000000000000000',
  decisionId: 'dec_000000000000000000000',
  accountId: 'acc_000000000000000000000',
  followUpId: 'fup_000000000000000000000',
  dimensionKey: 'persona',
  assetId: 'ast_000000000000000000000',
  assetVersionId: 'ver_000000000000000000000',
  pageNumber: '1',
  userId: 'usr_000000000000000000000',
  termId: 'trm_000000000000000000000',
  importRunId: 'imp_000000000000000000000',
  searchId: 'srh_000000000000000000000',
  collectionId: 'col_000000000000000000000',
  requestId: 'req_000000000000000000000',
  shareLinkId: 'lnk_000000000000000000000',
  roomId: 'room_000000000000000000000',
  questionId: 'que_000000000000000000000',
  notificationId: 'ntf_000000000000000000000',
  webhookId: 'whk_000000000000000000000',
  webhookDeliveryId: 'whd_000000000000000000000',
  jobRunId: 'job_000000000000000000000',
};

let app: TestApp;
let callers: Record<string, () => Promise<TestClient>>;

beforeAll(async () => {
  app = await startTestApp();
  await app.make.user({ role: 'admin' });
  callers = {
    anonymous: () => app.client('anonymous'),
    deactivated: async () => app.clientOf(await app.make.user({ role: 'admin', deactivatedAt: new Date() })),
    admin: () => app.client('admin'),
    marketing: () => app.client('marketing'),
    manager: () => app.client('manager'),
    rep: () => app.client('rep'),
  };
});
afterAll(() => app.close());

test('every endpoint has a row in the table, and every row an endpoint', () => {
  const mounted = listRouteEntries().map(({ endpoint }) => `${endpoint.method} ${endpoint.path}`);
  expect(mounted.length).toBeGreaterThan(40);
  expect(mounted.toSorted()).toEqual(Object.keys(rows).toSorted());
});

type Outcome = 'in' | 401 | 403;

function expectedFor(callerName: string, row: (typeof rows)[string]): Outcome {
  if (row === anybody || row.includes(callerName)) return 'in';
  return callerName === 'anonymous' || callerName === 'deactivated' ? 401 : 403;
}

/** What has no end is taken by how it begins. */
async function beginStream(client: TestClient, path: string): Promise<TestResponse> {
  const answer = await client.fetch(`/api${path}`);
  const { status, headers } = answer;
  if (!answer.ok) return { status, headers, body: await answer.json() };
  await answer.body?.cancel();
  return { status, headers, body: '' };
}

/** A 401 that is about a wrong password is not about who calls. */
function outcomeOf({ status, body }: TestResponse): Outcome {
  if (status === 401 && body.code === 'not_signed_in') return 401;
  return status === 403 ? 403 : 'in';
}

test.each(Object.keys(rows))('%s lets in exactly who the table says', async (endpoint) => {
  const [method = '', pattern = ''] = endpoint.split(' ');
  const path = pattern.replace(/:(\w+)/g, (_, name: string) => sampleParams[name] ?? 'missing');
  const row = rows[endpoint] ?? [];
  expect(Object.keys(callers)).toHaveLength(6);
  for (const [name, makeClient] of Object.entries(callers)) {
    const client = await makeClient();
    const answer = path.endsWith('/stream')
      ? await beginStream(client, path)
      : await client.send(method, path, method === 'GET' ? undefined : {});
    expect.soft([name, outcomeOf(answer)]).toEqual([name, expectedFor(name, row)]);
    expect.soft(answer.status).toBeLessThan(500);
  }
});

test('a write without our own Origin is refused for every endpoint', async () => {
  const admin = await app.client('admin');
  for (const origin of ['https://evil.example', 'null', '']) {
    const { status, body } = await admin.send('PATCH', '/me', { name: 'Mallory' }, { origin });
    expect([status, body.code]).toEqual([403, 'wrong_origin']);
  }
});
