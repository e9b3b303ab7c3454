import { Button, type ButtonProps, Popover } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import classes from './confirm-button.module.css';

interface ConfirmButtonProps extends ButtonProps {
  children: ReactNode;
  /** What will happen, in a sentence: "Anna is signed out at once." */
  question: ReactNode;
  /** The verb again: "Deactivate". */
  confirmLabel: string;
  /** It takes long or costs something, but nothing is lost by it. */
  isHarmless?: boolean;
  onConfirm: () => unknown;
}

/** Asks beside the button instead of in another dialog. Prefer an undo; this is for what can't be undone. */
export function ConfirmButton({
  children,
  question,
  confirmLabel,
  isHarmless = false,
  onConfirm,
  ...props
}: ConfirmButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setIsOpen} position="bottom-end" trapFocus returnFocus withinPortal>
      <Popover.Target>
        <Button variant="default" {...props} onClick={() => setIsOpen((was) => !was)}>
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={confirmLabel}>
        <p className={classes.question}>{question}</p>
        <div className={classes.choices}>
          <Button size="xs" variant="default" onClick={() => setIsOpen(false)} data-autofocus>
            {isHarmless ? 'Not now' : 'Keep'}
          </Button>
          <Button
            size="xs"
            {...(!isHarmless && { color: 'red' })}
            onClick={() => {
              setIsOpen(false);
              onConfirm();
            }}
          >
            {confirmLabel}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
