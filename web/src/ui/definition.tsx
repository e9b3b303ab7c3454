import { Anchor, Popover, UnstyledButton } from '@mantine/core';
import type { Metric } from '@offshelf/server/contract/analytics';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { paths } from '../lib/paths.ts';
import classes from './definition.module.css';

interface DefinitionProps {
  /** What opens it, such as the name of the number. */
  children: ReactNode;
  metrics: readonly Metric[];
}

/** How a number is counted, one click beside it, in the words of the glossary. */
export function Definition({ children, metrics }: DefinitionProps) {
  const [isOpen, setIsOpen] = useState(false);
  const first = metrics[0];
  if (!first) return <>{children}</>;
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      width={400}
      position="bottom-start"
      trapFocus
      returnFocus
      shadow="md"
    >
      <Popover.Target>
        <UnstyledButton
          className={classes.trigger}
          data-defines={metrics.map(({ key }) => key).join(' ')}
          aria-expanded={isOpen}
          onClick={() => setIsOpen((was) => !was)}
        >
          {children}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={`Definition: ${first.name}`}>
        <DefinitionList metrics={metrics} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Names and definitions of metrics, and the way to the rest of the glossary. */
export function DefinitionList({ metrics }: { metrics: readonly Metric[] }) {
  return (
    <>
      <dl className={classes.list}>
        {metrics.map((metric) => (
          <div key={metric.key}>
            <dt>{metric.name}</dt>
            <dd>{metric.definition}</dd>
          </div>
        ))}
      </dl>
      {metrics[0] && <GlossaryLink metricKey={metrics[0].key} />}
    </>
  );
}

function GlossaryLink({ metricKey }: { metricKey: string }) {
  const anchor = { component: Link, to: paths.glossary, hash: metricKey } as object;
  return (
    <Anchor {...anchor} className={classes.more}>
      All numbers in the glossary
    </Anchor>
  );
}
