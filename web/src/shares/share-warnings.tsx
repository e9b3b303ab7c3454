import { useDebouncedValue } from '@mantine/hooks';
import type { ShareTarget } from '@offshelf/server/contract/shares';
import { IconInfoCircle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { paths } from '../lib/paths.ts';
import { AppLink } from '../ui/app-link.tsx';
import { useMinute } from '../ui/words.tsx';
import { warningsQuery } from './api.ts';
import type { ShareForm } from './share-form.ts';
import { toRecipients } from './share-form.ts';
import classes from './share-warnings.module.css';
import { warningWords } from './warning-words.ts';

/** What to know before sharing, and nothing while there is nothing. */
export function ShareWarnings({ target, values }: { target: ShareTarget; values: ShareForm }) {
  // Who is still being typed is asked about once they are a chip.
  const named = { recipients: values.recipients, typed: '', accountName: values.accountName };
  const [asked] = useDebouncedValue(JSON.stringify(toRecipients(named)), 250);
  const { data } = useQuery(warningsQuery(target, JSON.parse(asked)));
  const now = useMinute();
  const items = data?.items ?? [];
  return (
    <div aria-live="polite" className={classes.place}>
      {items.length > 0 && (
        <ul className={classes.list} aria-label="Before you share">
          {items.map((warning) => {
            const { title, detail, tone } = warningWords(warning, now);
            return (
              <li key={title} className={classes.warning} data-tone={tone}>
                <IconInfoCircle size={17} stroke={1.5} aria-hidden />
                <span>
                  <b>{title}.</b> {detail}
                  {warning.kind === 'sent_before' && warning.accountId && (
                    <>
                      {' '}
                      <AppLink to={paths.account(warning.accountId)} underline="always">
                        All that went to {warning.accountName}
                      </AppLink>
                    </>
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </div>
  );
}
