import type { MatchedField } from '../indexing/engine.ts';
import type { TermTag } from '../taxonomy/contract.ts';
import type { Why } from './contract.ts';

/** A term of the question, with the word that was typed for it when that is another one. */
export interface AskedTerm {
  id: string;
  typed: string | null;
}

export interface ReasonFacts {
  /** The asset's terms. */
  terms: TermTag[];
  askedTerms: AskedTerm[];
  /** Terms of the asset that the remaining words name. */
  namedTermIds: string[];
  /** Terms with a synonym that one of the remaining words stands in. */
  touchedTermIds: string[];
  /** By which synonym the remaining words name or touch a term, unless they do so by its name. */
  synonyms: Map<string, string>;
  fields: MatchedField[];
  pageNumber: number | null;
  sharedByCount: number;
  humanOpenCount: number;
  publishedAt: Date | null;
  now: Date;
}

const dayMs = 86_400_000;
const newForDays = 30;

const fieldTexts: Partial<Record<MatchedField, string>> = {
  title: 'In the title',
  use_when: 'In “use when”',
  talk_track: 'In the talk track',
  description: 'In the description',
};

/** Why an asset is among the answers, the strongest reason first. Nothing is claimed that does not hold. */
export function listReasons(facts: ReasonFacts): Why[] {
  const asked = new Map(facts.askedTerms.map((term) => [term.id, term]));
  const met = facts.terms.filter(({ id }) => asked.has(id));
  const situation = met.filter(({ dimensionKey }) => dimensionKey !== 'content_type');
  const reasons: Why[] = [];
  if (situation.length > 0) {
    const text = situation.map((term) => nameTerm(term, asked.get(term.id)?.typed ?? null)).join(' + ');
    reasons.push({ kind: 'situation', text });
  }
  const named = facts.terms.filter(
    ({ id, dimensionKey }) =>
      (asked.has(id) && dimensionKey === 'content_type') ||
      (!asked.has(id) && facts.namedTermIds.includes(id)),
  );
  // A word within a synonym is a weak reason, and said only where the tags matched by nothing better.
  const isTouched = named.length === 0 && situation.length === 0 && facts.fields.includes('tag');
  const tagged = isTouched ? facts.terms.filter(({ id }) => facts.touchedTermIds.includes(id)) : named;
  const text = new Map<MatchedField, Why>();
  for (const field of facts.fields) {
    const says = fieldTexts[field];
    if (says !== undefined) text.set(field, { kind: field, text: says });
    if (field === 'page')
      text.set(field, {
        kind: 'page',
        text: facts.pageNumber === null ? 'In the text' : `On page ${facts.pageNumber}`,
      });
  }
  const titleReason = text.get('title');
  if (titleReason) reasons.push(titleReason);
  reasons.push(...tellTags(tagged, asked, facts.synonyms));
  for (const field of ['use_when', 'talk_track', 'description', 'page'] as const) {
    const reason = text.get(field);
    if (reason) reasons.push(reason);
  }
  return [...reasons, ...listEvidence(facts)];
}

const mostNamed = 2;

function tellTags(tagged: TermTag[], asked: Map<string, AskedTerm>, synonyms: Map<string, string>): Why[] {
  const byName: string[] = [];
  const bySynonym: string[] = [];
  for (const term of tagged.slice(0, mostNamed)) {
    const synonym = asked.has(term.id) ? undefined : synonyms.get(term.id);
    if (synonym === undefined) byName.push(nameTerm(term, asked.get(term.id)?.typed ?? null));
    else bySynonym.push(`“${synonym}” is a synonym of ${term.name}`);
  }
  const texts = [...(byName.length > 0 ? [`Tagged ${byName.join(', ')}`] : []), ...bySynonym.slice(0, 1)];
  return texts.map((text) => ({ kind: 'tag', text }));
}

function nameTerm({ name }: TermTag, typed: string | null): string {
  return typed === null || typed.toLowerCase() === name.toLowerCase() ? name : `${name} (${typed})`;
}

function listEvidence({ sharedByCount, humanOpenCount, publishedAt, now }: ReasonFacts): Why[] {
  const found: Why[] = [];
  const parts: string[] = [];
  if (sharedByCount > 0) parts.push(`shared by ${sharedByCount} ${sharedByCount === 1 ? 'rep' : 'reps'}`);
  if (humanOpenCount > 0)
    parts.push(`opened by people ${humanOpenCount === 1 ? 'once' : `${humanOpenCount} times`}`);
  if (parts.length > 0) found.push({ kind: 'evidence', text: `${capital(parts.join(', '))} in 90 days` });
  const age = publishedAt === null ? newForDays : Math.floor((now.getTime() - publishedAt.getTime()) / dayMs);
  if (age >= 0 && age < newForDays) found.push({ kind: 'new', text: `New, published ${tellAge(age)}` });
  return found;
}

function tellAge(days: number): string {
  if (days === 0) return 'today';
  return days === 1 ? 'yesterday' : `${days} days ago`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
