import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Database } from '../db/database.ts';
import { isEveryday } from '../words/common-words.ts';
import { type AskedSearch, listAskedFor } from './asked-for.ts';
import type { Gap, listGaps } from './contract.ts';
import { type Clusters, clusterSearches, keyOf } from './gap-clusters.ts';
import {
  type ClusterRequest,
  type DecisionRow,
  listChoices,
  listClusterRequests,
  listDecisions,
  listLibraryWords,
  listNotRight,
  listOpenDeals,
  listTaxonomyTerms,
  type TaxonomyTerm,
} from './gap-queries.ts';
import { type GapAction, type GapState, listSessions, walkSessions } from './gap-state.ts';
import { describeState } from './gap-words.ts';
import { findRecordingStart } from './queries.ts';
import { readTyped } from './typed-words.ts';
import { createSuggestions, toTag } from './word-suggestions.ts';

const dayMs = 86_400_000;
/** A report looks at so much and no more. */
const mostDecisions = 5_000;
const mostNotRight = 5_000;
const mostGaps = 200;
const mostVariants = 8;
const mostUnknownWords = 6;

/** A gap in so far as gaps are put in order, together with what the next decision about it needs. */
type OrderedGap = Pick<Gap, 'state' | 'searchCount' | 'lastAt' | 'people' | 'openValue'>;

export interface FoundGap extends OrderedGap {
  /** To look at its words takes a while, and most gaps are shown to nobody. */
  describe(): Gap;
  group: string;
  /** Every key of the log, of requests and of decisions that stands for it. */
  keys: string[];
  request: ClusterRequest | undefined;
  decision: DecisionRow | undefined;
}

interface GapReport {
  found: FoundGap[];
  clusters: Clusters;
  searchCount: number;
  failedCount: number;
  asOf: Date;
}

/** Takes a second or two where there are many searches. */
export async function countGapList(
  { db, clock }: Context,
  days: number,
): Promise<z.output<(typeof listGaps)['response']>> {
  const [{ found, searchCount, failedCount, asOf }, recordingSince] = await Promise.all([
    buildGapReport(db, clock(), days),
    findRecordingStart(db),
  ]);
  return {
    items: found.slice(0, mostGaps).map((one) => one.describe()),
    searchCount,
    failedCount,
    asOf,
    recordingSince,
  };
}

/** Every gap of the last days, open ones first. */
export async function buildGapReport(
  db: Database,
  now: Date,
  days: number,
  askedKeys: string[] = [],
): Promise<GapReport> {
  const window = { start: new Date(now.getTime() - days * dayMs), end: now };
  const [searches, terms, decisions, requests, notRight, deals, choices] = await Promise.all([
    listAskedFor(db, window),
    listTaxonomyTerms(db),
    listDecisions(db, mostDecisions),
    listClusterRequests(db, mostDecisions),
    listNotRight(db, window, mostNotRight),
    listOpenDeals(db),
    listChoices(db, mostDecisions),
  ]);
  const libraryWords = new Set(await listLibraryWords(db, listTypedWords(searches)));
  const keys = [
    ...decisions.map(({ clusterKey }) => clusterKey),
    ...requests.map(({ clusterKey }) => clusterKey),
    ...askedKeys,
  ];
  const clusters = clusterSearches(searches, keys, terms, libraryWords);
  const searchesOf = Map.groupBy(searches, (search) => clusters.groupOf(search));
  const requestsOf = Map.groupBy(requests, ({ clusterKey }) => clusters.groupOfKey(clusterKey));
  const decisionsOf = Map.groupBy(decisions, ({ clusterKey }) => clusters.groupOfKey(clusterKey));
  const notRightOf = Map.groupBy(notRight, ({ searchId }) => searchId);
  const dealsOf = Map.groupBy(deals, ({ userId }) => userId);
  const suggestTerms = createSuggestions(terms, choices);

  const found: FoundGap[] = [];
  let searchCount = 0;
  let failedCount = 0;
  for (const [group, rows] of searchesOf) {
    if (group === undefined) continue;
    const decision = decisionsOf.get(group)?.[0];
    const ownRequests = requestsOf.get(group) ?? [];
    const request =
      ownRequests.find(({ status }) => status === 'open' || status === 'planned') ?? ownRequests[0];
    const action = findAction(decision, request);
    const sessions = listSessions(rows, now, action?.at ?? null);
    searchCount += sessions.length;
    failedCount += sessions.filter(({ hasSucceeded }) => !hasSucceeded).length;
    const state = walkSessions(sessions, action);
    if (state.failures.length === 0) continue;
    const keysOfGroup = listKeys(rows, ownRequests, decisionsOf.get(group) ?? []);
    const failed = state.failures.flatMap((session) => session.searches as AskedSearch[]);
    const standing = {
      searchCount: state.failures.length,
      people: countPeople(state),
      lastAt: failed.at(-1)?.searchedAt ?? now,
      ...sumDeals(new Set(failed.map(({ userId }) => userId)), dealsOf),
      ...describeState(state, { decision, request, terms }),
    };
    const describe = (): Gap => {
      const unknownWords = listUnknownWords(failed, clusters, libraryWords);
      return {
        ...standing,
        clusterKey: keysOfGroup[0] ?? group,
        ...describeWording(failed, clusters.termIdsOf(group), terms),
        kind: isFoundNothing(state) ? 'no_result' : 'no_success',
        notRight: sumNotRight(rows.flatMap(({ id }) => notRightOf.get(id) ?? [])),
        request: request ? { id: request.id, title: request.title, status: request.status } : null,
        synonym: describeSynonym(decision, terms),
        suggestedTerms: suggestTerms(unknownWords),
        unknownWords,
      };
    };
    found.push({ ...standing, describe, group, keys: keysOfGroup, request, decision });
  }
  return { found: found.toSorted(compareGaps), clusters, searchCount, failedCount, asOf: now };
}

/** The newer of the two counts; a rep's own request is as good as one that marketing made. */
function findAction(
  decision: DecisionRow | undefined,
  request: ClusterRequest | undefined,
): GapAction | null {
  const bySynonym = decision?.kind === 'synonym' ? decision.decidedAt : null;
  const renewedAt = decision?.kind === 'requested' ? decision.decidedAt : null;
  const requestedAt = request && latest(request.createdAt, renewedAt);
  if (bySynonym && (!requestedAt || bySynonym > requestedAt))
    return { kind: 'synonym', at: bySynonym, dueAt: bySynonym };
  if (!requestedAt) return null;
  return { kind: 'requested', at: requestedAt, dueAt: request.status === 'done' ? request.closedAt : null };
}

function latest(a: Date, b: Date | null): Date {
  return b && b > a ? b : a;
}

/** The key that most searches have comes first: it names the gap. */
function listKeys(rows: AskedSearch[], requests: ClusterRequest[], decisions: DecisionRow[]): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const key = keyOf(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  const ofLog = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([key]) => key);
  return [...new Set([...ofLog, ...[...requests, ...decisions].map(({ clusterKey }) => clusterKey)])];
}

function describeWording(failed: AskedSearch[], termIds: string[], terms: TaxonomyTerm[]) {
  const wordings = new Map<string, { query: string; count: number; people: Set<string> }>();
  for (const { query, userId } of failed) {
    const text = query.replace(/\s+/g, ' ').trim();
    if (text === '') continue;
    const wording = wordings.get(text.toLowerCase()) ?? { query: text, count: 0, people: new Set() };
    wording.count += 1;
    wording.people.add(userId);
    wordings.set(text.toLowerCase(), wording);
  }
  const ordered = [...wordings.values()].toSorted(
    (a, b) => b.people.size - a.people.size || b.count - a.count,
  );
  const tags = terms.filter(({ id }) => termIds.includes(id)).map(toTag);
  const [main, ...others] = ordered;
  return {
    query: main?.query ?? tags.map(({ name }) => name).join(' + '),
    isTyped: main !== undefined,
    pastedCount: failed.filter(({ isPasted }) => isPasted).length,
    variants: others.slice(0, mostVariants).map(({ query, count }) => ({ query, count })),
    terms: tags,
  };
}

/** Whether most of the failed sessions ended with nothing at all. */
function isFoundNothing({ failures }: GapState): boolean {
  const nothing = failures.filter(({ searches }) => searches.at(-1)?.resultCount === 0).length;
  return nothing * 2 >= failures.length;
}

function countPeople({ failures }: GapState): Gap['people'] {
  const people = new Map<string, Gap['people'][number]>();
  for (const { userId, searches } of failures) {
    const name = (searches[0] as AskedSearch | undefined)?.userName ?? '';
    const person = people.get(userId) ?? { userId, name, count: 0 };
    people.set(userId, { ...person, count: person.count + 1 });
  }
  return [...people.values()].toSorted((a, b) => b.count - a.count || a.name.localeCompare(b.name));
}

function sumDeals(userIds: Set<string>, dealsOf: Map<string, Awaited<ReturnType<typeof listOpenDeals>>>) {
  const amounts = new Map<string, number>();
  let openDealCount = 0;
  for (const { currency, amount, dealCount } of [...userIds].flatMap((userId) => dealsOf.get(userId) ?? [])) {
    amounts.set(currency, (amounts.get(currency) ?? 0) + amount);
    openDealCount += dealCount;
  }
  const openValue = Array.from(amounts, ([currency, amount]) => ({ currency, amount }));
  return { openDealCount, openValue: openValue.toSorted((a, b) => b.amount - a.amount) };
}

function sumNotRight(rows: Awaited<ReturnType<typeof listNotRight>>): Gap['notRight'] {
  const groups = Map.groupBy(rows, ({ assetId, reason }) => `${assetId} ${reason}`);
  return [...groups.values()]
    .flatMap((same) => {
      const [first] = same;
      if (!first) return [];
      const { assetId, assetTitle, reason } = first;
      const notes = [...new Set(same.map(({ note }) => note).filter((note) => note !== ''))].slice(0, 5);
      return [{ assetId, assetTitle, reason, count: same.length, notes }];
    })
    .toSorted((a, b) => b.count - a.count);
}

function describeSynonym(decision: DecisionRow | undefined, terms: TaxonomyTerm[]): Gap['synonym'] {
  if (decision?.kind !== 'synonym' || decision.word === null) return null;
  const term = terms.find(({ id }) => id === decision.termId);
  return term ? { term: toTag(term), word: decision.word } : null;
}

function listTypedWords(searches: AskedSearch[]): string[] {
  return [...new Set(searches.flatMap(({ query }) => readTyped(query).map(({ word }) => word)))];
}

/** Each in the form that most searches have. */
function listUnknownWords(failed: AskedSearch[], clusters: Clusters, libraryWords: Set<string>): string[] {
  const forms = new Map<string, { stem: string; count: number }>();
  for (const { query } of failed)
    for (const { word, stem, isFiller } of readTyped(query)) {
      if (isFiller || isEveryday(word) || word.length < 2 || /^\d+$/.test(word)) continue;
      if (libraryWords.has(word) || clusters.isOfTaxonomy(word)) continue;
      forms.set(word, { stem, count: (forms.get(word)?.count ?? 0) + 1 });
    }
  const ordered = [...forms].toSorted(([, a], [, b]) => b.count - a.count);
  const byStem = Map.groupBy(ordered, ([, { stem }]) => stem);
  return Array.from(byStem.values(), ([first]) => first?.[0] ?? '').slice(0, mostUnknownWords);
}

const stateOrder = { open: 0, acted_on: 1, closed: 2, dismissed: 3 };

/** Within a state by how many people it cost how many searches, then by what their deals are worth. */
export function compareGaps(a: OrderedGap, b: OrderedGap): number {
  const weight = (gap: OrderedGap) => gap.people.length * gap.searchCount;
  const worth = (gap: OrderedGap) => gap.openValue.reduce((sum, { amount }) => sum + amount, 0);
  return (
    stateOrder[a.state] - stateOrder[b.state] ||
    weight(b) - weight(a) ||
    worth(b) - worth(a) ||
    b.lastAt.getTime() - a.lastAt.getTime()
  );
}
