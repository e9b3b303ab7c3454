import { Button, type ButtonProps } from '@mantine/core';
import { useId } from 'react';
import { Hint } from './hint.tsx';

interface ReasonedButtonProps extends ButtonProps {
  /** Why it can't be pressed now; undefined where it can. */
  reason: string | undefined;
  onClick: () => void;
  'aria-label'?: string;
  tabIndex?: number | undefined;
}

/** A button that says why not; it stays reachable, so that everybody can read the reason. */
export function ReasonedButton({ reason, onClick, ...props }: ReasonedButtonProps) {
  const reasonId = useId();
  const button = (
    <Button
      {...props}
      {...(reason && { 'data-disabled': true, 'aria-disabled': true, 'aria-describedby': reasonId })}
      onClick={() => !reason && onClick()}
    />
  );
  if (!reason) return button;
  return (
    <>
      <Hint label={reason} multiline maw={260} delayMs={100}>
        {button}
      </Hint>
      <span id={reasonId} className="only-heard">
        {reason}
      </span>
    </>
  );
}
