import type { Context } from '../context.ts';
import type { Actor } from '../http/actor.ts';
import type { EngineQuery } from '../indexing/engine.ts';
import type { AskableEngine } from '../indexing/service.ts';
import { type AnswerShape, cutPassageFrom, isProof, shapeAnswer } from './answer.ts';
import type { SearchHit, SituationAnswer } from './contract.ts';
import { findPageText } from './hit-queries.ts';
import { type HitList, hasSomethingToRankBy, type Ranked, rankAnswers } from './hits.ts';
import { groupTerms, type ReadQuestion } from './question.ts';

/** Everything that one search answers with, as lists of hits that are yet to be read. */
export interface Answers {
  main: Ranked;
  /** The page, what the situation's answer needs besides, what comes nearest, and then a list for each objection. */
  lists: HitList[];
  describeAnswer(hits: SearchHit[]): SituationAnswer | null;
}

const hitsPerObjection = 3;
const nearestCount = 3;
/** So many of the best are asked for a passage that says what to answer. */
const passagesAmong = 3;
/** A passage with one word of the objection is about something else as often as not. */
const leastMarked = 2;
const noHits: Pick<HitList, 'assets' | 'explained'> = { assets: [], explained: [] };

export async function findAnswers(
  ctx: Context,
  actor: Actor,
  engine: AskableEngine,
  read: ReadQuestion,
  { offset, limit }: { offset: number; limit: number },
): Promise<Answers> {
  const asked = { ...read.asked, offset, limit };
  const isFirst = offset === 0;
  const isAnswered = isFirst && isSituation(read);
  const [main, proofs, objections] = await Promise.all([
    rankAnswers(ctx, actor, engine, read, asked),
    isAnswered ? rankProofs(ctx, actor, engine, read) : null,
    Promise.all(
      (isFirst ? (read.message?.objections ?? []) : []).map((objection) =>
        rankAnswers(ctx, actor, engine, read, {
          ...asked,
          words: objection.words.join(' '),
          situation: [
            ...groupTerms([objection.term]),
            ...read.asked.situation.filter(({ dimensionKey }) => /^(?:persona|stage)$/.test(dimensionKey)),
          ],
          countedKeys: [],
          limit: hitsPerObjection,
        }).then((ranked) => preferTagged(ranked, objection.term.id)),
      ),
    ),
  ]);
  const shape = isAnswered ? shapeAnswer(listCandidates(read, main), proofs?.page[0]?.assetId ?? null) : null;
  const pageIds = main.page.map(({ assetId }) => assetId);
  const around = listAround(shape, [main, ...(proofs ? [proofs] : [])], pageIds);
  const [explained, nearest, passage, ...explainedObjections] = await Promise.all([
    engine.explain(main.asked, [...pageIds, ...around.assets.map(({ assetId }) => assetId)]),
    isFirst && main.answer.total === 0 ? findNearest(ctx, actor, engine, read) : null,
    shape && shape.talkTrackId === null ? findPassage(ctx, engine, read, main) : null,
    ...objections.map((ranked) =>
      engine.explain(
        ranked.asked,
        ranked.page.map(({ assetId }) => assetId),
      ),
    ),
  ]);
  return {
    main,
    lists: [
      { ranked: main, assets: main.page, firstPosition: offset + 1, explained },
      { ...around, firstPosition: pageIds.length + 1, explained },
      nearest ?? { ranked: main, firstPosition: 1, ...noHits },
      ...objections.map((ranked, index) => ({
        ranked,
        assets: ranked.page,
        firstPosition: 1,
        explained: explainedObjections[index] ?? [],
      })),
    ],
    describeAnswer: (hits) => shape && describeAnswer(shape, hits, passage),
  };
}

/** What the answer needs beyond the page. */
function listAround(
  shape: AnswerShape | null,
  rankings: Ranked[],
  pageIds: string[],
): Pick<HitList, 'ranked' | 'assets'> {
  const wanted = new Set([shape?.bestId, shape?.alternativeId, shape?.proofId, shape?.talkTrackId]);
  const assets = new Map(
    rankings
      .flatMap(({ all }) => all)
      .filter(({ assetId }) => wanted.has(assetId) && !pageIds.includes(assetId))
      .map((asset) => [asset.assetId, asset]),
  );
  return {
    ranked: { facts: new Map(rankings.flatMap(({ facts }) => [...facts])) },
    assets: [...assets.values()],
  };
}

/** What proves the point need not meet half of the situation: the objection is enough, else the persona or the stage. */
async function rankProofs(
  ctx: Context,
  actor: Actor,
  engine: AskableEngine,
  read: ReadQuestion,
): Promise<Ranked | null> {
  const terms = [...read.knowledge.terms.values()];
  const proofTypes = terms.filter(
    ({ dimensionKey, name, synonyms }) =>
      dimensionKey === 'content_type' &&
      isProof({ title: '', contentTypeWords: [name, ...synonyms].join(', ') }),
  );
  const asked = terms.filter(({ id }) => read.termIds.includes(id));
  const point = (['objection', 'persona', 'stage'] as const)
    .map((key) => asked.filter(({ dimensionKey }) => dimensionKey === key))
    .find((group) => group.length > 0);
  if (proofTypes.length === 0 || !point) return null;
  return rankAnswers(ctx, actor, engine, read, {
    ...read.asked,
    words: '',
    phrases: [],
    situation: groupTerms(point),
    groups: [
      ...read.asked.groups.filter(
        ({ dimensionKey }) => !/^(?:persona|stage|objection|content_type)$/.test(dimensionKey),
      ),
      ...groupTerms(proofTypes),
    ],
    countedKeys: [],
    offset: 0,
    limit: 1,
  });
}

/** Under an objection stands what answers it; something else only when nothing does. */
function preferTagged(ranked: Ranked, termId: string): Ranked {
  const tagged = ranked.all.filter(({ assetId }) => ranked.facts.get(assetId)?.termIds.includes(termId));
  return tagged.length === 0 ? ranked : { ...ranked, page: tagged.slice(0, hitsPerObjection) };
}

function isSituation({ termIds, knowledge }: ReadQuestion): boolean {
  return termIds.some((id) =>
    /^(?:persona|stage|objection)$/.test(knowledge.terms.get(id)?.dimensionKey ?? ''),
  );
}

function listCandidates({ knowledge }: ReadQuestion, { all, facts }: Ranked) {
  return all.flatMap(({ assetId, score }) => {
    const known = facts.get(assetId);
    if (!known) return [];
    const types = known.termIds.flatMap((id) => knowledge.terms.get(id) ?? []);
    const contentTypes = types.filter(({ dimensionKey }) => dimensionKey === 'content_type');
    return {
      assetId,
      score,
      title: known.title,
      contentTypeIds: contentTypes.map(({ id }) => id),
      contentTypeWords: contentTypes.map(({ name, synonyms }) => [name, ...synonyms].join(', ')).join(', '),
      hasTalkTrack: known.hasTalkTrack,
      isShareable: known.isShareable,
      isRefused: known.notRight !== null,
    };
  });
}

/** A stretch of a page. */
interface Passage {
  assetId: string;
  pageNumber: number;
  text: string;
}

/** Where the best answers speak to the objection: its words and those of its name on their pages. */
async function findPassage(
  { db }: Context,
  engine: AskableEngine,
  read: ReadQuestion,
  main: Ranked,
): Promise<Passage | null> {
  const names = read.termIds.flatMap((id) => {
    const term = read.knowledge.terms.get(id);
    return term?.dimensionKey === 'objection' ? term.name : [];
  });
  if (names.length === 0) return null;
  const spoken = read.read.flatMap(({ term, typed }) => (term.dimensionKey === 'objection' ? typed : []));
  const words = [read.understanding.rest, ...spoken, ...names].join(' ').trim();
  const best = main.page.slice(0, passagesAmong).map(({ assetId }) => assetId);
  for (const { assetId, excerpt, pageNumber } of await engine.explain({ ...main.asked, words }, best)) {
    if (excerpt === null || pageNumber === null) continue;
    const marked = new Set(excerpt.flatMap(({ isMatch, text }) => (isMatch ? text.toLowerCase() : [])));
    if (marked.size < leastMarked) continue;
    const page = await findPageText(db, assetId, pageNumber);
    const text = cutPassageFrom(page ?? '', excerpt.map((part) => part.text).join(''));
    if (text !== null) return { assetId, pageNumber, text };
  }
  return null;
}

function describeAnswer(
  shape: AnswerShape,
  hits: SearchHit[],
  passage: Passage | null,
): SituationAnswer | null {
  const find = (assetId: string | null) => hits.find(({ asset }) => asset.id === assetId) ?? null;
  const best = find(shape.bestId);
  if (!best) return null;
  return {
    best,
    alternative: find(shape.alternativeId),
    proof: find(shape.proofId),
    talkTrack: describeTalkTrack(find(shape.talkTrackId)) ?? describePassage(hits, passage),
  };
}

function describeTalkTrack(hit: SearchHit | null): SituationAnswer['talkTrack'] {
  if (!hit || hit.talkTrack === '') return null;
  return { assetId: hit.asset.id, assetTitle: hit.asset.title, text: hit.talkTrack, pageNumber: null };
}

function describePassage(hits: SearchHit[], passage: Passage | null): SituationAnswer['talkTrack'] {
  const asset = hits.find((hit) => hit.asset.id === passage?.assetId)?.asset;
  return passage && asset ? { ...passage, assetTitle: asset.title } : null;
}

/** What comes nearest when nothing matches: with less and less of what narrows, then the situation alone. */
async function findNearest(
  ctx: Context,
  actor: Actor,
  engine: AskableEngine,
  read: ReadQuestion,
): Promise<HitList | null> {
  for (const query of listRelaxed(read.asked)) {
    const ranked = await rankAnswers(ctx, actor, engine, read, {
      ...query,
      countedKeys: [],
      offset: 0,
      limit: nearestCount,
    });
    if (ranked.page.length === 0) continue;
    const assetIds = ranked.page.map(({ assetId }) => assetId);
    const explained = await engine.explain(ranked.asked, assetIds);
    return { ranked, assets: ranked.page, firstPosition: 1, explained };
  }
  return null;
}

function listRelaxed(asked: EngineQuery): EngineQuery[] {
  const withoutRest = { phrases: [], excluded: [], audience: null, ownerUserIds: [] };
  const undated = { ...asked, publishedSince: null, publishedBefore: null };
  const open = { ...undated, ...withoutRest, words: [asked.words, ...asked.phrases].join(' ').trim() };
  const soft = { ...open, groups: [], situation: [...asked.situation, ...asked.groups] };
  const relaxed = [
    undated,
    { ...undated, phrases: [], words: open.words },
    open,
    soft,
    { ...soft, words: '' },
  ];
  const seen = new Set([JSON.stringify(asked)]);
  return relaxed.filter((query) => {
    const key = JSON.stringify(query);
    if (seen.has(key) || !hasSomethingToRankBy(query)) return false;
    seen.add(key);
    return true;
  });
}
