import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { useUrlState } from '../lib/url-state.ts';
import { StatusBadge } from '../ui/badges.tsx';
import { type Column, DataTable } from '../ui/data-table.tsx';
import { EmptyState, MiniatureRows } from '../ui/empty-state.tsx';
import { PageHeader } from '../ui/page-header.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonRows } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type Webhook, webhooksQuery } from './api.ts';
import { eventWords } from './notification-words.ts';
import { AddWebhookSheet } from './webhook-form.tsx';
import { WebhookPanel } from './webhook-panel.tsx';
import classes from './webhooks.module.css';

const pageState = z.object({ webhook: z.string().optional().catch(undefined) });

/** Which other systems are told of people who read, and whether they took it. */
export function WebhooksPage() {
  const webhooks = useQuery(webhooksQuery);
  const [{ webhook: openId }, change] = useUrlState(pageState);
  const [isAdding, setIsAdding] = useState(false);
  const items = webhooks.data ?? [];
  const open = items.find(({ id }) => id === openId);
  const add = (
    <Button leftSection={<IconPlus size={16} stroke={1.75} />} onClick={() => setIsAdding(true)}>
      Add a webhook
    </Button>
  );
  const columns: Column<Webhook>[] = [
    {
      key: 'url',
      header: 'Address',
      cell: (webhook) => (
        <div className={classes.address}>
          {webhook.url}
          <p className={classes.events}>
            {webhook.events.map((event) => eventWords[event].name).join(' · ')}
          </p>
        </div>
      ),
    },
    { key: 'state', header: 'State', width: '128px', cell: (webhook) => <WebhookState webhook={webhook} /> },
    {
      key: 'last',
      header: 'Last message',
      width: '148px',
      hideBelow: 'tablet',
      cell: ({ lastDelivery }) => <DateText date={lastDelivery?.createdAt ?? null} fallback="None yet" />,
    },
  ];
  return (
    <>
      <PageHeader
        title="Webhooks"
        lead="Offshelf tells other systems when a person reads. Each message is signed as Standard Webhooks says."
        actions={items.length > 0 && add}
      />
      {webhooks.error && !webhooks.data && (
        <ProblemNote error={webhooks.error} onRetry={() => void webhooks.refetch()} />
      )}
      {webhooks.isPending && <SkeletonRows rows={3} widths={['52%', '12%', '14%']} />}
      {webhooks.data && items.length === 0 && (
        <EmptyState
          title="Nobody else is told yet"
          miniature={<MiniatureRows widths={['56%', '12%', '18%']} />}
          action={add}
        >
          Add the address of a system of yours, such as a CRM or an automation. It is told of people who read,
          never of scanners or previews.
        </EmptyState>
      )}
      {items.length > 0 && (
        <DataTable
          label="Webhooks"
          rows={items}
          rowKey={({ id }) => id}
          rowName={({ url }) => url}
          columns={columns}
          onOpen={({ id }) => change({ webhook: id })}
          openKey={open?.id}
        />
      )}
      <AddWebhookSheet isOpen={isAdding} onClose={() => setIsAdding(false)} />
      <WebhookPanel webhook={open} onClose={() => change({ webhook: undefined })} />
    </>
  );
}

function WebhookState({ webhook }: { webhook: Webhook }) {
  if (webhook.disabledAt)
    return (
      <StatusBadge tone="quiet" {...(webhook.disabledReason && { hint: webhook.disabledReason })}>
        Switched off
      </StatusBadge>
    );
  if (webhook.failingSince) return <StatusBadge tone="broken">Failing</StatusBadge>;
  if (webhook.lastDelivery?.state === 'delivered') return <StatusBadge tone="good">Works</StatusBadge>;
  return <StatusBadge>Not tried yet</StatusBadge>;
}
