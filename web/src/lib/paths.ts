/** Every address of the app. The prospect's pages (`/s/…`) and the API (`/api`) are not part of it. */
export const paths = {
  find: '/',
  myLinks: '/my-links',
  shelf: '/shelf',
  glossary: '/glossary',
  library: '/library',
  importLibrary: '/library/import',
  asset: (assetId: string) => `/assets/${assetId}`,
  settings: '/settings',
  profile: '/settings/profile',
  taxonomy: '/settings/terms',
  users: '/settings/users',
  jobs: '/settings/jobs',
  setUp: '/set-up',
  signIn: '/sign-in',
  forgotPassword: '/forgot-password',
  /** The token travels in the fragment, which no server and no log sees. */
  join: '/join',
  reset: '/reset',
} as const;

/** Where a route is; `:asset` patterns live here so that nobody else spells them. */
export const routePatterns = { asset: '/assets/$assetId' } as const;

/** Find with a query, for links from other pages. */
export function findPath(query: string): string {
  return query ? `${paths.find}?q=${encodeURIComponent(query)}` : paths.find;
}

/** Only a path of this very app may be returned to after signing in. */
export function safeReturnPath(value: unknown): string {
  if (typeof value !== 'string' || !/^\/(?![/\\])/.test(value)) return paths.find;
  return value;
}
