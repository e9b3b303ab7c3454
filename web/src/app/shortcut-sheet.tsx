import { Modal } from '@mantine/core';
import { useShortcuts } from '../lib/shortcuts.ts';
import { Keys } from '../ui/words.tsx';
import classes from './shortcut-sheet.module.css';

/** Lists what is really bound on the page that is open. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const shortcuts = useShortcuts();
  const groups = Map.groupBy(shortcuts, (shortcut) => shortcut.group);
  return (
    <Modal opened onClose={onClose} title="Shortcuts" size={680}>
      <div className={classes.groups}>
        {[...groups].reverse().map(([group, entries]) => (
          <section key={group} className={classes.group}>
            <h3 className={classes.heading}>{group}</h3>
            <dl className={classes.list}>
              {[...Map.groupBy(entries, (entry) => entry.label)].map(([label, ways]) => (
                <div key={label} className={classes.line}>
                  <dt>{label}</dt>
                  {ways.map(({ keys }) => (
                    <dd key={keys}>
                      <Keys keys={keys} />
                    </dd>
                  ))}
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Modal>
  );
}
