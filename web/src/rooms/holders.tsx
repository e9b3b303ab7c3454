import { formatDuration, formatMinute } from '../lib/format.ts';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { StatusBadge } from '../ui/badges.tsx';
import { ListSection } from '../ui/list-section.tsx';
import { DateText } from '../ui/words.tsx';
import type { RoomHolder } from './api.ts';
import classes from './holders.module.css';

interface HoldersProps {
  holders: readonly RoomHolder[];
  itemCount: number;
  asOf: Date;
}

/** Whoever has the room, and what people read by each share link. */
export function Holders({ holders, itemCount, asOf }: HoldersProps) {
  if (holders.length === 0)
    return <ListSection title="Who has it" lead="Nobody yet. Share it, then you see here who read what." />;
  return (
    <div>
      <ListSection title="Who has it" count={holders.length}>
        {holders.map((holder) => (
          <Holder key={holder.shareLinkId} holder={holder} itemCount={itemCount} />
        ))}
      </ListSection>
      <p className={classes.asOf}>People only, as of {formatMinute(asOf)}.</p>
    </div>
  );
}

const stateWords = { not_started: 'not open yet', expired: 'expired', revoked: 'revoked' };

function Holder({ holder, itemCount }: { holder: RoomHolder; itemCount: number }) {
  const { shareLinkId, recipientName, accountName, forwardedByName, state } = holder;
  return (
    <li className={classes.holder}>
      <p>
        <AppLink to={paths.shareLink(shareLinkId)} className={classes.name}>
          {recipientName}
        </AppLink>{' '}
        {state !== 'active' && <StatusBadge tone="quiet">{stateWords[state]}</StatusBadge>}
      </p>
      <p className={classes.facts}>
        {accountName && <span>{accountName}</span>}
        {forwardedByName && <span>forwarded by {forwardedByName}</span>}
        <span>
          shared <DateText date={holder.createdAt} />
        </span>
      </p>
      <p className={classes.facts}>
        {holder.lastOpenedAt ? (
          <>
            <span className={classes.read}>
              opened {holder.openedItemCount}, read {holder.readItemCount} of {itemCount}
            </span>
            {holder.activeMs > 0 && <span>{formatDuration(holder.activeMs)} active</span>}
            <span>
              last <DateText date={holder.lastOpenedAt} />
            </span>
          </>
        ) : (
          <span>has opened no item yet</span>
        )}
      </p>
    </li>
  );
}
