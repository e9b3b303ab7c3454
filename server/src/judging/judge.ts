import type { Judgement, JudgementClass } from './contract.ts';
import { decidingRules, ruleVersion, type VisitFacts, type WeighedRule, weighedRules } from './rules.ts';

/** With no sign at all we do not know, and lean slightly towards a machine. */
const priorLogOdds = Math.log(0.4 / 0.6);

/** A judgement, and the names of the weighed signs that were there, whatever decided. */
export interface PatternedJudgement extends Judgement {
  pattern: string;
}

export interface Bench {
  /** A rule that is left out, to see whether anything depends on it. */
  without?: string;
  /** P(human) of a pattern as it was observed, where it was. */
  calibrated?: ReadonlyMap<string, number>;
}

/** Says what a visit is, how sure we are that it was a person, and why. */
export function judge(facts: VisitFacts, { without, calibrated }: Bench = {}): PatternedJudgement {
  const signs = weighedRules.filter((rule) => rule.name !== without && rule.applies(facts));
  const pattern = patternOf(signs);
  const decision = decidingRules.find((rule) => rule.name !== without && rule.applies(facts));
  if (decision) {
    const { name, class: decided, probability, sentence } = decision;
    const reasons = [{ rule: name, weight: 0, sentence }];
    return { class: decided, probability, reasons, ruleVersion, pattern };
  }
  const probability = calibrated?.get(pattern) ?? probabilityOf(signs);
  return {
    class: classOf(probability, signs),
    probability,
    reasons:
      signs.length > 0
        ? signs.map(({ name, weight, sentence }) => ({ rule: name, weight, sentence }))
        : [
            {
              rule: 'nothing',
              weight: 0,
              sentence: 'It opened the page and did nothing that tells a person from a program.',
            },
          ],
    ruleVersion,
    pattern,
  };
}

function patternOf(signs: readonly WeighedRule[]): string {
  return signs
    .map(({ name }) => name)
    .sort()
    .join(' ');
}

function probabilityOf(signs: readonly WeighedRule[]): number {
  const logOdds = signs.reduce((sum, { weight }) => sum + weight, priorLogOdds);
  return Math.round(100 / (1 + Math.exp(-logOdds))) / 100;
}

/** What the rules alone say of a pattern; the names of rules that are no more are passed over. */
export function ruleProbabilityOf(pattern: string): number {
  const names = new Set(pattern.split(' '));
  return probabilityOf(weighedRules.filter(({ name }) => names.has(name)));
}

/** A lone weak sign never decides, and two of one family are one. */
function classOf(probability: number, signs: readonly WeighedRule[]): JudgementClass {
  const familiesFor = (isFor: boolean) =>
    new Set(signs.filter(({ weight }) => weight > 0 === isFor).map(({ family }) => family)).size;
  if (probability >= 0.8 && familiesFor(true) >= 2) return 'human-likely';
  if (probability <= 0.15 && familiesFor(false) >= 2) return 'scanner';
  return 'unsure';
}

/** Whether a new judgement says something new: another class, other rules, or a probability that moved. */
export function differs(
  before: { class: string; probability: number; ruleVersion: number },
  after: Judgement,
): boolean {
  return (
    before.class !== after.class ||
    before.ruleVersion !== after.ruleVersion ||
    Math.abs(before.probability - after.probability) >= 0.1
  );
}
