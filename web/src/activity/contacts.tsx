import { CopyButton } from '../ui/copy-button.tsx';
import classes from './account-page.module.css';

export interface Contact {
  id: string;
  name: string;
  email: string | null;
  /** What is to be said of them besides. */
  heard?: string;
}

/** The people at an account, with their addresses to copy. */
export function Contacts({ contacts, title = 'Contacts' }: { contacts: readonly Contact[]; title?: string }) {
  if (contacts.length === 0) return null;
  return (
    <section aria-labelledby="account-contacts">
      <h2 id="account-contacts" className={classes.sideHeading}>
        {title}
      </h2>
      <ul className={classes.list}>
        {contacts.map(({ id, name, email, heard }) => (
          <li key={id} className={`${classes.item} ${classes.contact}`}>
            <span className={classes.itemWords}>
              {name}
              {email && <span className={classes.under}>{email}</span>}
              {heard && <span className={classes.under}>{heard}</span>}
            </span>
            {email && (
              <CopyButton
                value={email}
                label="Copy"
                aria-label={`Copy the address of ${name}`}
                variant="subtle"
                color="gray"
                size="compact-sm"
              />
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
