import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense } from 'react';
import { ActivityProvider } from '../activity/activity-provider.tsx';
import { MetricsProvider } from '../analytics/metrics-provider.tsx';
import { type Role, sessionQuery } from '../auth/api.ts';
import { CollectingProvider } from '../collections/collecting-provider.tsx';
import { DecidingProvider } from '../decisions/deciding-provider.tsx';
import { NotingProvider } from '../feedback/noting-provider.tsx';
import { ExplainingProvider } from '../judging/explaining-provider.tsx';
import { paths, routePatterns, safeReturnPath } from '../lib/paths.ts';
import { queryClient, whenSignedOut } from '../lib/query-client.ts';
import { parseSearch, stringifySearch } from '../lib/url-state.ts';
import { NotificationListener } from '../notifications/unread.ts';
import { RequestingProvider } from '../requests/requesting-provider.tsx';
import { AssetCommands } from '../search/asset-commands.tsx';
import { ShareProvider } from '../shares/share-provider.tsx';
import { SkeletonPage } from '../ui/skeletons.tsx';
import { Frame } from './frame.tsx';
import { admins, curators, everyRole, gapReaders } from './navigation.ts';
import { ForbiddenPage, NotFoundPage, PageFault } from './page-fault.tsx';
import { ReadingFrame } from './reading-frame.tsx';

const rootRoute = createRootRoute({
  component: Outlet,
  errorComponent: PageFault,
  notFoundComponent: NotFoundPage,
  beforeLoad: async ({ location }) => {
    const session = await queryClient.ensureQueryData(sessionQuery);
    if (!session.isSetUp && location.pathname !== paths.setUp) throw redirect({ to: paths.setUp });
  },
});

/** Pages for people who are not signed in. */
const doorRoute = createRoute({ getParentRoute: () => rootRoute, id: 'door', component: Outlet });

/** Pages inside the frame; whoever is not signed in goes to sign in and comes back. */
const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  component: SignedIn,
  notFoundComponent: NotFoundPage,
  beforeLoad: requireUser,
});

/** The reading view has the window to itself. */
const readingRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'reading',
  component: SignedInToRead,
  beforeLoad: requireUser,
}) as unknown as typeof frameRoute;

async function requireUser({ location }: { location: { href: string } }): Promise<void> {
  const { user } = await queryClient.ensureQueryData(sessionQuery);
  if (!user) throw redirect({ to: paths.signIn, search: { to: location.href } as never });
}

const UploadDock = lazy(() =>
  import('../assets/upload-dock.tsx').then((module) => ({ default: module.UploadDock })),
);

/**
 * What every page may count on: to share an asset, collect it, ask for one that is missing, go to one
 * from the palette, see who waits for an answer, and hear of whoever reads.
 */
function Signed({ children }: { children: ReactNode }) {
  return (
    <MetricsProvider>
      <ExplainingProvider>
        <ActivityProvider>
          <ShareProvider>
            <CollectingProvider>
              <RequestingProvider>
                <DecidingProvider>
                  <NotingProvider>
                    <AssetCommands />
                    <NotificationListener />
                    {children}
                  </NotingProvider>
                </DecidingProvider>
              </RequestingProvider>
            </CollectingProvider>
          </ShareProvider>
        </ActivityProvider>
      </ExplainingProvider>
    </MetricsProvider>
  );
}

/** Inside the frame uploads go on, too. */
function SignedIn() {
  return (
    <Signed>
      <Frame />
      <Suspense>
        <UploadDock />
      </Suspense>
    </Signed>
  );
}

function SignedInToRead() {
  return (
    <Signed>
      <ReadingFrame />
    </Signed>
  );
}

type Load = Parameters<typeof lazyRouteComponent>[0];

/** A page inside the frame: where it is, who may see it, what it loads. */
function page(
  path: string,
  roles: readonly Role[],
  load: Load,
  name: string,
  parent: typeof frameRoute = frameRoute,
) {
  const Page = lazyRouteComponent(load, name);
  const guarded = createRoute({
    getParentRoute: () => parent,
    path,
    component: function GuardedPage() {
      const role = queryClient.getQueryData(sessionQuery.queryKey)?.user?.role;
      return role && roles.includes(role) ? <Page /> : <ForbiddenPage roles={roles} />;
    },
    loader: () => Page.preload?.(),
    pendingComponent: SkeletonPage,
    errorComponent: PageFault,
  });
  return guarded;
}

function door(path: string, load: Load, name: string) {
  return createRoute({
    getParentRoute: () => doorRoute,
    path,
    component: lazyRouteComponent(load, name),
    errorComponent: PageFault,
  });
}

const settingsRoute = createRoute({
  getParentRoute: () => frameRoute,
  id: 'settings-pages',
  component: lazyRouteComponent(() => import('./settings-frame.tsx'), 'SettingsFrame'),
});
const settings = settingsRoute as unknown as typeof frameRoute;

const requestsRoute = createRoute({
  getParentRoute: () => frameRoute,
  id: 'requests-pages',
  component: lazyRouteComponent(() => import('./requests-frame.tsx'), 'RequestsFrame'),
});
const requests = requestsRoute as unknown as typeof frameRoute;

const requestsPages = [
  page(paths.requests, everyRole, () => import('../requests/requests-page.tsx'), 'RequestsPage', requests),
  page(paths.gaps, gapReaders, () => import('../analytics/gaps-page.tsx'), 'GapsPage', requests),
  page(
    paths.objections,
    everyRole,
    () => import('../feedback/objections-page.tsx'),
    'ObjectionsPage',
    requests,
  ),
];

const reportRoute = createRoute({
  getParentRoute: () => frameRoute,
  id: 'report-pages',
  component: lazyRouteComponent(() => import('./shelf-frame.tsx'), 'ShelfFrame'),
});
const report = reportRoute as unknown as typeof frameRoute;

/** Each has the tabs of the report and the bar of its slice above it. */
const reportPages = [
  page(paths.shelf, everyRole, () => import('./shelf-home.tsx'), 'ShelfHome', report),
  page(paths.coverage, gapReaders, () => import('../coverage/coverage-page.tsx'), 'CoveragePage', report),
  page(paths.reach, everyRole, () => import('../analytics/reach-page.tsx'), 'ReachPage', report),
  page(paths.influence, gapReaders, () => import('../influence/influence-page.tsx'), 'InfluencePage', report),
  page(paths.aging, gapReaders, () => import('../aging/aging-page.tsx'), 'AgingPage', report),
  page(paths.brief, gapReaders, () => import('../report/brief-page.tsx'), 'BriefPage', report),
  page(paths.team, everyRole, () => import('../team/team-page.tsx'), 'TeamPage', report),
  page(paths.decisions, gapReaders, () => import('../decisions/decisions-page.tsx'), 'DecisionsPage', report),
];

const collectionsRoute = createRoute({
  getParentRoute: () => frameRoute,
  id: 'collections-pages',
  component: lazyRouteComponent(() => import('./collections-frame.tsx'), 'CollectionsFrame'),
});
const collections = collectionsRoute as unknown as typeof frameRoute;

const collectionsPages = [
  page(
    paths.collections,
    everyRole,
    () => import('../collections/collections-page.tsx'),
    'CollectionsPage',
    collections,
  ),
  page(paths.rooms, everyRole, () => import('../rooms/rooms-page.tsx'), 'RoomsPage', collections),
];

const pages = [
  page(paths.library, curators, () => import('../assets/library-page.tsx'), 'LibraryPage'),
  page(paths.deals, everyRole, () => import('../deals/deals-page.tsx'), 'DealsPage'),
  page(routePatterns.deal, everyRole, () => import('../activity/deal-page.tsx'), 'DealPage'),
  page(paths.importDeals, gapReaders, () => import('../deals/import-page.tsx'), 'ImportDealsPage'),
  page(paths.importLibrary, curators, () => import('../assets/import-page.tsx'), 'ImportPage'),
  page(paths.similarAssets, curators, () => import('../assets/similar-page.tsx'), 'SimilarPage'),
  page(routePatterns.asset, everyRole, () => import('../assets/asset-page.tsx'), 'AssetPage'),
  page(routePatterns.attention, everyRole, () => import('./attention-view.tsx'), 'AttentionView'),
  page(paths.find, everyRole, () => import('../search/find-page.tsx'), 'FindPage'),
  page(
    routePatterns.collection,
    everyRole,
    () => import('../collections/collection-page.tsx'),
    'CollectionPage',
  ),
  page(routePatterns.room, everyRole, () => import('../rooms/room-page.tsx'), 'RoomPage'),
  page(paths.myLinks, everyRole, () => import('../shares/my-links-page.tsx'), 'MyLinksPage'),
  page(routePatterns.shareLink, everyRole, () => import('../activity/link-page.tsx'), 'LinkPage'),
  page(
    paths.notifications,
    everyRole,
    () => import('../notifications/notifications-page.tsx'),
    'NotificationsPage',
  ),
  page(routePatterns.account, everyRole, () => import('../activity/account-page.tsx'), 'AccountPage'),
  page(paths.glossary, everyRole, () => import('../analytics/glossary-page.tsx'), 'GlossaryPage'),
  createRoute({
    getParentRoute: () => frameRoute,
    path: paths.settings,
    beforeLoad: () => {
      throw redirect({ to: paths.profile });
    },
  }),
];

const readingPages = [
  page(
    routePatterns.reading,
    everyRole,
    () => import('../rendering/reading-page.tsx'),
    'ReadingPage',
    readingRoute,
  ),
];

const nowhere = createRoute({ getParentRoute: () => frameRoute, path: '$', component: NotFoundPage });

const settingsPages = [
  page(paths.taxonomy, curators, () => import('../taxonomy/taxonomy-page.tsx'), 'TaxonomyPage', settings),
  page(paths.profile, everyRole, () => import('../auth/profile-page.tsx'), 'ProfilePage', settings),
  page(paths.users, admins, () => import('../auth/users-page.tsx'), 'UsersPage', settings),
  page(paths.rendering, curators, () => import('../rendering/rendering-page.tsx'), 'RenderingPage', settings),
  page(paths.searchIndex, curators, () => import('../indexing/index-page.tsx'), 'SearchIndexPage', settings),
  page(
    paths.measurement,
    curators,
    () => import('../judging/measurement-page.tsx'),
    'MeasurementPage',
    settings,
  ),
  page(
    paths.notificationSettings,
    everyRole,
    () => import('../notifications/preferences-page.tsx'),
    'PreferencesPage',
    settings,
  ),
  page(paths.webhooks, admins, () => import('../notifications/webhooks-page.tsx'), 'WebhooksPage', settings),
  page(paths.privacy, admins, () => import('../privacy/privacy-page.tsx'), 'PrivacyPage', settings),
  page(paths.counting, admins, () => import('../rollups/counting-page.tsx'), 'CountingPage', settings),
  page(paths.currencies, admins, () => import('../deals/currencies-page.tsx'), 'CurrenciesPage', settings),
  page(paths.jobs, admins, () => import('../jobs/jobs-page.tsx'), 'JobsPage', settings),
];

const doors = [
  door(paths.setUp, () => import('../auth/set-up-page.tsx'), 'SetUpPage'),
  door(paths.signIn, () => import('../auth/sign-in-page.tsx'), 'SignInPage'),
  door(paths.forgotPassword, () => import('../auth/forgot-password-page.tsx'), 'ForgotPasswordPage'),
  door(paths.join, () => import('../auth/join-page.tsx'), 'JoinPage'),
  door(paths.reset, () => import('../auth/join-page.tsx'), 'JoinPage'),
  door(paths.unsubscribe, () => import('./unsubscribe-page.tsx'), 'UnsubscribePage'),
];

export const router = createRouter({
  routeTree: rootRoute.addChildren([
    frameRoute.addChildren([
      ...pages,
      collectionsRoute.addChildren(collectionsPages),
      requestsRoute.addChildren(requestsPages),
      reportRoute.addChildren(reportPages),
      settingsRoute.addChildren(settingsPages),
      nowhere,
    ]),
    readingRoute.addChildren(readingPages),
    doorRoute.addChildren(doors),
  ]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultErrorComponent: PageFault,
  scrollRestoration: true,
});

whenSignedOut(() => {
  const { pathname, href } = router.state.location;
  queryClient.setQueryData(sessionQuery.queryKey, (session) => session && { ...session, user: null });
  if (pathname === paths.signIn) return;
  void router.navigate({ to: paths.signIn, search: { to: safeReturnPath(href) } as never });
});
