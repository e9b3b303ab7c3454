import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { formatList, formatNumber, plural } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import type { SliceState } from '../slices/api.ts';
import { AppLink } from '../ui/app-link.tsx';
import { Figure } from '../ui/figure.tsx';
import { ProblemNote } from '../ui/problem-note.tsx';
import { SkeletonText } from '../ui/skeletons.tsx';
import { DateText } from '../ui/words.tsx';
import { type AssetUse, assetUseQuery } from './api.ts';
import classes from './attention-page.module.css';

/** Where it stands, who sent it, who read it, with which outcome, and who has an old version. */
export function AssetUsed({ assetId, slice }: { assetId: string; slice: SliceState }) {
  const { data, error, refetch } = useQuery(assetUseQuery(assetId, slice));
  if (error) return <ProblemNote error={error} onRetry={() => void refetch()} />;
  if (!data) return <SkeletonText lines={6} />;
  return (
    <>
      <Outcomes use={data} />
      <div className={classes.columns}>
        <Accounts use={data} />
        <Senders use={data} />
        <Places use={data} />
        {data.holders.count > 0 && <Holders use={data} />}
      </div>
    </>
  );
}

interface PartProps {
  use: AssetUse;
}

function Part({
  metric,
  name,
  title,
  lead,
  children,
}: {
  /** What its numbers are; left out where nothing is counted. */
  metric?: string;
  name: string;
  title: ReactNode;
  lead?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section
      aria-label={name}
      {...(metric ? { 'data-metric': metric } : { 'data-no-metric': 'where it stands' })}
    >
      <h2 className={classes.heading}>{title}</h2>
      {lead && <p className={classes.lead}>{lead}</p>}
      {children}
    </section>
  );
}

const outcomeNames = { open: 'Open', won: 'Won', lost: 'Lost' };

/** How the deals stand for which it was read; it is said that this proves nothing. */
function Outcomes({ use: { outcomes, baseCurrency, asOf } }: PartProps) {
  const all = outcomes.reduce((sum, { dealCount }) => sum + dealCount, 0);
  return (
    <section className={classes.section} aria-label="With which outcome" data-metric="deals_read">
      <h2 className={classes.heading}>
        {all === 0 ? 'Not read for any deal in this time' : `Read for ${plural(all, 'deal')}`}
      </h2>
      {all > 0 && (
        <p className={classes.lead}>
          This describes and proves nothing: deals that go well are sent more to read.{' '}
          <AppLink to={paths.influence} underline="always">
            What helps deals move
          </AppLink>{' '}
          compares like with like.
        </p>
      )}
      {all > 0 && (
        <div className={classes.scroll}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">They are now</th>
                <th scope="col">Deals</th>
                <th scope="col">Worth</th>
              </tr>
            </thead>
            <tbody>
              {outcomes.map(({ outcome, dealCount, amount, unconvertedCount }) => (
                <tr key={outcome}>
                  <th scope="row">{outcomeNames[outcome]}</th>
                  <td>
                    <Figure
                      metric="deals_read"
                      label={`${outcomeNames[outcome]} deals`}
                      value={dealCount}
                      n={all}
                      asOf={asOf}
                    />
                  </td>
                  <td>
                    {baseCurrency && dealCount > unconvertedCount ? (
                      <Figure
                        metric="deals_read"
                        label={`${outcomeNames[outcome]} deals are worth`}
                        value={amount}
                        format="money"
                        currency={baseCurrency}
                        n={dealCount - unconvertedCount}
                        asOf={asOf}
                        excludes={
                          unconvertedCount > 0
                            ? `${plural(unconvertedCount, 'deal')} in a currency without a rate`
                            : undefined
                        }
                      />
                    ) : (
                      <span className="quiet">{dealCount > 0 ? 'no rate' : '–'}</span>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Accounts({ use: { accounts, asOf } }: PartProps) {
  return (
    <Part
      metric="reads deals_read"
      name="By whom"
      title={accounts.count === 0 ? 'No account has read it' : `Read by ${plural(accounts.count, 'account')}`}
      lead={accounts.count > 0 ? shownOf(accounts, 'Who read last stands first.') : undefined}
    >
      {accounts.count === 0 ? (
        <p className="quiet">
          Readers of no account, such as those of a link in a newsletter, are counted above.
        </p>
      ) : (
        <Rows
          items={accounts.items}
          row={(account) => (
            <li key={account.accountId}>
              <AppLink to={paths.account(account.accountId)}>{account.name}</AppLink>
              <span className="quiet">
                <Figure
                  metric="reads"
                  label={`Reads by ${account.name}`}
                  value={account.readCount}
                  n={account.readCount}
                  asOf={asOf}
                />{' '}
                {account.readCount === 1 ? 'read' : 'reads'}, <DateText date={account.lastReadAt} />
                {dealWords(account)}
              </span>
            </li>
          )}
        />
      )}
    </Part>
  );
}

function dealWords({ openCount, wonCount, lostCount }: AssetUse['accounts']['items'][number]): string {
  const parts = [
    ...(openCount > 0 ? [`${formatNumber(openCount)} open`] : []),
    ...(wonCount > 0 ? [`${formatNumber(wonCount)} won`] : []),
    ...(lostCount > 0 ? [`${formatNumber(lostCount)} lost`] : []),
  ];
  return parts.length === 0 ? '' : ` · deals: ${parts.join(', ')}`;
}

function Senders({ use: { senders, shares, asOf } }: PartProps) {
  const sent = shares.directCount + shares.roomCount;
  return (
    <Part
      metric="shares_read"
      name="Who sent it"
      title={
        sent === 0
          ? 'Nobody sent it in this time'
          : `Sent ${sent === 1 ? 'once' : `${formatNumber(sent)} times`} by ${plural(senders.count, 'person', 'people')}`
      }
      lead={sent > 0 ? shownOf(senders, 'By name.') : undefined}
    >
      {sent === 0 ? (
        <p className="quiet">
          Share links that people make to it stand here, with how many of them were read.
        </p>
      ) : (
        <Rows
          items={senders.items}
          row={(sender) => (
            <li key={sender.userId}>
              <span>{sender.name}</span>
              <span className="quiet">
                <Figure
                  metric="shares_read"
                  label={`Share links of ${sender.name} that were read`}
                  value={sender.readCount}
                  n={sender.shareCount}
                  asOf={asOf}
                />{' '}
                of {formatNumber(sender.shareCount)} read
              </span>
            </li>
          )}
        />
      )}
    </Part>
  );
}

function Places({ use: { collections, rooms } }: PartProps) {
  const none = collections.length === 0 && rooms.count === 0;
  return (
    <Part
      name="Where it stands"
      title={
        none
          ? 'In no collection and no room'
          : `In ${formatList([
              ...(collections.length > 0 ? [plural(collections.length, 'collection')] : []),
              ...(rooms.count > 0 ? [plural(rooms.count, 'room')] : []),
            ])}`
      }
    >
      {none ? (
        <p className="quiet">Reps find it by searching only. A collection puts it where they look.</p>
      ) : (
        <ul className={classes.list}>
          {collections.map(({ collectionId, name }) => (
            <li key={collectionId}>
              <AppLink to={paths.collection(collectionId)}>{name}</AppLink>
              <span className="quiet">Collection</span>
            </li>
          ))}
          {rooms.items.map(({ roomId, name, shareCount }) => (
            <li key={roomId}>
              <AppLink to={paths.room(roomId)}>{name}</AppLink>
              <span className="quiet">
                Room, sent {shareCount === 1 ? 'once' : `${formatNumber(shareCount)} times`}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Part>
  );
}

function Holders({ use: { holders, asOf } }: PartProps) {
  return (
    <Part
      metric="held_versions"
      name="Who has an old version"
      title={
        <>
          <Figure metric="held_versions" value={holders.count} n={holders.count} asOf={asOf} />{' '}
          {holders.count === 1 ? 'share link' : 'share links'} left an old version with a buyer
        </>
      }
      lead={shownOf(holders, undefined)}
    >
      <Rows
        items={holders.items}
        row={(holder) => (
          <li key={holder.shareLinkId} data-stacked>
            <span>
              {holder.recipientName}
              {holder.accountName && <span className="quiet">, {holder.accountName}</span>}
            </span>
            <span className="quiet">
              version {formatNumber(holder.heldNumber)}, {holder.isPinned ? 'kept by the link' : 'read last'},
              sent by {holder.senderName}
            </span>
          </li>
        )}
      />
    </Part>
  );
}

/** So many rows of a list are shown at first. */
const mostRows = 8;

function Rows<Item>({ items, row }: { items: readonly Item[]; row: (item: Item) => ReactNode }) {
  const [isWhole, setIsWhole] = useState(false);
  return (
    <>
      <ul className={classes.list}>{(isWhole ? items : items.slice(0, mostRows)).map(row)}</ul>
      {!isWhole && items.length > mostRows && (
        <Button
          mt={8}
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-expanded={false}
          onClick={() => setIsWhole(true)}
        >
          Show {formatNumber(items.length - mostRows)} more
        </Button>
      )}
    </>
  );
}

function shownOf({ count, items }: { count: number; items: readonly unknown[] }, order: string | undefined) {
  const first = count > items.length ? `The first ${formatNumber(items.length)}.` : undefined;
  return [order, first].filter(Boolean).join(' ') || undefined;
}
