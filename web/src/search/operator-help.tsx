import { useState } from 'react';
import { Sheet } from '../ui/panels.tsx';
import { operators } from './completion.ts';
import classes from './situation.module.css';

const signs = [
  { example: '"single sign-on"', says: 'These words just as they stand' },
  { example: '-webinar', says: 'Without this word' },
  { example: 'type:"case study",battlecard', says: 'One or the other' },
];

/** What can be typed besides words, for those who want it. */
export function OperatorHelp({ isHome }: { isHome: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={classes.help}
        data-home={isHome || undefined}
        onClick={() => setIsOpen(true)}
      >
        Search tips
      </button>
      <Sheet isOpen={isOpen} onClose={() => setIsOpen(false)} title="Search tips">
        <div className={classes.tips}>
          <p>
            Say it as you would to a colleague: “CFO at a bank, late stage, says we’re too expensive”. What is
            recognised stands below the box, and you can take it back. Their whole e-mail works, too.
          </p>
          <section>
            <h3 className={classes.tipsHeading}>To be exact</h3>
            <dl className={classes.operators}>
              {[...signs, ...operators].map(({ example, says }) => (
                <div key={example}>
                  <dt>
                    <code>{example}</code>
                  </dt>
                  <dd>{says}</dd>
                </div>
              ))}
            </dl>
          </section>
          <p className="quiet">Type the word and its colon, and you can choose from what there is.</p>
        </div>
      </Sheet>
    </>
  );
}
