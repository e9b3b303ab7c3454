import type { Asset } from './api.ts';

/** Fields that somebody edits on the asset page. */
export const editableFields = [
  'title',
  'description',
  'useWhen',
  'talkTrack',
  'ownerUserId',
  'ownerRole',
  'audience',
  'reviewOn',
  'status',
] as const;
export type EditableField = (typeof editableFields)[number];
export type AssetEdit = Partial<Pick<Asset, EditableField>> & { termIds?: string[] };

/**
 * The fields that this edit sets and that somebody else set to something different since. Everything else of
 * both edits can stand side by side.
 */
export function clashingFields(base: Asset, theirs: Asset, edit: AssetEdit): EditableField[] {
  return editableFields.filter(
    (field) => edit[field] !== undefined && theirs[field] !== base[field] && theirs[field] !== edit[field],
  );
}

/** The edit as it is to be sent on top of theirs: tags are added and removed, not replaced. */
export function rebaseEdit(base: Asset, theirs: Asset, edit: AssetEdit): AssetEdit {
  if (!edit.termIds) return edit;
  const before = new Set(base.terms.map((term) => term.id));
  const wanted = new Set(edit.termIds);
  const kept = theirs.terms
    .map((term) => term.id)
    .filter((termId) => wanted.has(termId) || !before.has(termId));
  const added = edit.termIds.filter((termId) => !before.has(termId));
  return { ...edit, termIds: [...new Set([...kept, ...added])] };
}
