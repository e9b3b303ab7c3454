import { deleteAsset } from '@offshelf/server/contract/assets';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { call } from '../lib/api.ts';
import { paths } from '../lib/paths.ts';
import { queryClient } from '../lib/query-client.ts';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { type Asset, assetQuery, refreshAssets } from './api.ts';
import classes from './asset-page.module.css';

/** For what should never have been there. An asset that was shared has readers, so the server only lets it be archived. */
export function DeleteAsset({ asset }: { asset: Asset }) {
  const navigate = useNavigate();
  const mutation = useMutation({
    mutationFn: () => call(deleteAsset, { params: { assetId: asset.id } }),
    onSuccess: async () => {
      notifyDone(`“${asset.title}” is deleted`);
      await navigate({ to: paths.library });
      queryClient.removeQueries({ queryKey: assetQuery(asset.id).queryKey });
      refreshAssets();
    },
    onError: notifyProblem,
  });
  return (
    <div className={classes.end}>
      <ConfirmButton
        size="compact-xs"
        variant="subtle"
        color="gray"
        loading={mutation.isPending}
        question="This deletes the asset with all its versions, for good. To keep its numbers, archive it instead."
        confirmLabel="Delete"
        onConfirm={() => mutation.mutate()}
      >
        Delete this asset
      </ConfirmButton>
    </div>
  );
}
