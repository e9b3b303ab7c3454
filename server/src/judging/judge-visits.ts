import type { Database } from '../db/database.ts';
import { browserFacts, type JudgementClass, judgementClass, requestFacts } from './contract.ts';
import { declaredKindOf } from './declared.ts';
import { listVisitFacts, type VisitFactsRow } from './fact-queries.ts';
import { differs, judge, type PatternedJudgement } from './judge.ts';
import { insertJudgements, insertRules, listPatternProbabilities } from './queries.ts';
import { describeRules, ruleVersion, type VisitFacts } from './rules.ts';

export interface JudgedVisit {
  visitId: string;
  before: JudgementClass | null;
  after: JudgementClass;
}

/** What each visit was judged to be before and now. */
export async function judgeAndKeep(db: Database, now: Date, visitIds: string[]): Promise<JudgedVisit[]> {
  if (visitIds.length === 0) return [];
  const rows = await listVisitFacts(db, visitIds, ruleVersion);
  const judged = await judgeRows(db, rows);
  const news = judged.filter(({ row, judgement }) => {
    const { class: before, probability, ruleVersion: version } = row;
    if (row.judgedByUserId !== null) return false;
    if (before === null || probability === null) return true;
    return differs({ class: before, probability, ruleVersion: version ?? 0 }, judgement);
  });
  if (news.length > 0) {
    if (!news[0]?.row.areRulesKept)
      await insertRules(db, { version: ruleVersion, rules: describeRules(), firstUsedAt: now });
    await insertJudgements(
      db,
      news.map(({ row, judgement: { class: judgedAs, ...rest } }) => ({
        visitId: row.id,
        class: judgedAs,
        ...rest,
        judgedAt: now,
      })),
    );
  }
  return judged.map(({ row, judgement }) => {
    const before = row.class === null ? null : judgementClass.parse(row.class);
    return {
      visitId: row.id,
      before,
      after: row.judgedByUserId !== null && before !== null ? before : judgement.class,
    };
  });
}

interface JudgedRow {
  row: VisitFactsRow;
  judgement: PatternedJudgement;
}

async function judgeRows(db: Database, rows: VisitFactsRow[]): Promise<JudgedRow[]> {
  if (rows.length === 0) return [];
  const facts = rows.map((row) => ({ row, known: factsOf(row) }));
  const patterns = [...new Set(facts.map(({ known }) => judge(known).pattern))];
  const calibrated = await listPatternProbabilities(db, ruleVersion, patterns);
  return facts.map(({ row, known }) => ({ row, judgement: judge(known, { calibrated }) }));
}

/** The facts of a visit as the rules want them. */
export function factsOf(row: VisitFactsRow): VisitFacts {
  // Raw requests are kept briefly; what they once told of an old visit is in its earlier judgement.
  const earlier = new Set(row.hasHits ? [] : (row.pattern ?? '').split(' '));
  return {
    userAgent: row.userAgent,
    isInternal: row.isInternal,
    hasPassedPasscode: row.hasPasscode,
    hasPassedCode: row.visitorKeyKind === 'code',
    hasTypedEmail: row.visitorKeyKind === 'email',
    hasTrustedInput: row.hasTrustedInput,
    hasDownloaded: row.hasDownloaded,
    activeMs: row.pagesSeen > 0 ? row.activeMs : row.lastActiveAt.getTime() - row.startedAt.getTime(),
    pagesSeen: row.pagesSeen,
    msSinceLinkMade: row.startedAt.getTime() - row.linkMadeAt.getTime(),
    msSinceMailed: row.mailedAt && row.startedAt.getTime() - row.mailedAt.getTime(),
    hasTwin:
      earlier.has('twin') ||
      (row.twinAgents ?? []).some((userAgent) => declaredKindOf(userAgent) === undefined),
    hasProbe: earlier.has('probe') || row.hasProbe === true,
    hasTakenTrap: earlier.has('trap') || row.hasTakenTrap === true,
    linksOpenedAtOnce: earlier.has('burst') ? Number.POSITIVE_INFINITY : row.linksOpenedAtOnce,
    hasComeBack: row.hasComeBack,
    request: requestFacts.safeParse(row.requestFacts).data ?? {},
    browser: browserFacts.safeParse(row.browserFacts).data ?? {},
  };
}
