import { addVersion, readAsset, updateAsset } from '@offshelf/server/contract/assets';
import { useState } from 'react';
import { ApiProblem, call } from '../lib/api.ts';
import { queryClient } from '../lib/query-client.ts';
import type { Dimension } from '../taxonomy/api.ts';
import { dimensionsQuery } from '../taxonomy/api.ts';
import { notifyProblem, notifyUndo } from '../ui/notify.tsx';
import { type Asset, type AssetStatus, assetQuery, changeAssets, refreshAssets } from './api.ts';
import { undoChanges } from './bulk-bar.tsx';
import { type AssetEdit, clashingFields, type EditableField, rebaseEdit } from './merge-edit.ts';

/** Somebody else set the same field; both wordings are kept until one is chosen. */
export interface Conflict {
  theirs: Asset;
  edit: AssetEdit;
  fields: EditableField[];
}

export interface AssetEditing {
  /** Saves on top of the asset as it was when the edit began. */
  save: (base: Asset, edit: AssetEdit) => Promise<void>;
  isSaving: boolean;
  conflict: Conflict | undefined;
  keepTheirs: () => void;
  overwrite: () => Promise<void>;
  setStatus: (status: AssetStatus) => Promise<void>;
  addWebAddress: (url: string) => Promise<void>;
}

const mostTries = 4;

/** Shows edits at once, puts edits of different people together, and asks where they clash. */
export function useAssetEditing(assetId: string): AssetEditing {
  const [conflict, setConflict] = useState<Conflict>();
  const [savingCount, setSavingCount] = useState(0);
  const { queryKey } = assetQuery(assetId);
  const show = (asset: Asset) => {
    queryClient.setQueryData(queryKey, asset);
    void queryClient.invalidateQueries({ queryKey: ['assets', 'list'] });
    void queryClient.invalidateQueries({ queryKey: ['assets', 'counts'] });
  };
  const save = async (base: Asset, edit: AssetEdit) => {
    setSavingCount((count) => count + 1);
    await queryClient.cancelQueries({ queryKey });
    queryClient.setQueryData(queryKey, (shown) => shown && withEdit(shown, edit));
    try {
      const saved = await send(base, edit);
      if ('fields' in saved) {
        setConflict(saved);
        show(saved.theirs);
      } else show(saved);
      if (edit.termIds) void queryClient.invalidateQueries(dimensionsQuery);
    } catch (error) {
      void queryClient.invalidateQueries({ queryKey });
      notifyProblem(error);
    } finally {
      setSavingCount((count) => count - 1);
    }
  };
  return {
    save,
    isSaving: savingCount > 0,
    conflict,
    keepTheirs: () => setConflict(undefined),
    overwrite: async () => {
      if (!conflict) return;
      setConflict(undefined);
      await save(conflict.theirs, conflict.edit);
    },
    setStatus: async (status) => {
      queryClient.setQueryData(queryKey, (shown) => shown && { ...shown, status });
      try {
        const { undo } = await changeAssets([{ assetId, patch: { status } }]);
        notifyUndo(statusWords[status], () => undoChanges(undo));
      } catch (error) {
        void queryClient.invalidateQueries({ queryKey });
        notifyProblem(error);
      }
    },
    addWebAddress: async (url) => {
      show(await call(addVersion, { params: { assetId }, body: { url } }));
      refreshAssets();
    },
  };
}

const statusWords: Record<AssetStatus, string> = {
  published: 'Published: everybody finds it now',
  draft: 'Back to draft: only marketing sees it',
  archived: 'Archived: no longer found or shared',
};

/** Sends an edit; when another came first, on top of that one, or answers the conflict. */
async function send(base: Asset, edit: AssetEdit): Promise<Asset | Conflict> {
  const params = { assetId: base.id };
  let onto = base;
  let wanted = edit;
  for (let tries = 1; ; tries += 1) {
    try {
      return await call(updateAsset, { params, body: { ...wanted, revision: onto.revision } });
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.code !== 'conflict' || tries >= mostTries) throw error;
      const theirs = await call(readAsset, { params });
      const fields = clashingFields(base, theirs, edit);
      wanted = rebaseEdit(base, theirs, edit);
      if (fields.length > 0) return { theirs, edit: wanted, fields };
      onto = theirs;
    }
  }
}

function withEdit(asset: Asset, { termIds, ...fields }: AssetEdit): Asset {
  const terms = termIds ? tagsOf(asset, termIds) : asset.terms;
  return { ...asset, ...fields, terms };
}

/** The tags as the server will order them: by dimension, then as the terms are ordered. */
function tagsOf(asset: Asset, termIds: readonly string[]): Asset['terms'] {
  const dimensions: Dimension[] = queryClient.getQueryData(dimensionsQuery.queryKey)?.items ?? [];
  const known = dimensions.flatMap(({ key, terms }) =>
    terms.map(({ id, name }) => ({ id, name, dimensionKey: key })),
  );
  const fallback = asset.terms.filter((term) => !known.some((other) => other.id === term.id));
  return [...known, ...fallback].filter((term) => termIds.includes(term.id));
}
