import { z } from 'zod';
import { endpoint, id, instant, list, paging } from '../http/contract.ts';
import { termTag } from '../taxonomy/contract.ts';

/** An objection in the words in which somebody heard it. */
export const objectionNote = z.object({
  id: id('obn'),
  text: z.string(),
  /** Null until somebody says which objection it is. */
  objection: termTag.nullable(),
  persona: termTag.nullable(),
  /** Where the deal stood when it was heard. */
  stage: termTag.nullable(),
  deal: z.object({ id: id('deal'), name: z.string(), accountName: z.string() }).nullable(),
  asset: z.object({ id: id('ast'), title: z.string() }).nullable(),
  notedByName: z.string(),
  isOwn: z.boolean(),
  notedAt: instant,
});
export type ObjectionNote = z.infer<typeof objectionNote>;

const text = z
  .string()
  .trim()
  .min(1, 'Write down what they said.')
  .max(2000, 'Keep to the sentence or two that say the objection.')
  // Half a character, cut off somewhere, is nothing that a database takes.
  .overwrite((value) => value.toWellFormed());

const termId = id('trm').nullable();

export const createObjectionNote = endpoint({
  method: 'POST',
  path: '/objection-notes',
  body: z.object({
    text,
    objectionTermId: termId.default(null),
    personaTermId: termId.default(null),
    /** Left out: the stage in which the deal is. */
    stageTermId: termId.default(null),
    dealId: id('deal').nullable().default(null),
    assetId: id('ast').nullable().default(null),
    /** What it was said about; its asset, and its deal where there is only one, come from it. */
    shareLinkId: id('lnk').nullable().default(null),
  }),
  response: objectionNote,
});

const noteParams = z.object({ objectionNoteId: id('obn') });

/** Whoever noted it changes all of it; those who own the content say which objection it is. */
export const updateObjectionNote = endpoint({
  method: 'PATCH',
  path: '/objection-notes/:objectionNoteId',
  params: noteParams,
  body: z.object({
    text: text.optional(),
    objectionTermId: termId.optional(),
    personaTermId: termId.optional(),
    stageTermId: termId.optional(),
    dealId: id('deal').nullable().optional(),
  }),
  response: objectionNote,
});

/** Of the user's own. */
export const deleteObjectionNote = endpoint({
  method: 'DELETE',
  path: '/objection-notes/:objectionNoteId',
  params: noteParams,
});

/** Newest first. A term, a deal or an asset narrows the list. */
export const listObjectionNotes = endpoint({
  method: 'GET',
  path: '/objection-notes',
  query: z.object({
    ...paging,
    objection: id('trm').optional(),
    persona: id('trm').optional(),
    stage: id('trm').optional(),
    deal: id('deal').optional(),
    asset: id('ast').optional(),
    /** Those of which nobody has said which objection they are. */
    isUnsorted: z.enum(['true']).optional(),
    isOwn: z.enum(['true']).optional(),
  }),
  response: list(objectionNote),
});

/** Which objection, persona and stage the words speak of, the clearest first. */
export const suggestObjectionTerms = endpoint({
  method: 'POST',
  path: '/objection-notes/suggestions',
  body: z.object({ text: z.string().trim().max(2000) }),
  response: z.object({ terms: z.array(termTag) }),
  status: 200,
});

/** The deals that whoever notes an objection may mean: open ones, their own before others. */
export const listNotableDeals = endpoint({
  method: 'GET',
  path: '/objection-notes/deals',
  query: z.object({ query: z.string().trim().max(120).default(''), deal: id('deal').optional() }),
  response: z.object({
    items: z.array(
      z.object({ id: id('deal'), name: z.string(), accountName: z.string(), stage: z.string() }),
    ),
  }),
});
