import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatMinute, formatNumber } from '../lib/format.ts';
import { StatusBadge, type Tone } from '../ui/badges.tsx';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { Facts } from '../ui/facts.tsx';
import { notifyDone, notifyProblem } from '../ui/notify.tsx';
import { DetailPanel } from '../ui/panels.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import {
  changeWebhook,
  deleteWebhook,
  deliveriesQuery,
  replayDelivery,
  rotateSecret,
  testWebhook,
  type Webhook,
  type WebhookDelivery,
} from './api.ts';
import { deliveryWords } from './notification-words.ts';
import { SecretNote, WebhookForm } from './webhook-form.tsx';
import classes from './webhooks.module.css';

/** One webhook: how it does, what can be done with it, and what was sent there. */
export function WebhookPanel({ webhook, onClose }: { webhook: Webhook | undefined; onClose: () => void }) {
  return (
    <DetailPanel
      isOpen={webhook !== undefined}
      onClose={onClose}
      title={webhook ? (URL.parse(webhook.url)?.host ?? webhook.url) : ''}
      footer={webhook && <Actions webhook={webhook} onDeleted={onClose} />}
    >
      {webhook && <WebhookDetail key={webhook.id} webhook={webhook} />}
    </DetailPanel>
  );
}

function Actions({ webhook, onDeleted }: { webhook: Webhook; onDeleted: () => void }) {
  const isOn = webhook.disabledAt === null;
  const remove = useMutation({
    mutationFn: () => deleteWebhook(webhook.id),
    onSuccess: () => {
      onDeleted();
      notifyDone('Webhook deleted');
    },
    onError: notifyProblem,
  });
  const toggle = useMutation({
    mutationFn: () => changeWebhook(webhook.id, { isEnabled: !isOn }),
    onSuccess: () => notifyDone(isOn ? 'Webhook switched off' : 'Webhook switched on'),
    onError: notifyProblem,
  });
  const test = useMutation({ mutationFn: () => testWebhook(webhook.id), onError: notifyProblem });
  return (
    <>
      <ConfirmButton
        variant="subtle"
        color="gray"
        question="Nothing more is sent there, and what was sent is forgotten."
        confirmLabel="Delete"
        loading={remove.isPending}
        onConfirm={() => remove.mutate()}
      >
        Delete
      </ConfirmButton>
      <Button variant="default" loading={toggle.isPending} onClick={() => toggle.mutate()}>
        {isOn ? 'Switch off' : 'Switch on'}
      </Button>
      {isOn && (
        <Button loading={test.isPending} onClick={() => test.mutate()}>
          Send a test
        </Button>
      )}
    </>
  );
}

function WebhookDetail({ webhook }: { webhook: Webhook }) {
  const { id, url, events, createdAt, createdBy, failingSince, disabledAt, disabledReason } = webhook;
  const [isChanging, setIsChanging] = useState(false);
  return (
    <>
      <p className={classes.url}>{url}</p>
      <p className={classes.facts}>
        Added {formatMinute(createdAt)}
        {createdBy && ` by ${createdBy}`}.
      </p>
      {disabledAt && (
        <p className={classes.look}>
          Switched off {formatMinute(disabledAt)}. {disabledReason}
        </p>
      )}
      {!disabledAt && failingSince && (
        <p className={classes.look}>
          It takes nothing since {formatMinute(failingSince)}. After 5 days of that it is switched off.
        </p>
      )}
      {isChanging ? (
        <WebhookForm
          initial={{ url, events }}
          submitLabel="Save"
          save={async (values) => {
            await changeWebhook(id, values);
            setIsChanging(false);
          }}
        />
      ) : (
        <Button size="xs" variant="default" onClick={() => setIsChanging(true)}>
          Change address or events
        </Button>
      )}
      <Secret webhook={webhook} />
      <h3 className={classes.heading}>What was sent</h3>
      <Deliveries webhook={webhook} />
    </>
  );
}

function Secret({ webhook: { id, previousSecretUntil } }: { webhook: Webhook }) {
  const rotate = useMutation({ mutationFn: () => rotateSecret(id), onError: notifyProblem });
  return (
    <>
      <h3 className={classes.heading}>Secret</h3>
      {rotate.data && <SecretNote secret={rotate.data} />}
      {previousSecretUntil && (
        <p className={classes.facts}>
          The one before signs as well until {formatMinute(previousSecretUntil)}, so that nothing is lost
          while the other side changes over.
        </p>
      )}
      {!rotate.data && (
        <ConfirmButton
          size="xs"
          isHarmless
          question="The secret of now signs for one more day, beside the new one."
          confirmLabel="Make a new one"
          loading={rotate.isPending}
          onConfirm={() => rotate.mutate()}
        >
          New secret
        </ConfirmButton>
      )}
    </>
  );
}

function Deliveries({ webhook }: { webhook: Webhook }) {
  const { data, error, refetch } = useQuery(deliveriesQuery(webhook.id));
  if (error && !data) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonText lines={4} />;
  if (data.length === 0)
    return <p className={classes.facts}>Nothing yet. Send a test to see whether it arrives.</p>;
  return (
    <ul className={classes.deliveries} aria-label="What was sent">
      {data.map((delivery) => (
        <Delivery key={delivery.id} delivery={delivery} isOn={webhook.disabledAt === null} />
      ))}
    </ul>
  );
}

const stateWords: Record<WebhookDelivery['state'], { word: string; tone: Tone }> = {
  waiting: { word: 'Waiting', tone: 'look' },
  delivered: { word: 'Taken', tone: 'good' },
  failed: { word: 'Given up', tone: 'broken' },
};

function Delivery({ delivery, isOn }: { delivery: WebhookDelivery; isOn: boolean }) {
  const { id, event, state, createdAt, tryCount, responseStatus, tookMs, error, nextTryAt } = delivery;
  const replay = useMutation({
    mutationFn: () => replayDelivery(id),
    onSuccess: () => notifyDone('It is sent again'),
    onError: notifyProblem,
  });
  const { word, tone } = stateWords[state];
  return (
    <li>
      <div className={classes.delivery}>
        <p className={classes.event}>{deliveryWords(event)}</p>
        <StatusBadge tone={tone}>{word}</StatusBadge>
      </div>
      <p className={classes.facts}>
        <Facts>
          <DateText date={createdAt} />
          {responseStatus !== null && `answered ${responseStatus.toString()}`}
          {tookMs !== null && `${formatNumber(tookMs)} ms`}
          {tryCount > 1 && `${formatNumber(tryCount)} tries`}
          {state === 'waiting' && tryCount > 0 && nextTryAt && `next try ${formatMinute(nextTryAt)}`}
        </Facts>
      </p>
      {error && state !== 'delivered' && <p className={classes.look}>{error}</p>}
      <details className={classes.more}>
        <summary>Message and answer</summary>
        <pre className={classes.code}>{JSON.stringify({ type: event, ...delivery.payload }, null, 2)}</pre>
        {delivery.responseExcerpt && <pre className={classes.code}>{delivery.responseExcerpt}</pre>}
        <p className={classes.facts}>Its id is {delivery.messageId}, also when it is sent again.</p>
        <Button
          size="xs"
          variant="default"
          disabled={!isOn}
          loading={replay.isPending}
          onClick={() => replay.mutate()}
        >
          {isOn ? 'Send it again' : 'Send it again once it is switched on'}
        </Button>
      </details>
    </li>
  );
}
