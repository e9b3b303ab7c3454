import type { Context } from '../context.ts';
import { deleteCollectionsDeletedBefore } from './queries.ts';

const restorableMs = 86_400_000;

/** Lets go for good of what was deleted and not missed for a day. */
async function sweepCollections({ db, clock, log }: Context): Promise<void> {
  const count = await deleteCollectionsDeletedBefore(db, new Date(clock().getTime() - restorableMs));
  log.info({ event: 'collections_swept', count });
}

export const collectionJobs = { 'sweep-collections': sweepCollections };
