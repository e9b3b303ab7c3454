/** Every address of the app. The prospect's pages (`/s/…`) and the API (`/api`) are not part of it. */
export const paths = {
  find: '/',
  collections: '/collections',
  collection: (collectionId: string) => `/collections/${collectionId}`,
  rooms: '/collections/rooms',
  room: (roomId: string) => `/collections/rooms/${roomId}`,
  myLinks: '/my-links',
  /** The whole story of one share link. */
  shareLink: (shareLinkId: string) => `/my-links/${shareLinkId}`,
  account: (accountId: string) => `/accounts/${accountId}`,
  notifications: '/notifications',
  /** With `new=1` and `title`, `term` (any number) and `search` the form opens filled in; with `request` one request. */
  requests: '/requests',
  gaps: '/requests/not-found',
  /** With `objection` those of one term. */
  objections: '/requests/objections',
  deals: '/deals',
  importDeals: '/deals/import',
  deal: (dealId: string) => `/deals/${dealId}`,
  /** The shelf report: five questions, and a page for each. What was not found has its page with the requests. */
  shelf: '/shelf',
  reach: '/shelf/reach',
  coverage: '/shelf/coverage',
  influence: '/shelf/influence',
  aging: '/shelf/aging',
  team: '/shelf/team',
  decisions: '/shelf/decisions',
  brief: '/shelf/brief',
  glossary: '/glossary',
  library: '/library',
  importLibrary: '/library/import',
  similarAssets: '/library/similar',
  asset: (assetId: string) => `/assets/${assetId}`,
  reading: (assetId: string) => `/assets/${assetId}/read`,
  attention: (assetId: string) => `/assets/${assetId}/attention`,
  settings: '/settings',
  profile: '/settings/profile',
  notificationSettings: '/settings/notifications',
  taxonomy: '/settings/terms',
  users: '/settings/users',
  rendering: '/settings/rendering',
  searchIndex: '/settings/search',
  measurement: '/settings/measurement',
  privacy: '/settings/privacy',
  counting: '/settings/counting',
  currencies: '/settings/currencies',
  webhooks: '/settings/webhooks',
  jobs: '/settings/jobs',
  setUp: '/set-up',
  signIn: '/sign-in',
  forgotPassword: '/forgot-password',
  /** The token travels in the fragment, which no server and no log sees. */
  join: '/join',
  reset: '/reset',
  /** From the foot of the weekly brief. */
  unsubscribe: '/unsubscribe',
} as const;

/** Where a route is; `:asset` patterns live here so that nobody else spells them. */
export const routePatterns = {
  asset: '/assets/$assetId',
  reading: '/assets/$assetId/read',
  attention: '/assets/$assetId/attention',
  deal: '/deals/$dealId',
  collection: '/collections/$collectionId',
  room: '/collections/rooms/$roomId',
  shareLink: '/my-links/$shareLinkId',
  account: '/accounts/$accountId',
} as const;

/** Find with a query, for links from other pages. */
export function findPath(query: string): string {
  return query ? `${paths.find}?q=${encodeURIComponent(query)}` : paths.find;
}

/** Find for this account, with the terms that are known already. */
export function findForPath(accountId: string, termIds: readonly string[] = []): string {
  const search = new URLSearchParams({ account: accountId });
  for (const termId of termIds) search.append('term', termId);
  return `${paths.find}?${search.toString()}`;
}

/** The picture of a page: `thumbnail` is 480 px wide and of the first page, `small` 800, `large` 1,600. */
export function pageImagePath(
  assetVersionId: string,
  pageNumber: number,
  size: 'thumbnail' | 'small' | 'large',
): string {
  return `/api/asset-versions/${assetVersionId}/pages/${pageNumber.toString()}/image?size=${size}`;
}

/** The picture of the first page of an upload that is no asset yet. */
export function uploadThumbnailPath(uploadTicket: string): string {
  return `/api/upload-insights/thumbnail?uploadTicket=${encodeURIComponent(uploadTicket)}`;
}

/** Only a path of this very app may be returned to after signing in. */
export function safeReturnPath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return paths.find;
  return value;
}
