import type { Database } from '../../server/src/db/database.ts';

type Key = 'persona' | 'stage' | 'objection';

interface Asked {
  rows: Key;
  columns: Key;
  third: string;
  firstDay: string;
  lastDay: string;
  start: Date;
  end: Date;
  now: Date;
  /** By what the slice narrows accounts and assets; null: by nothing. */
  industry: string | null;
  productTermId: string | null;
}

export interface RecountedCell {
  rowTermId: string;
  columnTermId: string;
  thirdTermId: string | null;
  assetCount: number;
  sharedCount: number;
  readCount: number;
  liftCount: number;
  searchCount: number;
  failedSearchCount: number;
  noteCount: number;
  openDealCount: number;
  openValue: number;
  unconvertedDealCount: number;
  wantedCount: number | null;
}

const keys: readonly Key[] = ['persona', 'stage', 'objection'];

/** Every row of a table, as it stands there. */
// biome-ignore lint/suspicious/noExplicitAny: plain rows are the point
async function all(db: Database, table: string): Promise<any[]> {
  return db
    .selectFrom(table as never)
    .selectAll()
    .execute();
}

/** The coverage by plain loops over rows, knowing nothing of how the report counts. */
export async function recountCoverage(db: Database, asked: Asked): Promise<RecountedCell[]> {
  const terms = (await all(db, 'term')).filter((term) => !term.retiredAt && keys.includes(term.dimensionKey));
  const dimensionOf = new Map<string, Key>(terms.map((term) => [term.id, term.dimensionKey]));
  const accounts = new Map((await all(db, 'account')).map((account) => [account.id, account]));
  const isBuyer = (accountId: string | null | undefined) =>
    asked.industry === null || accounts.get(accountId)?.industry === asked.industry;
  const isIn = (moment: Date) => moment >= asked.start && moment <= asked.end;

  const searches = await listSearches(db, dimensionOf);
  const askedFor = searches.filter((search) => isIn(search.searchedAt) && isBuyer(search.accountId));
  const everyDeal = new Map((await all(db, 'deal')).map((deal) => [deal.id, deal]));
  const notes = (await all(db, 'objectionNote'))
    .filter((note) => isIn(note.notedAt) && isBuyer(everyDeal.get(note.dealId)?.accountId))
    .map((note) => ({
      dealId: note.dealId as string | null,
      terms: new Set<string>(
        [note.personaTermId, note.stageTermId, note.objectionTermId].filter((id) => dimensionOf.has(id)),
      ),
    }));
  const things = {
    assets: await listAssets(db, asked, dimensionOf),
    searches: askedFor,
    notes,
    deals: await listDeals(db, {
      notes,
      askedFor,
      linkSearches: await listLinkSearches(db, searches, isIn),
      stages: terms.filter((term) => term.dimensionKey === 'stage'),
      isPersonaOrObjection: (termId) => dimensionOf.has(termId) && dimensionOf.get(termId) !== 'stage',
      isBuyer,
    }),
    targets: await all(db, 'coverageTarget'),
  };
  const thirdKey = keys.find((key) => key !== asked.rows && key !== asked.columns) as Key;
  const idsOf = (key: Key) =>
    terms.filter((term) => term.dimensionKey === key).map((term) => term.id as string);
  const only = asked.third === 'each' ? idsOf(thirdKey) : [asked.third];
  const thirds = asked.third === 'all' ? [null] : only;
  const cells: RecountedCell[] = [];
  for (const rowTermId of idsOf(asked.rows))
    for (const columnTermId of idsOf(asked.columns))
      for (const thirdTermId of thirds) {
        const places = { [asked.rows]: rowTermId, [asked.columns]: columnTermId, [thirdKey]: thirdTermId };
        const target = things.targets.find((one) =>
          keys.every((key) => one[`${key}TermId`] === (places[key] ?? null)),
        );
        cells.push({
          rowTermId,
          columnTermId,
          thirdTermId,
          ...countCell(things, [rowTermId, columnTermId, thirdTermId], asked.now),
          wantedCount: target?.wantedCount ?? null,
        });
      }
  return cells;
}

interface Tagged {
  terms: Set<string>;
}

interface Things {
  assets: (Tagged & { isShared: boolean; isRead: boolean; isLifting: boolean })[];
  searches: Search[];
  notes: Tagged[];
  deals: (Tagged & { value: number | null })[];
}

function countCell(things: Things, termIds: (string | null)[], now: Date) {
  const isHere = (thing: Tagged) => termIds.every((termId) => termId === null || thing.terms.has(termId));
  const assets = things.assets.filter(isHere);
  const deals = things.deals.filter(isHere);
  return {
    assetCount: assets.length,
    sharedCount: assets.filter(({ isShared }) => isShared).length,
    readCount: assets.filter(({ isRead }) => isRead).length,
    liftCount: assets.filter(({ isLifting }) => isLifting).length,
    ...countSessions(things.searches.filter(isHere), now),
    noteCount: things.notes.filter(isHere).length,
    openDealCount: deals.length,
    openValue: deals.reduce((sum, { value }) => sum + (value ?? 0), 0),
    unconvertedDealCount: deals.filter(({ value }) => value === null).length,
  };
}

interface LinkSearch {
  dealId: string | null;
  accountId: string | null;
  terms: Set<string>;
}

/** The searches that share links of the window were made out of, with the deal or the account of each link. */
async function listLinkSearches(
  db: Database,
  searches: Search[],
  isIn: (moment: Date) => boolean,
): Promise<LinkSearch[]> {
  const recipients = new Map((await all(db, 'recipient')).map((recipient) => [recipient.id, recipient]));
  const contacts = new Map((await all(db, 'contact')).map((contact) => [contact.id, contact]));
  return (await all(db, 'shareLink')).flatMap((link) => {
    const search = searches.find(({ id }) => id === link.searchId);
    if (!search || link.undoneAt || !isIn(link.createdAt)) return [];
    const recipient = recipients.get(link.recipientId);
    const accountId = recipient.accountId ?? contacts.get(recipient.contactId)?.accountId ?? null;
    return [{ dealId: link.dealId, accountId, terms: search.terms }];
  });
}

interface DealSources {
  notes: (Tagged & { dealId: string | null })[];
  askedFor: Search[];
  linkSearches: LinkSearch[];
  // biome-ignore lint/suspicious/noExplicitAny: plain rows are the point
  stages: any[];
  isPersonaOrObjection: (termId: string) => boolean;
  isBuyer: (accountId: string) => boolean;
}

/** Open deals in which something came up, with what did and the stage that they are in. */
async function listDeals(db: Database, sources: DealSources): Promise<Things['deals']> {
  const rates = new Map((await all(db, 'currencyRate')).map((rate) => [rate.currency, Number(rate.rate)]));
  const stages = sources.stages.toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : 1));
  const listed: Things['deals'] = [];
  for (const deal of await all(db, 'deal')) {
    if (deal.removedAt || deal.outcome !== 'open' || !sources.isBuyer(deal.accountId)) continue;
    const about: Tagged[] = [
      ...sources.notes.filter(({ dealId }) => dealId === deal.id),
      ...sources.askedFor.filter(({ accountId }) => accountId === deal.accountId),
      ...sources.linkSearches.filter((link) =>
        link.dealId === null ? link.accountId === deal.accountId : link.dealId === deal.id,
      ),
    ];
    if (about.length === 0) continue;
    const terms = new Set(about.flatMap((one) => [...one.terms]).filter(sources.isPersonaOrObjection));
    const written = deal.stage.toLowerCase();
    const stage =
      stages.find(({ name }) => name.toLowerCase() === written) ??
      stages.find(({ synonyms }) => synonyms.some((word: string) => word.toLowerCase() === written));
    if (stage) terms.add(stage.id);
    const rate = rates.get(deal.currency);
    listed.push({ terms, value: rate === undefined ? null : Number(deal.amount) * rate });
  }
  return listed;
}

async function listAssets(
  db: Database,
  asked: Asked,
  dimensionOf: Map<string, Key>,
): Promise<Things['assets']> {
  const changes = await all(db, 'assetStatusChange');
  const tags = await all(db, 'assetTerm');
  const months = await all(db, 'assetMonth');
  const slices = await all(db, 'buyerSlice');
  const influences = await all(db, 'assetInfluence');
  const sliceIds =
    asked.industry === null
      ? [0]
      : slices.filter((slice) => slice.industry === asked.industry).map((slice) => slice.id);
  const listed: Things['assets'] = [];
  for (const asset of await all(db, 'asset')) {
    const own = tags.filter((tag) => tag.assetId === asset.id).map((tag) => tag.termId as string);
    if (asked.productTermId !== null && !own.includes(asked.productTermId)) continue;
    const last = changes
      .filter((change) => change.assetId === asset.id && change.changedAt <= asked.end)
      .toSorted((a, b) => a.changedAt - b.changedAt || a.id - b.id)
      .at(-1);
    if (last?.status !== 'published') continue;
    if (!asset.publishedAt || asset.publishedAt.getTime() > asked.end.getTime() - 30 * 86_400_000) continue;
    const didOn = (column: 'sharedDays' | 'readDays') =>
      months.some((row) => {
        if (row.assetId !== asset.id || !sliceIds.includes(row.buyerSliceId)) return false;
        for (let bit = 0; bit < 31; bit++) {
          const day = `${String(row.month).slice(0, 8)}${String(bit + 1).padStart(2, '0')}`;
          if ((row[column] >> bit) & 1 && day >= asked.firstDay && day <= asked.lastDay) return true;
        }
        return false;
      });
    listed.push({
      terms: new Set(own.filter((termId) => dimensionOf.has(termId))),
      isShared: didOn('sharedDays'),
      isRead: didOn('readDays'),
      isLifting: influences.some((row) => row.assetId === asset.id && row.isLifting),
    });
  }
  return listed;
}

async function listSearches(db: Database, dimensionOf: Map<string, Key>) {
  const actions = await all(db, 'searchAction');
  return (await all(db, 'search')).map((search) => ({
    id: search.id as string,
    userId: search.userId as string,
    accountId: search.accountId as string | null,
    searchedAt: search.searchedAt as Date,
    resultCount: search.resultCount as number,
    terms: new Set<string>(
      (search.termIds.length > 0 ? search.termIds : search.filters.termIds).filter((termId: string) =>
        dimensionOf.has(termId),
      ),
    ),
    hasSucceeded: actions.some(
      (action) =>
        action.searchId === search.id &&
        (['shared', 'downloaded'].includes(action.kind) ||
          (action.kind === 'opened' && action.dwellMs >= 10_000)),
    ),
  }));
}

type Search = Awaited<ReturnType<typeof listSearches>>[number];

/** What one user asks with pauses of at most half an hour is one session; it fails when nothing came of it. */
function countSessions(searches: Search[], now: Date): { searchCount: number; failedSearchCount: number } {
  let [searchCount, failedSearchCount] = [0, 0];
  const pause = 30 * 60_000;
  for (const userId of new Set(searches.map((search) => search.userId))) {
    const own = searches
      .filter((search) => search.userId === userId)
      .toSorted((a, b) => a.searchedAt.getTime() - b.searchedAt.getTime() || (a.id < b.id ? -1 : 1));
    let session: Search[] = [];
    const close = () => {
      const last = session.at(-1);
      if (!last) return;
      searchCount += 1;
      const isOver = last.resultCount === 0 || last.searchedAt.getTime() <= now.getTime() - pause;
      if (isOver && !session.some(({ hasSucceeded }) => hasSucceeded)) failedSearchCount += 1;
      session = [];
    };
    for (const search of own) {
      const before = session.at(-1);
      if (before && search.searchedAt.getTime() - before.searchedAt.getTime() > pause) close();
      session.push(search);
    }
    close();
  }
  return { searchCount, failedSearchCount };
}
