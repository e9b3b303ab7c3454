import { Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { type DealListItem, openDealsQuery } from '../deals/api.ts';
import { formatMoney } from '../lib/format.ts';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { changeShareLink, type ShareLink } from './api.ts';
import { accountOfAll, type ShareFormState } from './share-form.ts';

const pauseMs = 200;

function asOption({
  id,
  name,
  amount,
  currency,
  stage,
}: Pick<DealListItem, 'id' | 'name' | 'amount' | 'currency'> & { stage?: string }) {
  return {
    value: id,
    label: [name, formatMoney(amount, currency), stage].filter(Boolean).join(', '),
  };
}

/** Which of the account's open deals it is for; asked only where everybody is at one account that has some. */
export function DealField({ form }: { form: ShareFormState }) {
  const { dealId } = form.values;
  const account = accountOfAll(form.values);
  const [asked] = useDebouncedValue(account, pauseMs);
  const { data } = useQuery({ ...openDealsQuery({ accountName: asked }), enabled: asked !== '' });
  const deals = asked === account && account !== '' ? (data ?? []) : [];
  const isLeft = dealId !== '' && !deals.some(({ id }) => id === dealId);
  // A deal of another account is nobody's choice any more.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only whether it is left counts.
  useEffect(() => {
    if (isLeft) form.setFieldValue('dealId', '');
  }, [isLeft]);
  if (deals.length === 0) return null;
  return (
    <Select
      label="Deal"
      placeholder={
        deals.length === 1 ? 'Their open deal' : `Any of their ${deals.length.toString()} open deals`
      }
      clearable
      data={deals.map(asOption)}
      value={dealId || null}
      onChange={(value) => form.setFieldValue('dealId', value ?? '')}
      error={form.errors.dealId}
    />
  );
}

/** The deal of a share link that was sent already; nothing where its account has none. */
export function LinkDeal({ shareLink }: { shareLink: ShareLink }) {
  const { deal, recipient } = shareLink;
  const { accountId } = recipient;
  const { data } = useQuery({
    ...openDealsQuery({ accountId: accountId ?? '' }),
    enabled: accountId !== null,
  });
  const choose = useMutation({
    mutationFn: (dealId: string | null) => changeShareLink(shareLink.id, { dealId }),
    onSuccess: ({ deal: chosen }) =>
      notifyDone(chosen ? 'This share link is for that deal now' : 'No deal is chosen any more'),
    onError: notifyProblem,
  });
  const open = data ?? [];
  if (!deal && open.length === 0) return null;
  const options = open.map(asOption);
  return (
    <Select
      mt={14}
      size="xs"
      label="Deal"
      placeholder="Those that were open when it was sent"
      clearable
      data={deal && !open.some(({ id }) => id === deal.id) ? [asOption(deal), ...options] : options}
      value={choose.isPending ? (choose.variables ?? null) : (deal?.id ?? null)}
      onChange={(value) => choose.mutate(value)}
    />
  );
}
