import { Button, type ButtonProps, Popover, type PopoverProps } from '@mantine/core';
import { type ReactNode, useState } from 'react';

interface PopoverButtonProps extends Omit<ButtonProps, 'children'>, Pick<PopoverProps, 'position' | 'width'> {
  label: string;
  /** What the button does, where its label alone doesn't say it. */
  'aria-label'?: string;
  /** What the popover is about; else the label. */
  about?: string;
  /** Of the popover. */
  dropdownClassName?: string | undefined;
  children: (close: () => void) => ReactNode;
}

/** A button that opens a small form beside it, which is made anew each time. */
export function PopoverButton({
  label,
  about = label,
  dropdownClassName,
  position = 'bottom-end',
  width,
  children,
  ...props
}: PopoverButtonProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Popover
      opened={isOpen}
      onChange={setIsOpen}
      position={position}
      width={width}
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        <Button variant="default" {...props} aria-expanded={isOpen} onClick={() => setIsOpen((was) => !was)}>
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={about} className={dropdownClassName}>
        {children(() => setIsOpen(false))}
      </Popover.Dropdown>
    </Popover>
  );
}
