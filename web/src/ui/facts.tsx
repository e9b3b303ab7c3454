import { Children, isValidElement, type ReactNode } from 'react';
import classes from './facts.module.css';

/** Facts in a line with a dot between them; what is not known is left out. */
export function Facts({ children }: { children: ReactNode }) {
  return (
    <span className={classes.facts}>
      {Children.toArray(children).map((fact) => (
        <span key={isValidElement(fact) ? fact.key : String(fact)} className={classes.fact}>
          {fact}
        </span>
      ))}
    </span>
  );
}
