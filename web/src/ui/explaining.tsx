import { UnstyledButton } from '@mantine/core';
import { createContext, useContext } from 'react';
import classes from './bits.module.css';

/** The visit of which somebody wants to know why it counts as it does, and how the page speaks of it. */
export interface ExplainedVisit {
  visitId: string;
  /** Such as "Ada Ng, 22 November 14:02, Safari on iPhone". */
  about: string;
}

/** Visits are shown by many features and explained by one; the app puts that one in here. */
export const ExplainingContext = createContext<(visit: ExplainedVisit) => void>(() => undefined);

/** Opens why a visit counts as a person's or not, with a way to say what it really was. */
export function WhyButton({ visitId, about }: ExplainedVisit) {
  const explain = useContext(ExplainingContext);
  return (
    <UnstyledButton
      className={classes.why}
      aria-label={`Why we think so: ${about}`}
      onClick={() => explain({ visitId, about })}
    >
      Why we think so
    </UnstyledButton>
  );
}
